#include "tools/sample/names.h"

#include <span>

#include "fmt/format.h"
#include "tools/sample/draw.h"

namespace redress::sample {
namespace {

using Parts = std::span<const std::string_view>;
using Part = std::string_view;

// Which part comes first.
enum class Order { kFamilyFirst, kGivenFirst };

struct NameParts {
  Part nationality;
  Order order;
  Parts family;
  Parts women;
  Parts men;
};

constexpr Part kKhmerFamily[] = {"Sok",  "Chan", "Chea", "Heng", "Kong", "Lim", "Long", "Meas",
                                 "Nuon", "Oum",  "Pich", "Prak", "Ros",  "Sao", "Seng", "Tep"};
constexpr Part kKhmerWomen[] = {"Bopha",  "Chanthou", "Dalin",    "Kunthea",  "Leakena", "Phalla",
                                "Pisey",  "Reaksmey", "Sophea",   "Sreymom",  "Thida",   "Vanna",
                                "Kalyan", "Sopheap",  "Channary", "Sreyneang"};
constexpr Part kKhmerMen[] = {"Bora",   "Chamroeun", "Dara",  "Kosal",   "Makara",  "Narith",
                              "Phirun", "Piseth",    "Rithy", "Sambath", "Samnang", "Sothea",
                              "Sovann", "Veasna",    "Vibol", "Vuthy"};
constexpr Part kKhmerScriptFamily[] = {"សុខ", "ចាន់", "ជា", "ហេង", "គង់", "លឹម", "មាស", "សេង"};
constexpr Part kKhmerScriptWomen[] = {"បុប្ផា", "ចាន់ធូ", "គន្ធា", "សុភា", "ធីតា", "ស្រីមុំ"};
constexpr Part kKhmerScriptMen[] = {"ដារ៉ា", "បូរ៉ា", "សំណាង", "ពិសិដ្ឋ", "រតនៈ", "វាសនា"};

constexpr Part kVietnameseFamily[] = {"Nguyễn", "Trần", "Lê",  "Phạm", "Hoàng", "Phan",
                                      "Vũ",     "Đặng", "Bùi", "Đỗ",   "Hồ",    "Dương"};
constexpr Part kVietnameseWomen[] = {"Thị Hoa", "Thị Lan",   "Thị Mai",  "Ngọc Anh",  "Thị Hồng",
                                     "Thu Hà",  "Thị Nhung", "Thị Thảo", "Thu Trang", "Thị Yến"};
constexpr Part kVietnameseMen[] = {"Văn Hùng",  "Văn Nam",  "Đức Anh",  "Minh Tuấn", "Văn Dũng",
                                   "Quốc Việt", "Văn Long", "Đình Sơn", "Văn Thắng", "Hữu Phúc"};

constexpr Part kThaiFamily[] = {"Srisuk",    "Thongdee",   "Chaiyo", "Boonmee", "Kaewkla",
                                "Phromsiri", "Saengthong", "Wongsa", "Jaidee",  "Rattana"};
constexpr Part kThaiWomen[] = {"Malee", "Somying", "Kanya",   "Pranee",
                               "Wilai", "Nittaya", "Duangjai"};
constexpr Part kThaiMen[] = {"Somchai", "Prasit", "Wichai", "Anan", "Manop", "Surasak", "Thawee"};
constexpr Part kThaiScriptFamily[] = {"ศรีสุข", "ทองดี", "บุญมี", "แก้วกล้า", "แสงทอง", "ใจดี"};
constexpr Part kThaiScriptWomen[] = {"มาลี", "กัญญา", "ปราณี", "วิไล", "นิตยา"};
constexpr Part kThaiScriptMen[] = {"สมชาย", "ประสิทธิ์", "วิชัย", "อนันต์", "มานพ"};

// Burmese names have no family part; both halves are the person's own.
constexpr Part kBurmeseEnds[] = {"Moe", "Oo", "Htun", "Lwin", "Win", "Naing", "Khaing", "Soe"};
constexpr Part kBurmeseWomen[] = {"Thin Thin", "Khin Mar", "Aye Aye",
                                  "Su Su",     "Nwe Nwe",  "Ei Phyu"};
constexpr Part kBurmeseMen[] = {"Aung Kyaw", "Min Zaw",    "Ko Ko",
                                "Zaw Min",   "Thet Paing", "Ye Htet"};
constexpr Part kBurmeseScriptEnds[] = {"မိုး", "ဦး", "ထွန်း", "လွင်", "ဝင်း", "စိုး"};
constexpr Part kBurmeseScriptWomen[] = {"သင်းသင်း", "ခင်မာ", "အေးအေး", "စုစု"};
constexpr Part kBurmeseScriptMen[] = {"အောင်ကျော်", "မင်းဇော်", "ကိုကို", "ဇော်မင်း"};

constexpr Part kNepaliFamily[] = {"Tamang", "Gurung",    "Magar", "Thapa",    "Rai",
                                  "Limbu",  "Chaudhary", "Karki", "Shrestha", "Adhikari"};
constexpr Part kNepaliWomen[] = {"Sita", "Gita", "Maya", "Sunita", "Laxmi", "Kamala", "Bimala"};
constexpr Part kNepaliMen[] = {"Ram Bahadur", "Krishna", "Dil Bahadur", "Suresh", "Prem", "Bishnu"};
constexpr Part kNepaliScriptFamily[] = {"तामाङ", "गुरुङ", "मगर", "थापा", "राई", "चौधरी"};
constexpr Part kNepaliScriptWomen[] = {"सीता", "गीता", "माया", "सुनिता", "लक्ष्मी"};
constexpr Part kNepaliScriptMen[] = {"राम बहादुर", "कृष्ण", "दिल बहादुर", "सुरेश", "प्रेम"};

constexpr Part kIndonesianEnds[] = {"Wahyuni", "Lestari", "Hidayat",  "Santoso", "Rahayu",
                                    "Saputra", "Kurnia",  "Setiawan", "Pratiwi", "Utami"};
constexpr Part kIndonesianWomen[] = {"Sri", "Siti", "Dewi", "Nur", "Endang", "Yuliana", "Tuti"};
constexpr Part kIndonesianMen[] = {"Ahmad", "Budi", "Agus", "Slamet", "Joko", "Dedi", "Rudi"};

constexpr Part kFilipinoFamily[] = {"Dela Cruz", "Santos", "Reyes",  "Garcia",     "Mendoza",
                                    "Bautista",  "Ramos",  "Aquino", "Villanueva", "Castillo"};
constexpr Part kFilipinoWomen[] = {"Maricel", "Jocelyn", "Rosalie", "Analyn", "Lorna", "Cristina"};
constexpr Part kFilipinoMen[] = {"Jerome", "Rodel", "Arnel", "Danilo", "Ronaldo", "Mark Anthony"};

constexpr Part kBangladeshiEnds[] = {"Islam", "Hossain", "Rahman", "Ahmed", "Mia", "Sheikh"};
constexpr Part kBangladeshiWomen[] = {"Rokeya", "Fatema", "Salma", "Nasima", "Shahida", "Rina"};
constexpr Part kBangladeshiMen[] = {"Rafiqul", "Kamal", "Jahangir", "Shafiq", "Abdul", "Nazrul"};

constexpr Part kIndianFamily[] = {"Kumar", "Yadav", "Reddy", "Nair", "Prasad", "Singh", "Pillai"};
constexpr Part kIndianWomen[] = {"Lakshmi", "Sunita", "Anitha", "Rekha", "Saroja", "Meena"};
constexpr Part kIndianMen[] = {"Ramesh", "Suresh", "Vijay", "Mohan", "Rajesh", "Ganesh"};

constexpr Part kSriLankanFamily[] = {"Perera",  "Silva",  "Fernando",  "Jayasinghe",
                                     "Bandara", "Kumari", "Nadarajah", "Dissanayake"};
constexpr Part kSriLankanWomen[] = {"Kusum", "Nilanthi", "Chandrika", "Malini", "Sriyani"};
constexpr Part kSriLankanMen[] = {"Nimal", "Sunil", "Ruwan", "Ajith", "Lakshman"};

constexpr Part kLaoFamily[] = {"Phommachanh", "Sengdara", "Vongsa", "Keomany", "Souvannavong"};
constexpr Part kLaoWomen[] = {"Bouavanh", "Noy", "Khamla", "Chansouk", "Manivanh"};
constexpr Part kLaoMen[] = {"Bounmy", "Khamphone", "Somphone", "Thongchanh", "Vilay"};

constexpr Part kChineseFamily[] = {"Wang", "Li", "Zhang", "Liu", "Chen", "Yang"};
constexpr Part kChineseWomen[] = {"Xiulan", "Meiling", "Fang", "Hong", "Yan"};
constexpr Part kChineseMen[] = {"Jianguo", "Wei", "Qiang", "Jun", "Guoping"};

constexpr Part kMalaysianEnds[] = {"Ismail", "Osman", "Yusof", "Hamzah", "Zakaria", "Mansor"};
constexpr Part kMalaysianWomen[] = {"Aminah binti", "Rohani binti", "Zainab binti",
                                    "Norhayati binti"};
constexpr Part kMalaysianMen[] = {"Azman bin", "Razali bin", "Kamarul bin", "Faizal bin"};

constexpr NameParts kNames[] = {
    {"KH", Order::kFamilyFirst, kKhmerFamily, kKhmerWomen, kKhmerMen},
    {"VN", Order::kFamilyFirst, kVietnameseFamily, kVietnameseWomen, kVietnameseMen},
    {"TH", Order::kGivenFirst, kThaiFamily, kThaiWomen, kThaiMen},
    {"MM", Order::kGivenFirst, kBurmeseEnds, kBurmeseWomen, kBurmeseMen},
    {"NP", Order::kGivenFirst, kNepaliFamily, kNepaliWomen, kNepaliMen},
    {"ID", Order::kGivenFirst, kIndonesianEnds, kIndonesianWomen, kIndonesianMen},
    {"PH", Order::kGivenFirst, kFilipinoFamily, kFilipinoWomen, kFilipinoMen},
    {"BD", Order::kGivenFirst, kBangladeshiEnds, kBangladeshiWomen, kBangladeshiMen},
    {"IN", Order::kGivenFirst, kIndianFamily, kIndianWomen, kIndianMen},
    {"LK", Order::kGivenFirst, kSriLankanFamily, kSriLankanWomen, kSriLankanMen},
    {"LA", Order::kGivenFirst, kLaoFamily, kLaoWomen, kLaoMen},
    {"CN", Order::kFamilyFirst, kChineseFamily, kChineseWomen, kChineseMen},
    {"MY", Order::kGivenFirst, kMalaysianEnds, kMalaysianWomen, kMalaysianMen}};

// The same countries' own scripts, where a desk would write it down so.
constexpr NameParts kOwnScript[] = {
    {"KH", Order::kFamilyFirst, kKhmerScriptFamily, kKhmerScriptWomen, kKhmerScriptMen},
    {"TH", Order::kGivenFirst, kThaiScriptFamily, kThaiScriptWomen, kThaiScriptMen},
    {"MM", Order::kGivenFirst, kBurmeseScriptEnds, kBurmeseScriptWomen, kBurmeseScriptMen},
    {"NP", Order::kGivenFirst, kNepaliScriptFamily, kNepaliScriptWomen, kNepaliScriptMen}};
constexpr uint64_t kOwnScriptPermille = 250;

const NameParts* Find(std::span<const NameParts> lists, std::string_view nationality) {
  for (const NameParts& one : lists) {
    if (one.nationality == nationality) return &one;
  }
  return nullptr;
}

constexpr Part kFirmFirst[] = {"Golden", "Bright", "Eastern", "Silver",  "Green",     "Royal",
                               "New",    "Grand",  "United",  "Pacific", "Evergreen", "Lucky"};
constexpr Part kFirmSecond[] = {"Lotus", "River", "Harbour", "Star",  "Bamboo", "Crown",
                                "Delta", "Coral", "Orchid",  "Pearl", "Summit", "Heron"};
constexpr Part kFirmKind[] = {"Industries", "Trading",    "Services",
                              "Holdings",   "Enterprise", "Works"};
constexpr Part kAgencyKind[] = {"Manpower", "Overseas Placement", "Labour Supply", "Recruitment"};

std::string_view FirmEnding(std::string_view country) {
  if (country == "MY") return "Sdn Bhd";
  if (country == "SG") return "Pte Ltd";
  if (country == "KW" || country == "SA" || country == "QA" || country == "OM") return "WLL";
  if (country == "AE" || country == "BH") return "LLC";
  return "Co Ltd";
}

}  // namespace

bool HasNames(std::string_view nationality) { return Find(kNames, nationality) != nullptr; }

std::string InventPerson(std::string_view nationality, std::string_view sex, RandomSource& random) {
  const NameParts* parts = nullptr;
  if (Chance(kOwnScriptPermille, random)) parts = Find(kOwnScript, nationality);
  if (parts == nullptr) parts = Find(kNames, nationality);
  if (parts == nullptr) parts = &kNames[0];
  const bool woman = sex == "FEMALE" || (sex != "MALE" && Chance(500, random));
  const Part given = PickOne<Part>(woman ? parts->women : parts->men, random);
  const Part family = PickOne<Part>(parts->family, random);
  if (parts->order == Order::kFamilyFirst) return fmt::format("{} {}", family, given);
  return fmt::format("{} {}", given, family);
}

std::string InventFirm(std::string_view country, RandomSource& random) {
  const Part first = PickOne<Part>(kFirmFirst, random);
  const Part second = PickOne<Part>(kFirmSecond, random);
  const Part kind = PickOne<Part>(kFirmKind, random);
  if (country == "ID") return fmt::format("PT {} {} {}", first, second, kind);
  return fmt::format("{} {} {} {}", first, second, kind, FirmEnding(country));
}

std::string InventAgency(std::string_view country, RandomSource& random) {
  const Part first = PickOne<Part>(kFirmFirst, random);
  const Part second = PickOne<Part>(kFirmSecond, random);
  const Part kind = PickOne<Part>(kAgencyKind, random);
  if (country == "ID") return fmt::format("PT {} {} {}", first, second, kind);
  return fmt::format("{} {} {} {}", first, second, kind, FirmEnding(country));
}

}  // namespace redress::sample
