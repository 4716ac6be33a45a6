#include "services/platform/async/signal.h"

#include <atomic>
#include <list>
#include <optional>
#include <utility>

#include "absl/base/thread_annotations.h"
#include "absl/synchronization/mutex.h"
#include "services/platform/async/completion.h"

namespace redress::async {

// A notification, a cancellation and a timer may all come; the first one counts.
struct Signal::Waiter {
  explicit Waiter(Executor& executor) : woken(executor) {}
  void Fire(Wake wake) {
    if (!fired.exchange(true)) woken.Set(wake);
  }
  std::atomic<bool> fired = false;
  Completion<Wake> woken;
};

struct Signal::State {
  mutable absl::Mutex mutex;
  uint64_t count ABSL_GUARDED_BY(mutex) = 0;
  std::list<std::shared_ptr<Waiter>> waiters ABSL_GUARDED_BY(mutex);
};

Signal::Signal() : state_(std::make_shared<State>()) {}

void Signal::Notify() {
  std::list<std::shared_ptr<Waiter>> waiters;
  {
    absl::MutexLock lock(&state_->mutex);
    ++state_->count;
    waiters.swap(state_->waiters);
  }
  for (const std::shared_ptr<Waiter>& waiter : waiters) waiter->Fire(Wake::kNotified);
}

uint64_t Signal::count() const {
  absl::MutexLock lock(&state_->mutex);
  return state_->count;
}

Task<Wake> Signal::WaitPast(Executor& executor, uint64_t seen, CancellationToken cancellation,
                            absl::Duration limit) {
  return Wait(state_, executor, seen, std::move(cancellation), limit);
}

Task<Wake> Signal::Wait(std::shared_ptr<State> state, Executor& executor, uint64_t seen,
                        CancellationToken cancellation, absl::Duration limit) {
  if (cancellation.IsCancelled()) co_return Wake::kCancelled;
  auto waiter = std::make_shared<Waiter>(executor);
  {
    absl::MutexLock lock(&state->mutex);
    if (state->count > seen) co_return Wake::kNotified;
    state->waiters.push_back(waiter);
  }
  if (limit < absl::InfiniteDuration()) {
    // Weak: a timer that is due in an hour must not hold the waiter that long.
    std::weak_ptr<Waiter> timed = waiter;
    executor.PostAfter(limit, [timed] {
      if (auto locked = timed.lock()) locked->Fire(Wake::kTimedOut);
    });
  }
  Wake wake;
  {
    std::optional<CancellationCallback> on_cancel;
    if (cancellation.CanBeCancelled()) {
      on_cancel.emplace(cancellation, [raw = waiter.get()] { raw->Fire(Wake::kCancelled); });
    }
    wake = co_await waiter->woken;
  }
  if (wake != Wake::kNotified) {
    absl::MutexLock lock(&state->mutex);
    state->waiters.remove(waiter);
  }
  co_return wake;
}

Task<bool> SleepUnlessCancelled(Executor& executor, absl::Duration delay,
                                CancellationToken cancellation) {
  Signal never;
  const Wake wake = co_await never.WaitPast(executor, 0, std::move(cancellation), delay);
  co_return wake == Wake::kTimedOut;
}

}  // namespace redress::async
