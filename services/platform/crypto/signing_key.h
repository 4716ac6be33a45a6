#ifndef REDRESS_SERVICES_PLATFORM_CRYPTO_SIGNING_KEY_H_
#define REDRESS_SERVICES_PLATFORM_CRYPTO_SIGNING_KEY_H_

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "services/platform/crypto/secret_key.h"

namespace redress::crypto {

// The public half of an Ed25519 key. A plain value.
class PublicKey {
 public:
  static constexpr size_t kSize = 32;
  static constexpr size_t kSignatureSize = 64;

  // 32 bytes that are a point which can sign; points of small order are refused.
  static std::optional<PublicKey> FromBytes(std::string_view bytes);
  // The same from base64url without padding, as registries and profiles hold it.
  static std::optional<PublicKey> FromText(std::string_view text);
  std::string ToText() const;

  // "sig-" and 16 hexadecimal digits of its SHA-256: the `kid` of tokens.
  std::string key_id() const;

  bool Verifies(std::string_view message, std::string_view signature) const;

  friend bool operator==(const PublicKey&, const PublicKey&) = default;

 private:
  friend class SigningKey;
  std::array<uint8_t, kSize> bytes_{};
};

// An Ed25519 key pair, made from a 32-byte seed. Immutable and thread-safe; wiped when destroyed.
class SigningKey {
 public:
  explicit SigningKey(SecretKey seed);

  // 64 bytes. Deterministic: the same message gives the same signature.
  std::string Sign(std::string_view message) const;

  const PublicKey& public_key() const { return public_key_; }
  const std::string& key_id() const { return key_id_; }
  const SecretKey& seed() const { return seed_; }

 private:
  SecretKey seed_;
  PublicKey public_key_;
  std::string key_id_;
};

}  // namespace redress::crypto

#endif  // REDRESS_SERVICES_PLATFORM_CRYPTO_SIGNING_KEY_H_
