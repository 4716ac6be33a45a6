#ifndef REDRESS_TESTS_SIMULATION_DICE_H_
#define REDRESS_TESTS_SIMULATION_DICE_H_

#include <cstddef>
#include <cstdint>
#include <string_view>
#include <vector>

#include "absl/time/time.h"
#include "services/platform/ids/random.h"

namespace redress::simulation {

// Every choice of a run comes from here. Parts of the simulation have dice of their own, forked by
// name, so that one more throw in one part does not change what the others do: that is what lets a
// failing seed shrink.
class Dice {
 public:
  explicit Dice(uint64_t seed) : state_(seed) {}

  // 0 to n - 1. REQUIRES: n > 0.
  uint64_t Below(uint64_t n) { return Next() % n; }
  // True `thousandth` times of a thousand.
  bool Chance(uint32_t thousandth) { return Below(1000) < thousandth; }
  absl::Duration Between(absl::Duration from, absl::Duration to) {
    const int64_t span = absl::ToInt64Microseconds(to - from);
    return from + absl::Microseconds(static_cast<int64_t>(Below(static_cast<uint64_t>(span) + 1)));
  }
  template <class T>
  const T& Pick(const std::vector<T>& of) {
    return of[Below(of.size())];
  }
  uint64_t Next() {
    const uint64_t value = SeededRandom(state_).Next();
    state_ += 0x9e3779b97f4a7c15;
    return value;
  }

  // The seed of another part's dice.
  static uint64_t Fork(uint64_t seed, std::string_view name, uint64_t number = 0) {
    uint64_t hash = 0xcbf29ce484222325 ^ seed;
    for (const char c : name) hash = (hash ^ static_cast<uint8_t>(c)) * 0x100000001b3;
    return SeededRandom(hash ^ (number * 0x9e3779b97f4a7c15)).Next();
  }

 private:
  uint64_t state_;
};

}  // namespace redress::simulation

#endif  // REDRESS_TESTS_SIMULATION_DICE_H_
