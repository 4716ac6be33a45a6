#include "services/platform/crypto/secret_key.h"

#include <sodium/crypto_auth_hmacsha256.h>
#include <sodium/utils.h>

#include <algorithm>

#include "services/platform/crypto/sodium.h"

namespace redress::crypto {

static_assert(SecretKey::kSize == crypto_auth_hmacsha256_KEYBYTES);

SecretKey SecretKey::Generate(RandomSource& random) {
  SecretKey key;
  random.Fill(absl::MakeSpan(key.bytes_));
  return key;
}

std::optional<SecretKey> SecretKey::FromBytes(std::string_view bytes) {
  if (bytes.size() != kSize) return std::nullopt;
  SecretKey key;
  std::copy(bytes.begin(), bytes.end(), key.bytes_.begin());
  return key;
}

SecretKey::SecretKey(SecretKey&& other) noexcept : bytes_(other.bytes_) { other.Wipe(); }

SecretKey& SecretKey::operator=(SecretKey&& other) noexcept {
  if (this != &other) {
    bytes_ = other.bytes_;
    other.Wipe();
  }
  return *this;
}

SecretKey::~SecretKey() { Wipe(); }

void SecretKey::Wipe() noexcept { sodium_memzero(bytes_.data(), bytes_.size()); }

SecretKey SecretKey::Clone() const {
  SecretKey copy;
  copy.bytes_ = bytes_;
  return copy;
}

SecretKey SecretKey::Derive(std::string_view purpose) const {
  std::string message = "redress/derive/1|";
  message.append(purpose);
  SecretKey derived;
  EnsureSodium();
  crypto_auth_hmacsha256(derived.bytes_.data(),
                         reinterpret_cast<const unsigned char*>(message.data()), message.size(),
                         bytes_.data());
  return derived;
}

std::string HmacSha256(const SecretKey& key, std::string_view message) {
  EnsureSodium();
  std::string mac(crypto_auth_hmacsha256_BYTES, '\0');
  crypto_auth_hmacsha256(reinterpret_cast<unsigned char*>(mac.data()),
                         reinterpret_cast<const unsigned char*>(message.data()), message.size(),
                         key.data());
  return mac;
}

void WipeString(std::string& secret) {
  sodium_memzero(secret.data(), secret.size());
  secret.clear();
}

}  // namespace redress::crypto
