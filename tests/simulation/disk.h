#ifndef REDRESS_TESTS_SIMULATION_DISK_H_
#define REDRESS_TESTS_SIMULATION_DISK_H_

#include <deque>
#include <functional>
#include <memory>

#include "services/platform/async/completion.h"
#include "services/platform/async/manual_executor.h"
#include "services/platform/kv/memory_store.h"
#include "tests/simulation/dice.h"
#include "tests/simulation/options.h"
#include "tests/simulation/process.h"

namespace redress::simulation {

// What survives a crash: everything committed.
struct Disk {
  async::ManualExecutor turns;
  kv::MemoryStore rows{turns};
  // With Options::lying_disk: what was there a while ago, and comes back at a crash.
  std::shared_ptr<const kv::MemoryStore::Image> stale;
  // With Options::forgetful_…: takes out of a change what is never to be written.
  std::function<void(kv::Change& change)> forget;
};

using CommitWatcher = std::function<void(const kv::Change& change, const kv::CommitResult& result)>;

// The store of one life of a process: a disk that takes its time. A commit is durable some time
// after it was asked for, and acknowledged some time after that; both in the order of asking, as
// with one committer. When the process dies, a seeded number of those that were not yet durable
// become so, from the oldest on, and none is acknowledged any more.
class DiskStore final : public kv::Store {
 public:
  // All borrowed. `watcher` sees each commit at the moment at which it becomes durable.
  DiskStore(Disk& disk, Process& process, uint64_t seed, const Options& options,
            CommitWatcher watcher);

  async::Task<absl::StatusOr<std::optional<kv::Entry>>> Get(std::string key) override;
  async::Task<absl::StatusOr<kv::ScanPage>> Scan(kv::ScanRequest request) override;
  async::Task<kv::CommitResult> Commit(kv::Change change) override;

 private:
  struct Pending {
    explicit Pending(Process& process) : done(process) {}
    kv::Change change;
    kv::CommitResult result;
    async::Completion<kv::CommitResult> done;
    bool durable = false;
    bool answered = false;
  };
  void Apply(Pending& pending);
  void Answer(Pending& pending);
  void PowerOff();
  async::Task<void> Seek();

  Disk& disk_;
  Process& process_;
  Dice dice_;
  const Options& options_;
  const CommitWatcher watcher_;
  std::deque<std::shared_ptr<Pending>> pending_;
  absl::Time last_durable_ = absl::InfinitePast();
  absl::Time last_answer_ = absl::InfinitePast();
};

}  // namespace redress::simulation

#endif  // REDRESS_TESTS_SIMULATION_DISK_H_
