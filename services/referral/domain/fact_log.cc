#include "services/referral/domain/fact_log.h"

#include <utility>

namespace redress::referral {
namespace {

bool SameFact(const Fact& held, Fact offered) {
  offered.recorded_at = held.recorded_at;
  return held == offered;
}

}  // namespace

Taken FactLog::Take(Fact fact) {
  Half& half = fact.side() == Side::kHome ? home_ : destination_;
  const uint32_t next = static_cast<uint32_t>(half.in_order.size()) + 1;
  if (fact.number == 0 || fact.number > next + kMaxAhead) return Taken::kOutOfRange;
  if (fact.number < next) {
    return SameFact(half.in_order[fact.number - 1], std::move(fact)) ? Taken::kDuplicate
                                                                     : Taken::kConflict;
  }
  if (auto held = half.early.find(fact.number); held != half.early.end()) {
    return SameFact(held->second, std::move(fact)) ? Taken::kDuplicate : Taken::kConflict;
  }
  if (fact.number > next) {
    const uint32_t number = fact.number;
    half.early.emplace(number, std::move(fact));
    return Taken::kEarly;
  }
  half.in_order.push_back(std::move(fact));
  for (auto early = half.early.begin();
       early != half.early.end() && early->first == half.in_order.size() + 1;
       early = half.early.erase(early)) {
    half.in_order.push_back(std::move(early->second));
  }
  return Taken::kNew;
}

}  // namespace redress::referral
