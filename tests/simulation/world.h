#ifndef REDRESS_TESTS_SIMULATION_WORLD_H_
#define REDRESS_TESTS_SIMULATION_WORLD_H_

#include <cstdint>
#include <memory>
#include <set>
#include <string>
#include <vector>

#include "tests/simulation/network.h"
#include "tests/simulation/people.h"
#include "tests/simulation/rest_checks.h"
#include "tests/simulation/step_checks.h"
#include "tests/simulation/store_checks.h"

namespace redress::simulation {

// What came of one run.
struct Result {
  std::vector<std::string> violations;  // Empty: all is well.
  uint32_t failed_at = 0;               // The step at which the first one showed.
  uint64_t trace = 0;                   // Equal for equal runs.
  // How much happened, so that a run in which nothing did is noticed.
  uint64_t facts = 0;
  uint64_t done = 0;
  uint64_t refused = 0;
  uint64_t unknown = 0;
  uint64_t referrals = 0;
  uint64_t crashes = 0;
  std::set<std::string> verbs;  // That took effect, with their variant: "ReopenComplaint CONTEST".
  absl::Duration took;          // In virtual time.

  bool ok() const { return violations.empty(); }
};

// One run from its options: nodes with their people in virtual time, faults among them, and what
// must hold after every step and at the end.
class World {
 public:
  explicit World(const Options& options);

  Result Run();

 private:
  void Prepare();
  void PutBodies();
  void Step();
  void Fault();
  void Swizzle();
  void Heal();
  void Rest();
  bool RunUntilQuiet(absl::Duration limit);
  Node& AnyNode();
  void Violated(std::string what);

  const Options options_;
  Dice dice_;
  Scheduler scheduler_;
  absl::Duration leapt_ = absl::ZeroDuration();
  Knowledge knowledge_;
  Nodes nodes_;
  std::vector<std::string> names_;
  Network network_;
  StepChecks step_checks_;
  std::unique_ptr<People> people_;
  Result result_;
  uint32_t step_ = 0;
};

}  // namespace redress::simulation

#endif  // REDRESS_TESTS_SIMULATION_WORLD_H_
