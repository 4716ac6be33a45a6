#include "services/platform/ids/names.h"

#include <algorithm>
#include <array>
#include <cstdint>

#include "services/platform/status/field_violations.h"

namespace redress {
namespace {

// Crockford's alphabet: no I, L, O or U, so that nothing is misread or spells a word.
constexpr std::string_view kCrockford = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";
constexpr size_t kRandomIdLength = 26;

bool IsLower(char c) { return c >= 'a' && c <= 'z'; }
bool IsUpper(char c) { return c >= 'A' && c <= 'Z'; }
bool IsDigit(char c) { return c >= '0' && c <= '9'; }

absl::Status Accepted(bool good, std::string_view text, std::string_view field,
                      std::string_view accepted) {
  if (good) return absl::OkStatus();
  FieldViolations violations;
  violations.AddValue(field, text, accepted);
  return violations.ToStatus();
}

bool IsNode(std::string_view text) {
  return text.size() == 2 && std::all_of(text.begin(), text.end(), IsLower);
}

bool IsSlug(std::string_view text) {
  if (text.empty() || text.size() > 63 || text.front() == '-' || text.back() == '-') return false;
  return std::all_of(text.begin(), text.end(),
                     [](char c) { return IsLower(c) || IsDigit(c) || c == '-'; });
}

bool IsBody(std::string_view text) {
  return text.size() > 3 && text[2] == ':' && IsNode(text.substr(0, 2)) && IsSlug(text.substr(3));
}

bool IsPerson(std::string_view text) {
  return !text.empty() && text.size() <= 64 && std::all_of(text.begin(), text.end(), [](char c) {
    return IsLower(c) || IsDigit(c) || c == '.' || c == '_' || c == '-';
  });
}

bool IsRandom(std::string_view text) {
  return text.size() == kRandomIdLength && std::all_of(text.begin(), text.end(), [](char c) {
           return kCrockford.find(c) != std::string_view::npos;
         });
}

bool IsRequest(std::string_view text) {
  return text.size() >= 16 && text.size() <= 64 &&
         std::all_of(text.begin(), text.end(), [](char c) {
           return IsLower(c) || IsUpper(c) || IsDigit(c) || c == '_' || c == '-';
         });
}

}  // namespace

namespace internal {

absl::Status NodeKind::Check(std::string_view text, std::string_view field) {
  return Accepted(IsNode(text), text, field, "a node such as kh: two lower-case letters");
}

absl::Status BodyKind::Check(std::string_view text, std::string_view field) {
  return Accepted(IsBody(text), text, field,
                  "a body such as my:mtuc: its node, a colon, then a-z, 0-9 and inner hyphens");
}

absl::Status PersonKind::Check(std::string_view text, std::string_view field) {
  return Accepted(IsPerson(text), text, field, "1 to 64 of a-z, 0-9, '.', '_' and '-'");
}

absl::Status RandomKind::Check(std::string_view text, std::string_view field) {
  return Accepted(IsRandom(text), text, field,
                  "26 characters of 0-9 and A-Z without I, L, O and U");
}

absl::Status RequestKind::Check(std::string_view text, std::string_view field) {
  return Accepted(IsRequest(text), text, field,
                  "16 to 64 of A-Z, a-z, 0-9, '_' and '-', such as a UUID");
}

}  // namespace internal

NodeId NodeOf(const BodyId& body) { return NodeId::FromTrusted(body.ToString().substr(0, 2)); }

RandomId NewRandomId(RandomSource& random) {
  std::array<uint8_t, 16> bytes;
  random.Fill(absl::MakeSpan(bytes));
  // 130 bits of text for 128 of chance: the first character holds the two spare bits as zero.
  std::string text(kRandomIdLength, '0');
  uint32_t held = 0;
  int held_bits = 2;
  size_t next = 0;
  for (uint8_t byte : bytes) {
    held = (held << 8) | byte;
    held_bits += 8;
    while (held_bits >= 5) {
      held_bits -= 5;
      text[next++] = kCrockford[(held >> held_bits) & 31];
    }
  }
  return RandomId::FromTrusted(std::move(text));
}

}  // namespace redress
