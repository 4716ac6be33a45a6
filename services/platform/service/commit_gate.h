#ifndef REDRESS_SERVICES_PLATFORM_SERVICE_COMMIT_GATE_H_
#define REDRESS_SERVICES_PLATFORM_SERVICE_COMMIT_GATE_H_

#include <cstddef>
#include <functional>
#include <optional>
#include <utility>

#include "absl/base/thread_annotations.h"
#include "absl/synchronization/mutex.h"
#include "absl/time/time.h"
#include "services/platform/async/executor.h"
#include "services/platform/async/signal.h"
#include "services/platform/async/task.h"
#include "services/platform/async/timer_queue.h"

namespace redress::service {

// Lets the commits of a store wait for a moment, so that several stores can be looked at as they
// are at one time. None is refused, and none waits for longer than the limit: a gate that nobody
// opens opens by itself. Thread-safe.
class CommitGate {
 public:
  // `now` goes on evenly, as async::SteadyNow does, and is called on any thread.
  explicit CommitGate(async::Executor& executor, std::function<absl::Time()> now = async::SteadyNow)
      : executor_(executor), now_(std::move(now)) {}
  CommitGate(const CommitGate&) = delete;
  CommitGate& operator=(const CommitGate&) = delete;

  // A commit on its way through; make one before it is handed to the store and destroy it
  // afterwards. Moves only.
  class Pass {
   public:
    explicit Pass(CommitGate& gate) : gate_(&gate) {}
    Pass(Pass&& other) noexcept : gate_(std::exchange(other.gate_, nullptr)) {}
    Pass& operator=(Pass&&) = delete;
    ~Pass() {
      if (gate_ != nullptr) gate_->Leave();
    }

   private:
    CommitGate* gate_;
  };
  // Waits while the gate is closed.
  async::Task<Pass> Enter();

  // From here commits wait, for up to `limit`. True once those that were let through before have
  // ended; false when they did not within the limit, and then the gate is open again.
  async::Task<bool> Close(absl::Duration limit);
  // Lets commits go on. How long they were held back; nullopt when the gate had opened by itself,
  // so that commits may have gone through since Close.
  std::optional<absl::Duration> Open() ABSL_LOCKS_EXCLUDED(mutex_);

 private:
  // How long the gate is still closed; zero or less: it is not.
  absl::Duration Remaining() ABSL_LOCKS_EXCLUDED(mutex_);
  // Lets one in when the gate is open.
  bool TryEnter() ABSL_LOCKS_EXCLUDED(mutex_);
  void Leave() ABSL_LOCKS_EXCLUDED(mutex_);
  void OpenWhenOver() ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);

  async::Executor& executor_;
  const std::function<absl::Time()> now_;
  async::Signal changed_;  // A commit has ended while closed, or the gate was opened.
  absl::Mutex mutex_;
  size_t inside_ ABSL_GUARDED_BY(mutex_) = 0;
  bool closed_ ABSL_GUARDED_BY(mutex_) = false;
  absl::Time closed_at_ ABSL_GUARDED_BY(mutex_);  // By now_, as the next one.
  absl::Time closed_until_ ABSL_GUARDED_BY(mutex_);
};

}  // namespace redress::service

#endif  // REDRESS_SERVICES_PLATFORM_SERVICE_COMMIT_GATE_H_
