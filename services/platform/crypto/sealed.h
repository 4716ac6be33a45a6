#ifndef REDRESS_SERVICES_PLATFORM_CRYPTO_SEALED_H_
#define REDRESS_SERVICES_PLATFORM_CRYPTO_SEALED_H_

#include <cstddef>
#include <string>
#include <string_view>

#include "absl/status/statusor.h"
#include "services/platform/crypto/secret_key.h"

namespace redress::crypto {

// Authenticated encryption of one value: XChaCha20-Poly1305 with a random nonce.
//
//   byte 0        format, 0x01
//   bytes 1–24    nonce
//   the rest      ciphertext and a 16-byte tag
//
// `context` is bound to the value but not stored: pass what names its place, such as the record's
// key, so that a value copied to another place does not open there. Seal a record once, not field
// by field. The length of the plaintext shows. Thread-safe.
inline constexpr size_t kSealedOverhead = 1 + 24 + 16;

std::string Seal(const SecretKey& key, std::string_view plaintext, std::string_view context,
                 RandomSource& random);

// DATA_LOSS when the value was changed, cut, sealed under another key or for another context, or
// has an unknown format; which of these cannot be told, save the last.
absl::StatusOr<std::string> Open(const SecretKey& key, std::string_view sealed,
                                 std::string_view context);

}  // namespace redress::crypto

#endif  // REDRESS_SERVICES_PLATFORM_CRYPTO_SEALED_H_
