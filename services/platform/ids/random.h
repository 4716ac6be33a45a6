#ifndef REDRESS_SERVICES_PLATFORM_IDS_RANDOM_H_
#define REDRESS_SERVICES_PLATFORM_IDS_RANDOM_H_

#include <atomic>
#include <cstddef>
#include <cstdint>

#include "absl/types/span.h"

namespace redress {

// Where random bytes come from. Everything that makes an id, a key or a nonce takes a RandomSource,
// so that a test or a sample repeats to the byte. The real one is crypto::SystemRandom
// (services/platform/crypto/system_random.h). Implementations are thread-safe.
class RandomSource {
 public:
  virtual ~RandomSource() = default;

  // Overwrites all of `out`.
  virtual void Fill(absl::Span<uint8_t> out) = 0;

  // 64 random bits.
  virtual uint64_t Next() = 0;
};

// The same sequence for the same seed, on every machine: splitmix64. For tests, the simulation and
// sample data only; whoever sees one value knows all that follow, so no key may come from here in
// production. Each call takes whole steps of the sequence, so two threads never share a value, but
// which of them gets which depends on their timing.
class SeededRandom final : public RandomSource {
 public:
  explicit SeededRandom(uint64_t seed) : state_(seed) {}

  void Fill(absl::Span<uint8_t> out) override {
    uint64_t word = 0;
    for (size_t i = 0; i < out.size(); ++i) {
      if (i % 8 == 0) word = Next();
      out[i] = static_cast<uint8_t>(word >> (8 * (i % 8)));
    }
  }

  uint64_t Next() override {
    constexpr uint64_t kStep = 0x9e3779b97f4a7c15;
    uint64_t z = state_.fetch_add(kStep, std::memory_order_relaxed) + kStep;
    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9;
    z = (z ^ (z >> 27)) * 0x94d049bb133111eb;
    return z ^ (z >> 31);
  }

 private:
  std::atomic<uint64_t> state_;
};

}  // namespace redress

#endif  // REDRESS_SERVICES_PLATFORM_IDS_RANDOM_H_
