#include "services/platform/crypto/signing_key.h"

#include <sodium/crypto_core_ed25519.h>
#include <sodium/crypto_sign_ed25519.h>
#include <sodium/utils.h>

#include <algorithm>
#include <utility>

#include "services/platform/crypto/encoding.h"
#include "services/platform/crypto/sha256.h"
#include "services/platform/crypto/sodium.h"

namespace redress::crypto {

static_assert(PublicKey::kSize == crypto_sign_ed25519_PUBLICKEYBYTES);
static_assert(PublicKey::kSignatureSize == crypto_sign_ed25519_BYTES);
static_assert(SecretKey::kSize == crypto_sign_ed25519_SEEDBYTES);

std::optional<PublicKey> PublicKey::FromBytes(std::string_view bytes) {
  if (bytes.size() != kSize) return std::nullopt;
  EnsureSodium();
  PublicKey key;
  std::copy(bytes.begin(), bytes.end(), key.bytes_.begin());
  // On the curve, canonical, in the main subgroup: what every honest key is.
  if (crypto_core_ed25519_is_valid_point(key.bytes_.data()) != 1) return std::nullopt;
  return key;
}

std::optional<PublicKey> PublicKey::FromText(std::string_view text) {
  const std::optional<std::string> bytes = Base64UrlDecode(text);
  if (!bytes.has_value()) return std::nullopt;
  return FromBytes(*bytes);
}

std::string PublicKey::ToText() const {
  return Base64UrlEncode({reinterpret_cast<const char*>(bytes_.data()), bytes_.size()});
}

std::string PublicKey::key_id() const {
  const std::string digest =
      Sha256::Of({reinterpret_cast<const char*>(bytes_.data()), bytes_.size()});
  return "sig-" + HexEncode(std::string_view(digest).substr(0, 8));
}

bool PublicKey::Verifies(std::string_view message, std::string_view signature) const {
  if (signature.size() != kSignatureSize) return false;
  EnsureSodium();
  return crypto_sign_ed25519_verify_detached(
             reinterpret_cast<const unsigned char*>(signature.data()),
             reinterpret_cast<const unsigned char*>(message.data()), message.size(),
             bytes_.data()) == 0;
}

SigningKey::SigningKey(SecretKey seed) : seed_(std::move(seed)) {
  EnsureSodium();
  std::array<uint8_t, crypto_sign_ed25519_SECRETKEYBYTES> secret;
  crypto_sign_ed25519_seed_keypair(public_key_.bytes_.data(), secret.data(), seed_.data());
  sodium_memzero(secret.data(), secret.size());
  key_id_ = public_key_.key_id();
}

std::string SigningKey::Sign(std::string_view message) const {
  // libsodium's secret key is the seed followed by the public key.
  std::array<uint8_t, crypto_sign_ed25519_SECRETKEYBYTES> secret;
  std::copy_n(seed_.data(), SecretKey::kSize, secret.begin());
  std::copy(public_key_.bytes_.begin(), public_key_.bytes_.end(),
            secret.begin() + SecretKey::kSize);
  std::string signature(PublicKey::kSignatureSize, '\0');
  crypto_sign_ed25519_detached(reinterpret_cast<unsigned char*>(signature.data()), nullptr,
                               reinterpret_cast<const unsigned char*>(message.data()),
                               message.size(), secret.data());
  sodium_memzero(secret.data(), secret.size());
  return signature;
}

}  // namespace redress::crypto
