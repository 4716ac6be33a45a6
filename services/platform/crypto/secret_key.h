#ifndef REDRESS_SERVICES_PLATFORM_CRYPTO_SECRET_KEY_H_
#define REDRESS_SERVICES_PLATFORM_CRYPTO_SECRET_KEY_H_

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "services/platform/ids/random.h"

namespace redress::crypto {

// 32 secret bytes, overwritten with zeroes when they are destroyed, moved from or assigned to.
// Move-only, so that each copy in memory is a decision (Clone). Immutable after construction:
// reading it is thread-safe. It can be neither printed nor compared.
//
// Left simple: the memory is not locked against swapping, since a node keeps more case keys than
// the usual limit on locked memory holds; a node's swap is to be encrypted.
class SecretKey {
 public:
  static constexpr size_t kSize = 32;

  static SecretKey Generate(RandomSource& random);
  // nullopt unless `bytes` are exactly 32. The caller wipes its own copy (WipeString).
  static std::optional<SecretKey> FromBytes(std::string_view bytes);

  SecretKey(SecretKey&& other) noexcept;
  SecretKey& operator=(SecretKey&& other) noexcept;
  SecretKey(const SecretKey&) = delete;
  SecretKey& operator=(const SecretKey&) = delete;
  ~SecretKey();

  SecretKey Clone() const;

  // A key for one purpose, from which neither this one nor that of another purpose can be told:
  // HMAC-SHA-256(this, "redress/derive/1|" + purpose).
  SecretKey Derive(std::string_view purpose) const;

  const uint8_t* data() const { return bytes_.data(); }
  std::string_view view() const {
    return {reinterpret_cast<const char*>(bytes_.data()), bytes_.size()};
  }

 private:
  SecretKey() = default;
  void Wipe() noexcept;

  std::array<uint8_t, kSize> bytes_{};
};

// HMAC-SHA-256, 32 bytes.
std::string HmacSha256(const SecretKey& key, std::string_view message);

// Overwrites a string that held a secret, then empties it.
void WipeString(std::string& secret);

}  // namespace redress::crypto

#endif  // REDRESS_SERVICES_PLATFORM_CRYPTO_SECRET_KEY_H_
