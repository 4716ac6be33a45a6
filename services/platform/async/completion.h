#ifndef REDRESS_SERVICES_PLATFORM_ASYNC_COMPLETION_H_
#define REDRESS_SERVICES_PLATFORM_ASYNC_COMPLETION_H_

#include <coroutine>
#include <memory>
#include <optional>
#include <utility>

#include "absl/base/thread_annotations.h"
#include "absl/synchronization/mutex.h"
#include "services/platform/async/executor.h"

namespace redress::async {

// A value that another thread will bring, awaited once by one coroutine. The waiter goes on upon
// its executor, never on the thread that brought the value. Copies share the same value.
//
//   Completion<int> done(executor);
//   worker.Start([done]() mutable { done.Set(7); });
//   int seven = co_await done;
//
// Set is thread-safe and is called exactly once. The awaiting side is one coroutine.
template <class T>
class Completion {
 public:
  explicit Completion(Executor& executor) : state_(std::make_shared<State>(executor)) {}

  void Set(T value) {
    std::coroutine_handle<> waiter;
    {
      absl::MutexLock lock(&state_->mutex);
      state_->value.emplace(std::move(value));
      waiter = state_->waiter;
    }
    if (waiter) state_->executor.Post([waiter] { waiter.resume(); });
  }

  bool await_ready() const {
    absl::MutexLock lock(&state_->mutex);
    return state_->value.has_value();
  }
  bool await_suspend(std::coroutine_handle<> waiter) {
    absl::MutexLock lock(&state_->mutex);
    if (state_->value.has_value()) return false;
    state_->waiter = waiter;
    return true;
  }
  T await_resume() {
    absl::MutexLock lock(&state_->mutex);
    return std::move(*state_->value);
  }

 private:
  struct State {
    explicit State(Executor& executor) : executor(executor) {}
    Executor& executor;
    absl::Mutex mutex;
    std::optional<T> value ABSL_GUARDED_BY(mutex);
    std::coroutine_handle<> waiter ABSL_GUARDED_BY(mutex);
  };
  std::shared_ptr<State> state_;
};

}  // namespace redress::async

#endif  // REDRESS_SERVICES_PLATFORM_ASYNC_COMPLETION_H_
