#ifndef REDRESS_TOOLS_SAMPLE_DRAW_H_
#define REDRESS_TOOLS_SAMPLE_DRAW_H_

#include <cstdint>
#include <span>
#include <string_view>

#include "services/platform/ids/random.h"

namespace redress::sample {

// Drawing from a RandomSource. Only whole numbers, so that a seed gives the same sample on every
// machine; the bias of the remainder is below 2^-32 for the small ranges used here.

// 0 to `bound` - 1. REQUIRES: bound > 0.
inline uint64_t Below(uint64_t bound, RandomSource& random) { return random.Next() % bound; }

// `low` to `high`, both included. REQUIRES: low <= high.
inline int64_t Between(int64_t low, int64_t high, RandomSource& random) {
  return low + static_cast<int64_t>(Below(static_cast<uint64_t>(high - low) + 1, random));
}

// True in `permille` of 1,000 draws.
inline bool Chance(uint64_t permille, RandomSource& random) {
  return Below(1000, random) < permille;
}

template <class Value>
const Value& PickOne(std::span<const Value> values, RandomSource& random) {
  return values[Below(values.size(), random)];
}

// A value and how often it comes, relative to the others of its table.
struct Share {
  std::string_view value;
  uint32_t weight;
};
using Shares = std::span<const Share>;

inline uint64_t TotalWeight(Shares shares) {
  uint64_t total = 0;
  for (const Share& share : shares) total += share.weight;
  return total;
}

// REQUIRES: at least one weight is above zero.
inline std::string_view PickShare(Shares shares, RandomSource& random) {
  uint64_t left = Below(TotalWeight(shares), random);
  for (const Share& share : shares) {
    if (left < share.weight) return share.value;
    left -= share.weight;
  }
  return shares.back().value;
}

}  // namespace redress::sample

#endif  // REDRESS_TOOLS_SAMPLE_DRAW_H_
