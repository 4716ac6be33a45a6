#ifndef REDRESS_SERVICES_PLATFORM_ASYNC_SIGNAL_H_
#define REDRESS_SERVICES_PLATFORM_ASYNC_SIGNAL_H_

#include <cstdint>
#include <memory>

#include "absl/time/time.h"
#include "services/platform/async/cancellation.h"
#include "services/platform/async/executor.h"
#include "services/platform/async/task.h"

namespace redress::async {

enum class Wake { kNotified, kCancelled, kTimedOut };

// "Something has changed": followers wait for it without polling. It counts, so that a change
// between looking and waiting is not missed:
//
//   uint64_t seen = signal.count();
//   ... look at the state; nothing to do ...
//   const Wake wake = co_await signal.WaitPast(executor, seen, cancellation);
//
// Thread-safe; the waiter goes on upon the executor it names. Destroying the signal leaves waiters
// waiting for their cancellation or time limit. Simple on purpose: Notify wakes every follower, and
// the timer of a wait that ended early stays with its executor until it is due.
class Signal {
 public:
  Signal();

  void Notify();
  uint64_t count() const;

  // Ends at once when count() > seen already.
  Task<Wake> WaitPast(Executor& executor, uint64_t seen, CancellationToken cancellation = {},
                      absl::Duration limit = absl::InfiniteDuration());

 private:
  struct State;
  struct Waiter;
  static Task<Wake> Wait(std::shared_ptr<State> state, Executor& executor, uint64_t seen,
                         CancellationToken cancellation, absl::Duration limit);

  std::shared_ptr<State> state_;
};

// Sleeps like SleepFor, but ends at once when cancelled. True when it slept for all of `delay`.
Task<bool> SleepUnlessCancelled(Executor& executor, absl::Duration delay,
                                CancellationToken cancellation);

}  // namespace redress::async

#endif  // REDRESS_SERVICES_PLATFORM_ASYNC_SIGNAL_H_
