#ifndef REDRESS_SERVICES_PLATFORM_KV_COMMITTER_H_
#define REDRESS_SERVICES_PLATFORM_KV_COMMITTER_H_

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <thread>

#include "absl/base/thread_annotations.h"
#include "absl/status/statusor.h"
#include "absl/synchronization/mutex.h"
#include "absl/time/time.h"
#include "services/platform/async/executor.h"
#include "services/platform/kv/commit_batch.h"
#include "services/platform/kv/engine.h"
#include "services/platform/kv/pending_commit.h"
#include "services/platform/kv/sentinel.h"

namespace redress::kv {

// Hears of every batch that was written: how many commits it held, and how long its write and sync
// took. Called on the committer's thread before the callers are answered: it must not block.
using BatchObserver = std::function<void(size_t commits, absl::Duration took)>;

// How much of what was acknowledged a power cut may hide from the sentinel. A sync of it costs
// about 0.3 ms of the one thread's time.
inline constexpr absl::Duration kSentinelInterval = absl::Milliseconds(50);

// The one thread that writes to an embedded engine. It takes all that is pending, decides each
// commit in order, writes and syncs them as one, and wakes their callers with one Post. While it
// syncs, the next batch gathers by itself: nobody waits for a batch to fill, and a lone commit
// costs one write and sync. (Lingering 50 µs for more, and two writers, were both measured to be
// slower.)
//
// When the write fails, the process ends at once with status 70: whether the batch is on disk is
// not known, and a sync that failed once may pretend to succeed when asked again. Nobody was
// answered; recovery at the next start decides.
//
// After each batch it notes in the store's sentinel how far the store has come, and syncs that note
// every kSentinelInterval and at its end.
//
// Thread-safe. The destructor finishes the batch in hand and answers the rest with kStopped.
class Committer {
 public:
  // `engine` and `executor` must outlive it; nobody else writes to `engine` meanwhile.
  // `free_space_floor` is in bytes; below it commits are answered with kNoSpace.
  Committer(Engine& engine, async::Executor& executor, CommitterState state,
            uint64_t free_space_floor, std::unique_ptr<Sentinel> sentinel,
            BatchObserver observer = nullptr);
  ~Committer();
  Committer(const Committer&) = delete;
  Committer& operator=(const Committer&) = delete;

  void Enqueue(std::shared_ptr<PendingCommit> pending);

 private:
  void Run();
  // The next batch; empty when it is time to stop, or to sync the sentinel.
  PendingBatch WaitForBatch() ABSL_LOCKS_EXCLUDED(mutex_);
  void SyncSentinelWhenDue();
  void CommitAll(PendingBatch all);
  void Write(const CommitBatch& commits);

  Engine& engine_;
  async::Executor& executor_;
  const uint64_t free_space_floor_;
  const BatchObserver observer_;
  // The thread's alone.
  CommitterState state_;
  const std::unique_ptr<Sentinel> sentinel_;
  absl::Time sentinel_due_;  // By async::SteadyNow.
  // Shared.
  absl::Mutex mutex_;
  absl::CondVar changed_;
  PendingBatch queue_ ABSL_GUARDED_BY(mutex_);
  bool stopping_ ABSL_GUARDED_BY(mutex_) = false;
  std::thread thread_;
};

// Where the committer stopped: the last version and every log's last number, as they were stored
// with the last batch. DATA_LOSS when they are missing.
absl::StatusOr<CommitterState> RecoverCommitterState(Engine& engine);

}  // namespace redress::kv

#endif  // REDRESS_SERVICES_PLATFORM_KV_COMMITTER_H_
