#ifndef REDRESS_SERVICES_PLATFORM_ASYNC_EXECUTOR_H_
#define REDRESS_SERVICES_PLATFORM_ASYNC_EXECUTOR_H_

#include <coroutine>
#include <functional>
#include <utility>

#include "absl/time/time.h"
#include "services/platform/async/task.h"

namespace redress::async {

// Where coroutines run: one thread in a service (the one that polls gRPC), a queue in tests and the
// simulation. Post and PostAfter are thread-safe and never run `work` before they return.
class Executor {
 public:
  virtual ~Executor() = default;
  virtual void Post(std::function<void()> work) = 0;
  virtual void PostAfter(absl::Duration delay, std::function<void()> work) = 0;
};

// Starts `task` on `executor` and lets it run to its end on its own.
void Spawn(Executor& executor, Task<void> task);

// co_await ResumeOn(executor): goes on there, after what is already queued.
class ResumeOn {
 public:
  explicit ResumeOn(Executor& executor) : executor_(executor) {}
  bool await_ready() const noexcept { return false; }
  void await_suspend(std::coroutine_handle<> waiter) {
    executor_.Post([waiter] { waiter.resume(); });
  }
  void await_resume() const noexcept {}

 private:
  Executor& executor_;
};

// co_await SleepFor(executor, delay): goes on there no earlier than `delay` from now.
class SleepFor {
 public:
  SleepFor(Executor& executor, absl::Duration delay) : executor_(executor), delay_(delay) {}
  bool await_ready() const noexcept { return false; }
  void await_suspend(std::coroutine_handle<> waiter) {
    executor_.PostAfter(delay_, [waiter] { waiter.resume(); });
  }
  void await_resume() const noexcept {}

 private:
  Executor& executor_;
  absl::Duration delay_;
};

}  // namespace redress::async

#endif  // REDRESS_SERVICES_PLATFORM_ASYNC_EXECUTOR_H_
