#ifndef REDRESS_TESTS_SIMULATION_RUNS_H_
#define REDRESS_TESTS_SIMULATION_RUNS_H_

#include <cstdint>
#include <string>

#include "tests/simulation/world.h"

namespace redress::simulation {

// One run, from its options to its end.
Result RunOnce(const Options& options);

// The simplest run that can be found from a failing one and that still fails, in at most `tries`
// runs; counts them.
struct Shrunk {
  Options options;
  Result result;
  int tries = 0;
};
Shrunk Shrink(const Options& failing, const Result& result, int tries);

// What of a failing run a person reads: what was violated, what it was made of, and the command
// that repeats it.
std::string Report(const Options& options, const Result& result);

}  // namespace redress::simulation

#endif  // REDRESS_TESTS_SIMULATION_RUNS_H_
