#include "services/platform/crypto/system_random.h"

#include <sodium/randombytes.h>

#include "services/platform/crypto/sodium.h"

namespace redress::crypto {

void SystemRandom::Fill(absl::Span<uint8_t> out) {
  EnsureSodium();
  randombytes_buf(out.data(), out.size());
}

uint64_t SystemRandom::Next() {
  uint64_t value = 0;
  EnsureSodium();
  randombytes_buf(&value, sizeof(value));
  return value;
}

}  // namespace redress::crypto
