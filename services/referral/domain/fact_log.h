#ifndef REDRESS_SERVICES_REFERRAL_DOMAIN_FACT_LOG_H_
#define REDRESS_SERVICES_REFERRAL_DOMAIN_FACT_LOG_H_

#include <cstdint>
#include <map>
#include <span>
#include <vector>

#include "services/referral/domain/fact.h"
#include "services/referral/domain/fold.h"

namespace redress::referral {

// What became of a fact that was offered to a log.
enum class Taken : uint8_t {
  kNew,         // Kept and in order.
  kEarly,       // Kept, but waits for a number before it.
  kDuplicate,   // The same fact is here already.
  kConflict,    // Another fact has that number: a faulty or restored peer. Not kept.
  kOutOfRange,  // Number 0, or so far ahead that it is not kept.
};

// The facts of both sides as they arrive at one node: in any order between the sides, with gaps,
// repeated. Holds early ones back until what precedes them is here. Not thread-safe; a node keeps
// facts in its store and makes a log of them to fold.
class FactLog {
 public:
  // An early fact is held when it is at most this far ahead of the next number.
  static constexpr uint32_t kMaxAhead = 1'000;

  // Compares duplicates without `recorded_at`, which differs from node to node.
  Taken Take(Fact fact);

  std::span<const Fact> home() const { return home_.in_order; }
  std::span<const Fact> destination() const { return destination_.in_order; }

  // Facts held back.
  size_t early() const { return home_.early.size() + destination_.early.size(); }

  FoldedReferral Folded() const { return Fold(home(), destination()); }

 private:
  struct Half {
    std::vector<Fact> in_order;
    std::map<uint32_t, Fact> early;
  };

  Half home_;
  Half destination_;
};

}  // namespace redress::referral

#endif  // REDRESS_SERVICES_REFERRAL_DOMAIN_FACT_LOG_H_
