#include "services/platform/async/manual_executor.h"

#include <algorithm>
#include <cstdio>
#include <cstdlib>

namespace redress::async {

ManualExecutor::ManualExecutor() : clock_(own_clock_) {}

void ManualExecutor::Post(std::function<void()> work) {
  absl::MutexLock lock(&mutex_);
  ready_.push_back(std::move(work));
}

void ManualExecutor::PostAfter(absl::Duration delay, std::function<void()> work) {
  absl::MutexLock lock(&mutex_);
  timers_.Add(clock_.Now() + delay, std::move(work));
}

void ManualExecutor::TakeDueTimers() {
  absl::MutexLock lock(&mutex_);
  while (auto work = timers_.TakeDue(clock_.Now())) ready_.push_back(std::move(*work));
}

bool ManualExecutor::RunOne() {
  TakeDueTimers();
  std::function<void()> work;
  {
    absl::MutexLock lock(&mutex_);
    if (ready_.empty()) return false;
    work = std::move(ready_.front());
    ready_.pop_front();
  }
  work();
  return true;
}

size_t ManualExecutor::RunUntilIdle() {
  size_t ran = 0;
  while (RunOne()) ++ran;
  return ran;
}

void ManualExecutor::AdvanceTo(absl::Time to) {
  RunUntilIdle();
  while (true) {
    absl::Time next;
    {
      absl::MutexLock lock(&mutex_);
      next = timers_.next_due();
    }
    if (next > to) break;
    clock_.Set(std::max(next, clock_.Now()));
    RunUntilIdle();
  }
  clock_.Set(std::max(to, clock_.Now()));
  RunUntilIdle();
}

bool ManualExecutor::AdvanceToNextTimer() {
  absl::Time next;
  {
    absl::MutexLock lock(&mutex_);
    if (timers_.empty()) return false;
    next = timers_.next_due();
  }
  AdvanceTo(next);
  return true;
}

bool ManualExecutor::WaitForWork(absl::Duration limit) {
  absl::MutexLock lock(&mutex_);
  const auto has_work = [this]() ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_) { return !ready_.empty(); };
  return mutex_.AwaitWithTimeout(absl::Condition(&has_work), limit);
}

size_t ManualExecutor::pending_timers() const {
  absl::MutexLock lock(&mutex_);
  return timers_.size();
}

namespace internal {

void RunUntil(ManualExecutor& executor, const std::function<bool()>& done, bool jump_in_time) {
  constexpr absl::Duration kPatience = absl::Seconds(30);
  while (!done()) {
    if (executor.RunOne()) continue;
    if (jump_in_time && executor.AdvanceToNextTimer()) continue;
    if (!executor.WaitForWork(kPatience)) {
      std::fprintf(stderr,
                   "RunToEnd: the task waits and nothing is ready; %zu timers are pending\n",
                   executor.pending_timers());
      std::abort();
    }
  }
}

}  // namespace internal
}  // namespace redress::async
