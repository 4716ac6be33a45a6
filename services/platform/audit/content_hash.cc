#include "services/platform/audit/content_hash.h"

#include <openssl/evp.h>

#include <cstdint>
#include <cstdlib>
#include <memory>

namespace redress::audit {
namespace {

struct FreeContext {
  void operator()(EVP_MD_CTX* context) const { EVP_MD_CTX_free(context); }
};

// Looking the algorithm up costs more than hashing a small record, so it is done once.
const EVP_MD* Algorithm() {
  static const EVP_MD* const algorithm = EVP_MD_fetch(nullptr, "SHA256", nullptr);
  return algorithm;
}

}  // namespace

Sha256Digest Sha256(absl::Span<const std::string_view> parts) {
  thread_local const std::unique_ptr<EVP_MD_CTX, FreeContext> context(EVP_MD_CTX_new());
  Sha256Digest digest;
  bool done = EVP_DigestInit_ex2(context.get(), Algorithm(), nullptr) == 1;
  for (const std::string_view part : parts) {
    done = done && EVP_DigestUpdate(context.get(), part.data(), part.size()) == 1;
  }
  // Fails only without memory or with a crippled OpenSSL; no record may be written on a hash that
  // was not made.
  if (!done || EVP_DigestFinal_ex(context.get(), digest.data(), nullptr) != 1) std::abort();
  return digest;
}

Sha256Digest HashContent(std::string_view salt, std::string_view content) {
  char length[8];
  uint64_t rest = salt.size();
  for (size_t i = sizeof(length); i-- > 0; rest >>= 8) length[i] = static_cast<char>(rest);
  return Sha256({std::string_view(length, sizeof(length)), salt, content});
}

}  // namespace redress::audit
