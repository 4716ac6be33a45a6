#ifndef REDRESS_SERVICES_PLATFORM_CRYPTO_SHA256_H_
#define REDRESS_SERVICES_PLATFORM_CRYPTO_SHA256_H_

#include <sodium/crypto_hash_sha256.h>

#include <string>
#include <string_view>

namespace redress::crypto {

// SHA-256 of bytes that come in pieces.
//
//   Sha256 digest;
//   digest.Update(first); digest.Update(second);
//   std::string raw = digest.Finish();   // 32 bytes; HexEncode for people
//
// Finish is called once. A copy goes on from where the original stood. Not thread-safe.
class Sha256 {
 public:
  static constexpr size_t kSize = crypto_hash_sha256_BYTES;

  Sha256();
  void Update(std::string_view bytes);
  std::string Finish();

  static std::string Of(std::string_view bytes);

 private:
  crypto_hash_sha256_state state_;
};

}  // namespace redress::crypto

#endif  // REDRESS_SERVICES_PLATFORM_CRYPTO_SHA256_H_
