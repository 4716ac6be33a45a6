#include "tools/sample/proportions.h"

namespace redress::sample {
namespace {

// --- Categories ---

constexpr Share kWfwCategories[] = {
    {"WAGE_NONPAYMENT", 6393},    {"WORK_FROM_HOME", 3095},
    {"UNLAWFUL_DEDUCTION", 2895}, {"UNLAWFUL_TERMINATION", 2768},
    {"WAGE_BELOW_MINIMUM", 2424}, {"OVERTIME_OR_BENEFIT_UNPAID", 2298},
    {"NO_CONTRACT", 1577}};
constexpr CategoryShares kWfw{"wfw-malaysia-to-2024-02", kWfwCategories, 12706};

constexpr Share kBp2mi2021Categories[] = {{"REPATRIATION_WANTED", 508},
                                          {"WAGE_NONPAYMENT", 216},
                                          {"DEATH_REMAINS", 172},
                                          {"DEPLOYMENT_DELAY", 147}};
constexpr CategoryShares kBp2mi2021{"bp2mi-2021", kBp2mi2021Categories, 659};

constexpr Share kBp2mi2023Categories[] = {{"REPATRIATION_WANTED", 270},
                                          {"OVERCHARGED_FEES", 132},
                                          {"DEPLOYMENT_DELAY", 84},
                                          {"RECRUITMENT_FRAUD", 44},
                                          {"TRAFFICKING", 29}};
constexpr CategoryShares kBp2mi2023{"bp2mi-2023-h1", kBp2mi2023Categories, 339};

// Per cent of Cambodia's cases.
constexpr Share kIloCambodiaCategories[] = {{"DEPLOYMENT_DELAY", 61}};
constexpr CategoryShares kIloCambodia{"ilo-gms-2011-2015", kIloCambodiaCategories, 39};

// Assumed: how what the tables leave unexplained falls on the categories.
constexpr Share kUnpublishedSpread[] = {{"WAGE_NONPAYMENT", 150},
                                        {"WAGE_UNDERPAYMENT", 110},
                                        {"WAGE_BELOW_MINIMUM", 40},
                                        {"UNLAWFUL_DEDUCTION", 60},
                                        {"OVERTIME_OR_BENEFIT_UNPAID", 60},
                                        {"UNLAWFUL_TERMINATION", 45},
                                        {"NO_CONTRACT", 20},
                                        {"CONTRACT_SUBSTITUTION", 70},
                                        {"CONTRACT_BREACH", 60},
                                        {"EXCESSIVE_HOURS_NO_REST", 45},
                                        {"CONFINEMENT", 12},
                                        {"PHYSICAL_VIOLENCE", 15},
                                        {"SEXUAL_ABUSE", 8},
                                        {"AUTHORITY_HARASSMENT", 8},
                                        {"DOCUMENT_RETENTION", 70},
                                        {"DEPLOYMENT_DELAY", 30},
                                        {"RECRUITMENT_FRAUD", 40},
                                        {"OVERCHARGED_FEES", 45},
                                        {"UNLICENSED_RECRUITMENT", 25},
                                        {"MISSING_PERSON", 20},
                                        {"FORCED_CONTRACT_EXTENSION", 12},
                                        {"REPATRIATION_WANTED", 30},
                                        {"DETAINED_OR_DEPORTED", 22},
                                        {"INJURY_OR_ILLNESS", 35},
                                        {"DEATH_REMAINS", 15},
                                        {"PERMIT_OR_DOCUMENT_PROBLEM", 35},
                                        {"SOCIAL_SECURITY", 20},
                                        {"FREEDOM_OF_ASSOCIATION", 6},
                                        {"HOUSING_CONDITIONS", 20},
                                        {"RETALIATION", 8},
                                        {"COMPENSATION_DISPUTE", 18},
                                        {"CHILD_LABOUR", 3},
                                        {"FORCED_LABOUR", 10},
                                        {"TRAFFICKING", 8},
                                        {"OTHER", 20}};

// --- Channels ---

// bp2mi-2021: 647 of 1,702 by letter; how the others came is assumed.
constexpr Share kIndonesianChannels[] = {
    {"LETTER", 647}, {"IN_PERSON", 420},   {"PHONE", 240}, {"MESSAGING", 190},
    {"E_MAIL", 95},  {"SOCIAL_MEDIA", 60}, {"WEB", 35},    {"EMBASSY", 15}};
constexpr Share kChannels[] = {{"IN_PERSON", 38}, {"PHONE", 20}, {"MESSAGING", 12},
                               {"OUTREACH", 9},   {"WEB", 6},    {"SOCIAL_MEDIA", 5},
                               {"EMBASSY", 4},    {"LETTER", 3}, {"OPEN_HOUSE", 1},
                               {"SMS", 1},        {"E_MAIL", 1}};

// --- Corridors ---

// ilo-gms-2011-2015: 56 % of the workers in Thailand. The others are assumed.
constexpr CorridorShare kCambodia[] = {{"KH", "TH", 56}, {"KH", "MY", 20}, {"KH", "KR", 9},
                                       {"KH", "JP", 4},  {"KH", "SG", 2},  {"KH", "HK", 2},
                                       {"KH", "SA", 1},  {"KH", "TW", 1},  {"VN", "KH", 2},
                                       {"CN", "KH", 1},  {"KH", "KH", 2}};
// bp2mi-2023-h1: SA 261, MY 137, HK 117 of 898. How the other 383 fall is assumed.
constexpr CorridorShare kIndonesia[] = {{"ID", "SA", 261}, {"ID", "MY", 137}, {"ID", "HK", 117},
                                        {"ID", "TW", 112}, {"ID", "AE", 80},  {"ID", "SG", 64},
                                        {"ID", "KR", 47},  {"ID", "KW", 25},  {"ID", "JO", 20},
                                        {"ID", "QA", 15},  {"ID", "OM", 12},  {"ID", "JP", 8}};
// india-gulf-2019-06-30.
constexpr CorridorShare kIndia[] = {{"IN", "KW", 2377}, {"IN", "SA", 2244}, {"IN", "OM", 1764},
                                    {"IN", "AE", 1477}, {"IN", "QA", 1459}, {"IN", "BH", 450}};
// All that follow are assumed.
constexpr CorridorShare kMalaysia[] = {{"ID", "MY", 28}, {"BD", "MY", 26}, {"NP", "MY", 16},
                                       {"MM", "MY", 10}, {"MY", "MY", 6},  {"IN", "MY", 5},
                                       {"PH", "MY", 3},  {"KH", "MY", 2},  {"VN", "MY", 2},
                                       {"LK", "MY", 1},  {"TH", "MY", 1}};
constexpr CorridorShare kVietnam[] = {{"VN", "TW", 34}, {"VN", "JP", 28}, {"VN", "KR", 18},
                                      {"VN", "MY", 8},  {"VN", "SA", 4},  {"VN", "SG", 3},
                                      {"VN", "AE", 2},  {"VN", "VN", 3}};
constexpr CorridorShare kThailand[] = {{"MM", "TH", 58}, {"KH", "TH", 18}, {"LA", "TH", 9},
                                       {"TH", "TW", 5},  {"TH", "KR", 4},  {"TH", "IL", 3},
                                       {"VN", "TH", 1},  {"TH", "TH", 2}};
constexpr CorridorShare kPhilippines[] = {
    {"PH", "SA", 30}, {"PH", "KW", 14}, {"PH", "AE", 14}, {"PH", "HK", 13}, {"PH", "QA", 9},
    {"PH", "SG", 6},  {"PH", "TW", 5},  {"PH", "MY", 4},  {"PH", "JP", 3},  {"PH", "JO", 2}};
constexpr CorridorShare kNepal[] = {{"NP", "MY", 33}, {"NP", "QA", 20}, {"NP", "SA", 19},
                                    {"NP", "AE", 14}, {"NP", "KW", 7},  {"NP", "BH", 2},
                                    {"NP", "OM", 2},  {"NP", "KR", 2},  {"NP", "JP", 1}};
constexpr CorridorShare kBangladesh[] = {{"BD", "SA", 46}, {"BD", "MY", 19}, {"BD", "AE", 10},
                                         {"BD", "OM", 8},  {"BD", "QA", 7},  {"BD", "KW", 4},
                                         {"BD", "SG", 3},  {"BD", "JO", 2},  {"BD", "KR", 1}};
constexpr CorridorShare kSriLanka[] = {{"LK", "SA", 31}, {"LK", "KW", 24}, {"LK", "QA", 14},
                                       {"LK", "AE", 13}, {"LK", "JO", 6},  {"LK", "OM", 5},
                                       {"LK", "KR", 4},  {"LK", "MY", 2},  {"LK", "SG", 1}};
constexpr CorridorShare kMyanmar[] = {{"MM", "TH", 68}, {"MM", "MY", 17}, {"MM", "SG", 6},
                                      {"MM", "KR", 4},  {"MM", "JP", 4},  {"MM", "MM", 1}};
constexpr CorridorShare kLaos[] = {
    {"LA", "TH", 92}, {"LA", "KR", 4}, {"LA", "JP", 2}, {"LA", "LA", 2}};

constexpr NodeProportions kNodes[] = {{"kh", kIloCambodia, kCambodia, kChannels},
                                      {"my", kWfw, kMalaysia, kChannels},
                                      {"vn", kBp2mi2021, kVietnam, kChannels},
                                      {"th", kWfw, kThailand, kChannels},
                                      {"id", kBp2mi2023, kIndonesia, kIndonesianChannels},
                                      {"ph", kBp2mi2021, kPhilippines, kChannels},
                                      {"np", kBp2mi2021, kNepal, kChannels},
                                      {"bd", kBp2mi2021, kBangladesh, kChannels},
                                      {"in", kBp2mi2021, kIndia, kChannels},
                                      {"lk", kBp2mi2021, kSriLanka, kChannels},
                                      {"mm", kBp2mi2021, kMyanmar, kChannels},
                                      {"la", kBp2mi2021, kLaos, kChannels}};

// --- Sectors and sexes, assumed ---

constexpr Share kEastAsia[] = {{"MANUFACTURING", 58}, {"CARE", 12},   {"CONSTRUCTION", 12},
                               {"AGRICULTURE", 8},    {"FISHING", 6}, {"DOMESTIC_WORK", 2},
                               {"OTHER", 2}};
constexpr Share kMalaysiaSectors[] = {
    {"MANUFACTURING", 36}, {"CONSTRUCTION", 22}, {"PLANTATION", 17}, {"DOMESTIC_WORK", 8},
    {"HOSPITALITY", 6},    {"AGRICULTURE", 6},   {"TRANSPORT", 2},   {"UNSPECIFIED", 3}};
constexpr Share kThailandSectors[] = {
    {"CONSTRUCTION", 27}, {"MANUFACTURING", 22}, {"SEAFOOD_PROCESSING", 13},
    {"AGRICULTURE", 12},  {"FISHING", 10},       {"DOMESTIC_WORK", 7},
    {"HOSPITALITY", 5},   {"AQUAFARMING", 2},    {"UNSPECIFIED", 2}};
constexpr Share kCityHouseholds[] = {{"DOMESTIC_WORK", 68}, {"CONSTRUCTION", 14},
                                     {"HOSPITALITY", 7},    {"CARE", 6},
                                     {"MANUFACTURING", 3},  {"TRANSPORT", 2}};
constexpr Share kGulf[] = {{"DOMESTIC_WORK", 42}, {"CONSTRUCTION", 28}, {"TRANSPORT", 9},
                           {"HOSPITALITY", 8},    {"OTHER", 6},         {"MANUFACTURING", 4},
                           {"AGRICULTURE", 3}};
constexpr Share kAnywhere[] = {{"MANUFACTURING", 34}, {"CONSTRUCTION", 24}, {"AGRICULTURE", 16},
                               {"HOSPITALITY", 8},    {"TOURISM", 4},       {"MINING", 3},
                               {"TRANSPORT", 3},      {"OTHER", 4},         {"UNSPECIFIED", 4}};

Shares SectorsOf(std::string_view country) {
  if (country == "MY") return kMalaysiaSectors;
  if (country == "TH") return kThailandSectors;
  if (country == "KR" || country == "JP" || country == "TW") return kEastAsia;
  if (country == "HK" || country == "SG") return kCityHouseholds;
  constexpr std::string_view kGulfAndJordan[] = {"SA", "KW", "AE", "QA", "OM", "BH", "JO"};
  for (std::string_view gulf : kGulfAndJordan) {
    if (country == gulf) return kGulf;
  }
  return kAnywhere;
}

// Women in 1,000.
constexpr Share kWomen[] = {
    {"DOMESTIC_WORK", 930}, {"CARE", 880},        {"SEAFOOD_PROCESSING", 560},
    {"HOSPITALITY", 500},   {"TOURISM", 500},     {"MANUFACTURING", 460},
    {"AGRICULTURE", 400},   {"AQUAFARMING", 300}, {"PLANTATION", 250},
    {"CONSTRUCTION", 180},  {"TRANSPORT", 30},    {"MINING", 30},
    {"FISHING", 20}};
constexpr uint32_t kWomenElsewhere = 420;

}  // namespace

const NodeProportions* ProportionsOf(std::string_view node) {
  for (const NodeProportions& one : kNodes) {
    if (one.node == node) return &one;
  }
  return nullptr;
}

std::vector<std::string_view> KnownNodes() {
  std::vector<std::string_view> nodes;
  for (const NodeProportions& one : kNodes) nodes.push_back(one.node);
  return nodes;
}

std::string_view PickCategory(const CategoryShares& shares, RandomSource& random) {
  const uint64_t published = TotalWeight(shares.published);
  if (Below(published + shares.rest, random) < published) {
    return PickShare(shares.published, random);
  }
  for (;;) {  // Ends: no table names all categories.
    const std::string_view code = PickShare(kUnpublishedSpread, random);
    bool named = false;
    for (const Share& share : shares.published) named = named || share.value == code;
    if (!named) return code;
  }
}

const CorridorShare& PickCorridor(std::span<const CorridorShare> corridors, RandomSource& random) {
  uint64_t total = 0;
  for (const CorridorShare& corridor : corridors) total += corridor.weight;
  uint64_t left = Below(total, random);
  for (const CorridorShare& corridor : corridors) {
    if (left < corridor.weight) return corridor;
    left -= corridor.weight;
  }
  return corridors.back();
}

std::string_view PickSector(std::string_view destination, RandomSource& random) {
  return PickShare(SectorsOf(destination), random);
}

std::string_view PickSex(std::string_view sector, RandomSource& random) {
  if (Chance(3, random)) return "OTHER";
  if (Chance(7, random)) return "UNKNOWN";
  uint32_t women = kWomenElsewhere;
  for (const Share& share : kWomen) {
    if (share.value == sector) women = share.weight;
  }
  return Chance(women, random) ? "FEMALE" : "MALE";
}

uint32_t PickGroupSize(RandomSource& random) {
  // 205 groups in 1,000, on average of 33.2: (795 + 205 × 33.2) / 1,000 = 7.6.
  if (!Chance(205, random)) return 1;
  const uint64_t kind = Below(100, random);
  if (kind < 30) return static_cast<uint32_t>(Between(2, 5, random));
  if (kind < 65) return static_cast<uint32_t>(Between(6, 20, random));
  if (kind < 87) return static_cast<uint32_t>(Between(21, 70, random));
  return static_cast<uint32_t>(Between(71, 200, random));
}

}  // namespace redress::sample
