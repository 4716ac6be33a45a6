#ifndef REDRESS_SERVICES_PLATFORM_CRYPTO_SYSTEM_RANDOM_H_
#define REDRESS_SERVICES_PLATFORM_CRYPTO_SYSTEM_RANDOM_H_

#include "services/platform/ids/random.h"

namespace redress::crypto {

// The operating system's random bytes, fit for keys. Thread-safe.
class SystemRandom final : public RandomSource {
 public:
  void Fill(absl::Span<uint8_t> out) override;
  uint64_t Next() override;
};

}  // namespace redress::crypto

#endif  // REDRESS_SERVICES_PLATFORM_CRYPTO_SYSTEM_RANDOM_H_
