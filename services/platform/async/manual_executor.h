#ifndef REDRESS_SERVICES_PLATFORM_ASYNC_MANUAL_EXECUTOR_H_
#define REDRESS_SERVICES_PLATFORM_ASYNC_MANUAL_EXECUTOR_H_

#include <cstddef>
#include <deque>
#include <functional>
#include <optional>
#include <utility>

#include "absl/base/thread_annotations.h"
#include "absl/synchronization/mutex.h"
#include "absl/time/time.h"
#include "services/platform/async/executor.h"
#include "services/platform/async/task.h"
#include "services/platform/async/timer_queue.h"
#include "services/platform/time/clock.h"

namespace redress::async {

// Runs posted work when it is told to, in the order it was posted, in virtual time: the same run
// twice gives the same order. For tests and the simulation. Posting is thread-safe (a committer
// thread may complete into it); running is for one thread.
class ManualExecutor final : public Executor {
 public:
  // With its own clock, which starts at 2026-01-01T00:00:00Z.
  ManualExecutor();
  // Moves `clock` along as it advances. REQUIRES: outlives this.
  explicit ManualExecutor(ManualClock& clock) : clock_(clock) {}

  void Post(std::function<void()> work) override;
  // Due in virtual time, when the clock is advanced that far.
  void PostAfter(absl::Duration delay, std::function<void()> work) override;

  // Runs the first piece of work; false when there is none.
  bool RunOne();
  // Runs until nothing is ready; time stands still. Returns how many pieces ran.
  size_t RunUntilIdle();
  // Moves time to `to`, stopping at every timer on the way and running what it makes ready.
  void AdvanceTo(absl::Time to);
  void Advance(absl::Duration by) { AdvanceTo(clock_.Now() + by); }
  // Moves time to the next timer and runs until idle; false when there is no timer.
  bool AdvanceToNextTimer();

  // Blocks until another thread posts; false after `limit` of real time.
  bool WaitForWork(absl::Duration limit);

  const Clock& clock() const { return clock_; }
  absl::Time Now() const { return clock_.Now(); }
  size_t pending_timers() const;

 private:
  void TakeDueTimers();

  ManualClock own_clock_{absl::FromUnixSeconds(1767225600)};
  ManualClock& clock_;
  mutable absl::Mutex mutex_;
  std::deque<std::function<void()>> ready_ ABSL_GUARDED_BY(mutex_);
  TimerQueue timers_ ABSL_GUARDED_BY(mutex_);
};

namespace internal {

template <class T>
Task<void> StoreResult(Task<T> task, std::optional<T>& result) {
  result.emplace(co_await task);
}
inline Task<void> StoreDone(Task<void> task, bool& done) {
  co_await task;
  done = true;
}
// Runs until `done()`, or stops the process with a message: a test that waits for ever says less.
void RunUntil(ManualExecutor& executor, const std::function<bool()>& done, bool jump_in_time);

}  // namespace internal

// Runs `task` to its end. Virtual time stands still; when nothing is ready it waits for other
// threads to post (up to 30 s of real time, then it aborts: the task waits for something that
// nobody brings, or for a timer).
template <class T>
T RunToEnd(ManualExecutor& executor, Task<T> task) {
  std::optional<T> result;
  Spawn(executor, internal::StoreResult<T>(std::move(task), result));
  internal::RunUntil(executor, [&result] { return result.has_value(); }, false);
  return std::move(*result);
}
inline void RunToEnd(ManualExecutor& executor, Task<void> task) {
  bool done = false;
  Spawn(executor, internal::StoreDone(std::move(task), done));
  internal::RunUntil(executor, [&done] { return done; }, false);
}

// The same, but jumps to the next timer whenever nothing is ready: for code that sleeps, where no
// other thread takes part.
template <class T>
T RunToEndInVirtualTime(ManualExecutor& executor, Task<T> task) {
  std::optional<T> result;
  Spawn(executor, internal::StoreResult<T>(std::move(task), result));
  internal::RunUntil(executor, [&result] { return result.has_value(); }, true);
  return std::move(*result);
}
inline void RunToEndInVirtualTime(ManualExecutor& executor, Task<void> task) {
  bool done = false;
  Spawn(executor, internal::StoreDone(std::move(task), done));
  internal::RunUntil(executor, [&done] { return done; }, true);
}

}  // namespace redress::async

#endif  // REDRESS_SERVICES_PLATFORM_ASYNC_MANUAL_EXECUTOR_H_
