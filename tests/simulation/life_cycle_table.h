#ifndef REDRESS_TESTS_SIMULATION_LIFE_CYCLE_TABLE_H_
#define REDRESS_TESTS_SIMULATION_LIFE_CYCLE_TABLE_H_

#include "services/referral/domain/fact.h"
#include "services/referral/domain/referral_state.h"

namespace redress::simulation {

// The life cycle of a referral once more, by what is seen of it: whether a fact of `kind` may lead
// from `before` to `after`. Written from the design and not from the code that it is held against.
bool InLifeCycle(referral::ReferralState before, referral::FactKind kind,
                 referral::ReferralState after);

}  // namespace redress::simulation

#endif  // REDRESS_TESTS_SIMULATION_LIFE_CYCLE_TABLE_H_
