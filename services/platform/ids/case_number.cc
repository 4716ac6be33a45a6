#include "services/platform/ids/case_number.h"

#include <algorithm>
#include <cctype>

#include "fmt/format.h"
#include "services/platform/status/field_violations.h"
#include "services/platform/status/status_macros.h"

namespace redress {
namespace {

constexpr char kAlphabet[] = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ";
constexpr size_t kCaseNumberLength = 15;  // KH-26-0000417-X
constexpr size_t kPlainLength = 11;       // KH260000417, what the check character is made of

bool IsUpper(char c) { return c >= 'A' && c <= 'Z'; }
bool IsDigit(char c) { return c >= '0' && c <= '9'; }
int ValueOf(char c) { return IsDigit(c) ? c - '0' : c - 'A' + 10; }

std::string Normalised(std::string_view text) {
  while (!text.empty() && text.front() == ' ') text.remove_prefix(1);
  while (!text.empty() && text.back() == ' ') text.remove_suffix(1);
  std::string out(text.substr(0, 64));
  std::transform(out.begin(), out.end(), out.begin(),
                 [](unsigned char c) { return static_cast<char>(std::toupper(c)); });
  return out;
}

absl::Status Malformed(std::string_view field, std::string_view seen) {
  FieldViolations violations;
  violations.AddValue(field, seen, "a case number such as KH-26-0000417-X");
  return violations.ToStatus();
}

bool HasShape(std::string_view text) {
  if (text.size() != kCaseNumberLength) return false;
  if (!IsUpper(text[0]) || !IsUpper(text[1])) return false;
  for (size_t hyphen : {size_t{2}, size_t{5}, size_t{13}}) {
    if (text[hyphen] != '-') return false;
  }
  const std::string_view digits[] = {text.substr(3, 2), text.substr(6, 7)};
  for (std::string_view group : digits) {
    if (!std::all_of(group.begin(), group.end(), IsDigit)) return false;
  }
  return IsUpper(text[14]) || IsDigit(text[14]);
}

uint32_t NumberOf(std::string_view digits) {
  uint32_t number = 0;
  for (char c : digits) number = number * 10 + static_cast<uint32_t>(c - '0');
  return number;
}

// Fills [begin, end) of `text`, with zeros before the number.
void WriteDigits(uint32_t number, std::string& text, size_t begin, size_t end) {
  for (; end > begin; number /= 10) text[--end] = static_cast<char>('0' + number % 10);
}

}  // namespace

char Mod3736CheckCharacter(std::string_view text) {
  int product = 36;
  for (char c : text) {
    int sum = (product + ValueOf(c)) % 36;
    if (sum == 0) sum = 36;
    product = (sum * 2) % 37;
  }
  return kAlphabet[(37 - product) % 36];
}

CaseNumber::CaseNumber(std::string_view country, int year, uint32_t serial)
    : country_(country), year_(year), serial_(serial) {}

absl::StatusOr<CaseNumber> CaseNumber::Parse(std::string_view text, std::string_view field) {
  const std::string whole = Normalised(text);
  if (!HasShape(whole)) return Malformed(field, text);
  const std::string_view view(whole);
  const CaseNumber number(view.substr(0, 2), static_cast<int>(NumberOf(view.substr(3, 2))),
                          NumberOf(view.substr(6, 7)));
  if (number.serial() == 0) return Malformed(field, text);
  const std::string plain = whole.substr(0, 2) + whole.substr(3, 2) + whole.substr(6, 7);
  if (Mod3736CheckCharacter(plain) != whole.back()) {
    return InvalidField(field, fmt::format("was \"{}\": its check character is wrong, so at least "
                                           "one character was misread or mistyped",
                                           whole));
  }
  return number;
}

std::string CaseNumber::ToString() const {
  // In the key of nearly every row, so without a format that would have to be followed.
  std::string plain(kPlainLength, '0');
  plain.replace(0, 2, country_);
  WriteDigits(static_cast<uint32_t>(year_), plain, 2, 4);
  WriteDigits(serial_, plain, 4, kPlainLength);
  std::string text(kCaseNumberLength, '-');
  text.replace(0, 2, plain, 0, 2);
  text.replace(3, 2, plain, 2, 2);
  text.replace(6, 7, plain, 4, 7);
  text.back() = Mod3736CheckCharacter(plain);
  return text;
}

std::string CaseNumber::home_node() const {
  std::string node = country_;
  for (char& c : node) c = static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
  return node;
}

absl::StatusOr<ReferralId> ReferralId::Parse(std::string_view text, std::string_view field) {
  const std::string whole = Normalised(text);
  const size_t slash = whole.find('/');
  const auto malformed = [&] {
    FieldViolations violations;
    violations.AddValue(field, text, "a referral such as KH-26-0000417-X/R1");
    return violations.ToStatus();
  };
  if (slash == std::string::npos) return malformed();
  const std::string_view tail = std::string_view(whole).substr(slash + 1);
  const bool has_shape = tail.size() >= 2 && tail.size() <= 5 && tail[0] == 'R' && tail[1] != '0' &&
                         std::all_of(tail.begin() + 1, tail.end(), IsDigit);
  if (!has_shape) return malformed();
  ASSIGN_OR_RETURN(CaseNumber number, CaseNumber::Parse(whole.substr(0, slash), field));
  return ReferralId(std::move(number), NumberOf(tail.substr(1)));
}

std::string ReferralId::ToString() const {
  return fmt::format("{}/R{}", case_number_.ToString(), ordinal_);
}

}  // namespace redress
