#ifndef REDRESS_TESTS_SIMULATION_PROCESS_H_
#define REDRESS_TESTS_SIMULATION_PROCESS_H_

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <string>

#include "services/platform/async/executor.h"
#include "tests/simulation/scheduler.h"

namespace redress::simulation {

// One life of one process, from its start to its crash: the executor that its code runs on.
//
// A crash must take effect at once and yet leave no coroutine's frame behind. So a process dies in
// two steps. Die() cuts it off: from then on its disk takes nothing, its calls fail, and what it
// answers goes nowhere, all of which hooks see to. Drain() then lets its coroutines run to their
// ends in no time. Nobody outside can tell that from a process that has gone.
class Process final : public async::Executor {
 public:
  Process(Scheduler& scheduler, std::string name);
  ~Process() override;
  Process(const Process&) = delete;
  Process& operator=(const Process&) = delete;

  void Post(std::function<void()> work) override;
  void PostAfter(absl::Duration delay, std::function<void()> work) override;

  bool dying() const { return dying_; }
  const std::string& name() const { return name_; }
  Scheduler& scheduler() { return scheduler_; }

  // Runs `hook` when the process dies, unless forgotten before.
  uint64_t OnDeath(std::function<void()> hook);
  void Forget(uint64_t hook) { hooks_.erase(hook); }

  void Die();
  void Drain();

 private:
  // Outlives the process, as events of the scheduler refer to it.
  struct Work {
    std::map<uint64_t, std::function<void()>> waiting;
    uint64_t last = 0;
    // The turn in which posted work runs: in the order of posting, as one thread does.
    absl::Time busy_until = absl::InfinitePast();
  };
  void Add(absl::Time when, std::function<void()> work);

  Scheduler& scheduler_;
  const std::string name_;
  const std::shared_ptr<Work> work_ = std::make_shared<Work>();
  std::map<uint64_t, std::function<void()>> hooks_;
  uint64_t last_hook_ = 0;
  bool dying_ = false;
};

}  // namespace redress::simulation

#endif  // REDRESS_TESTS_SIMULATION_PROCESS_H_
