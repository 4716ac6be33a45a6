#include "services/platform/crypto/sealed.h"

#include <sodium/crypto_aead_xchacha20poly1305.h>

#include <cstdint>

#include "services/platform/crypto/sodium.h"

namespace redress::crypto {
namespace {

constexpr char kFormat = 0x01;
constexpr size_t kNonceSize = crypto_aead_xchacha20poly1305_ietf_NPUBBYTES;
constexpr size_t kTagSize = crypto_aead_xchacha20poly1305_ietf_ABYTES;
static_assert(kSealedOverhead == 1 + kNonceSize + kTagSize);
static_assert(SecretKey::kSize == crypto_aead_xchacha20poly1305_ietf_KEYBYTES);

const unsigned char* Bytes(std::string_view text) {
  return reinterpret_cast<const unsigned char*>(text.data());
}

}  // namespace

std::string Seal(const SecretKey& key, std::string_view plaintext, std::string_view context,
                 RandomSource& random) {
  EnsureSodium();
  std::string sealed(kSealedOverhead + plaintext.size(), '\0');
  sealed[0] = kFormat;
  auto* nonce = reinterpret_cast<uint8_t*>(sealed.data() + 1);
  random.Fill(absl::MakeSpan(nonce, kNonceSize));
  crypto_aead_xchacha20poly1305_ietf_encrypt(nonce + kNonceSize, nullptr, Bytes(plaintext),
                                             plaintext.size(), Bytes(context), context.size(),
                                             nullptr, nonce, key.data());
  return sealed;
}

absl::StatusOr<std::string> Open(const SecretKey& key, std::string_view sealed,
                                 std::string_view context) {
  if (sealed.size() < kSealedOverhead) {
    return absl::DataLossError("sealed value: shorter than its own overhead");
  }
  if (sealed[0] != kFormat) return absl::DataLossError("sealed value: unknown format");
  EnsureSodium();
  const std::string_view nonce = sealed.substr(1, kNonceSize);
  const std::string_view ciphertext = sealed.substr(1 + kNonceSize);
  std::string plaintext(ciphertext.size() - kTagSize, '\0');
  if (crypto_aead_xchacha20poly1305_ietf_decrypt(
          reinterpret_cast<unsigned char*>(plaintext.data()), nullptr, nullptr, Bytes(ciphertext),
          ciphertext.size(), Bytes(context), context.size(), Bytes(nonce), key.data()) != 0) {
    return absl::DataLossError("sealed value: changed, or under another key or context");
  }
  return plaintext;
}

}  // namespace redress::crypto
