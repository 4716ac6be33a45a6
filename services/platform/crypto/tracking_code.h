#ifndef REDRESS_SERVICES_PLATFORM_CRYPTO_TRACKING_CODE_H_
#define REDRESS_SERVICES_PLATFORM_CRYPTO_TRACKING_CODE_H_

#include <compare>
#include <string>
#include <string_view>

#include "absl/status/statusor.h"
#include "services/platform/crypto/secret_key.h"

namespace redress::crypto {

// The 16 digits on a worker's receipt, "1234-5678-9012-3456". Derived from the member's id under
// the node's tracking key, so a repeated filing gives the same code and nothing stores it. It works
// at the home node only. A plain value.
//
// Who holds the code may see the case's progress: never log it or put it into an error.
class TrackingCode {
 public:
  // HMAC-SHA-256(tracking key, "redress/tracking-code/1|" + member id), its first 16 bytes as a
  // big-endian number, modulo 10^16.
  static TrackingCode Derive(const SecretKey& tracking_key, std::string_view member_id);

  // Accepts what a person types: 16 digits with blanks and hyphens anywhere, also the full-width
  // ones, and Arabic, Bengali, Burmese, Devanagari, Khmer, Lao and Thai digits.
  // INVALID_ARGUMENT otherwise, with how many digits were found and never the digits.
  static absl::StatusOr<TrackingCode> Parse(std::string_view text);

  // "1234-5678-9012-3456".
  std::string ToString() const;

  // 16 bytes by which a code is looked up: HMAC-SHA-256(tracking key, "lookup|" + digits), cut.
  // Without the key nobody can try all the codes against it.
  std::string LookupDigest(const SecretKey& tracking_key) const;
  static constexpr size_t kLookupDigestSize = 16;

  friend auto operator<=>(const TrackingCode&, const TrackingCode&) = default;

 private:
  explicit TrackingCode(std::string digits) : digits_(std::move(digits)) {}

  std::string digits_;  // Exactly 16 of 0–9.
};

}  // namespace redress::crypto

#endif  // REDRESS_SERVICES_PLATFORM_CRYPTO_TRACKING_CODE_H_
