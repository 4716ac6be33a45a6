#ifndef REDRESS_TESTS_SIMULATION_STORE_CHECKS_H_
#define REDRESS_TESTS_SIMULATION_STORE_CHECKS_H_

#include "tests/simulation/people.h"

namespace redress::simulation {

// Holds what is durable at each node against itself, as `redress node check` does: every index,
// count, balance and state from the records that it is made of.
void CheckStores(Nodes& nodes, const OnViolation& on_violation);

}  // namespace redress::simulation

#endif  // REDRESS_TESTS_SIMULATION_STORE_CHECKS_H_
