#include "services/platform/crypto/tracking_code.h"

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>

#include "fmt/format.h"
#include "services/platform/status/field_violations.h"

namespace redress::crypto {
namespace {

constexpr size_t kDigits = 16;
constexpr size_t kMaxInput = 256;  // Sixteen digits of four bytes, with blanks to spare.

// The zero of each script's digits; Unicode keeps the other nine behind it.
constexpr std::array<uint32_t, 10> kZeros = {
    0x0030,  // ASCII
    0x0660,  // Arabic-Indic
    0x06f0,  // Extended Arabic-Indic (Persian, Urdu)
    0x0966,  // Devanagari (Nepali, Hindi)
    0x09e6,  // Bengali
    0x0e50,  // Thai
    0x0ed0,  // Lao
    0x1040,  // Burmese
    0x17e0,  // Khmer
    0xff10,  // Full-width
};

std::optional<char> DigitOf(uint32_t code_point) {
  for (uint32_t zero : kZeros) {
    if (code_point >= zero && code_point < zero + 10) {
      return static_cast<char>('0' + (code_point - zero));
    }
  }
  return std::nullopt;
}

bool IsSeparator(uint32_t c) {
  return c == ' ' || c == '\t' || c == '-' || c == '.' || c == 0xa0 || c == 0x200b ||
         (c >= 0x2010 && c <= 0x2015) || c == 0x2212 || c == 0x202f || c == 0x3000 || c == 0xff0d;
}

// The next code point of at most three bytes (all that matter here), moving `position` behind it;
// 0 for anything else.
uint32_t NextCodePoint(std::string_view text, size_t& position) {
  const auto byte = [&](size_t i) { return static_cast<uint8_t>(text[i]); };
  const auto continues = [&](size_t i) { return i < text.size() && (byte(i) & 0xc0) == 0x80; };
  const size_t start = position;
  const uint32_t first = byte(start);
  if (first < 0x80) {
    position = start + 1;
    return first;
  }
  if ((first & 0xe0) == 0xc0 && continues(start + 1)) {
    position = start + 2;
    const uint32_t point = (first & 0x1f) << 6 | (byte(start + 1) & 0x3fu);
    return point >= 0x80 ? point : 0;
  }
  if ((first & 0xf0) == 0xe0 && continues(start + 1) && continues(start + 2)) {
    position = start + 3;
    const uint32_t point =
        (first & 0x0f) << 12 | (byte(start + 1) & 0x3fu) << 6 | (byte(start + 2) & 0x3fu);
    return point >= 0x800 ? point : 0;
  }
  position = start + 1;
  return 0;
}

absl::Status Refused(std::string_view found) {
  return InvalidField("tracking_code",
                      fmt::format("has {}; accepted: 16 digits, as 1234-5678-9012-3456", found));
}

}  // namespace

TrackingCode TrackingCode::Derive(const SecretKey& tracking_key, std::string_view member_id) {
  const std::string mac =
      HmacSha256(tracking_key, fmt::format("redress/tracking-code/1|{}", member_id));
  constexpr uint64_t kModulus = 10'000'000'000'000'000;
  uint64_t remainder = 0;
  for (size_t i = 0; i < 16; ++i) {
    // Below 10^16 * 256 + 256, which 64 bits hold.
    remainder = (remainder * 256 + static_cast<uint8_t>(mac[i])) % kModulus;
  }
  return TrackingCode(fmt::format("{:016}", remainder));
}

absl::StatusOr<TrackingCode> TrackingCode::Parse(std::string_view text) {
  if (text.size() > kMaxInput) return Refused(fmt::format("{} bytes", text.size()));
  std::string digits;
  for (size_t position = 0; position < text.size();) {
    const uint32_t code_point = NextCodePoint(text, position);
    if (IsSeparator(code_point)) continue;
    const std::optional<char> digit = DigitOf(code_point);
    if (!digit.has_value()) return Refused("a character that is no digit");
    digits.push_back(*digit);
  }
  if (digits.size() != kDigits) return Refused(fmt::format("{} digits", digits.size()));
  return TrackingCode(std::move(digits));
}

std::string TrackingCode::ToString() const {
  const std::string_view all = digits_;
  return fmt::format("{}-{}-{}-{}", all.substr(0, 4), all.substr(4, 4), all.substr(8, 4),
                     all.substr(12, 4));
}

std::string TrackingCode::LookupDigest(const SecretKey& tracking_key) const {
  return HmacSha256(tracking_key, "lookup|" + digits_).substr(0, kLookupDigestSize);
}

}  // namespace redress::crypto
