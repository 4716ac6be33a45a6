#ifndef REDRESS_SERVICES_PLATFORM_ASYNC_TASK_H_
#define REDRESS_SERVICES_PLATFORM_ASYNC_TASK_H_

#include <atomic>
#include <coroutine>
#include <exception>
#include <optional>
#include <utility>

namespace redress::async {

template <class T>
class Task;

namespace internal {

// What every task's promise shares: who waits for it, and handing control back without growing the
// stack.
//
// Symmetric transfer alone is not enough: gcc 12 makes it a tail call only when it optimises, and
// never under AddressSanitizer, so that a loop over tasks that finish at once would overflow there.
// Hence the awaiter runs the task as a plain call and asks afterwards whether it has finished; only
// a task that finishes later transfers to its waiter. `second_` settles which of the two it was
// when the task finishes upon another thread meanwhile: whoever comes second goes on.
class PromiseBase {
 public:
  std::suspend_always initial_suspend() noexcept { return {}; }

  struct FinalAwaiter {
    bool await_ready() noexcept { return false; }
    template <class Promise>
    std::coroutine_handle<> await_suspend(std::coroutine_handle<Promise> finished) noexcept {
      PromiseBase& promise = finished.promise();
      if (promise.ComesSecond()) return promise.waiter_;
      return std::noop_coroutine();
    }
    void await_resume() noexcept {}
  };
  FinalAwaiter final_suspend() noexcept { return {}; }

  // No exception crosses our functions; one that gets here is a bug in the process, not an answer.
  void unhandled_exception() noexcept { std::terminate(); }

  void set_waiter(std::coroutine_handle<> waiter) noexcept { waiter_ = waiter; }
  bool ComesSecond() noexcept { return second_.exchange(true, std::memory_order_acq_rel); }

 private:
  std::atomic<bool> second_ = false;
  std::coroutine_handle<> waiter_;
};

template <class T>
class Promise final : public PromiseBase {
 public:
  Task<T> get_return_object() noexcept;
  template <class U>
  void return_value(U&& value) {
    value_.emplace(std::forward<U>(value));
  }
  T TakeResult() { return std::move(*value_); }

 private:
  std::optional<T> value_;
};

template <>
class Promise<void> final : public PromiseBase {
 public:
  Task<void> get_return_object() noexcept;
  void return_void() noexcept {}
  void TakeResult() noexcept {}
};

}  // namespace internal

// A coroutine that computes one T. It is lazy: nothing runs until it is awaited (or given to
// Spawn, see executor.h), and it then runs on the awaiter's thread up to its first suspension.
// Await it once. Destroying a task that is suspended destroys its frame and everything in it.
//
// Move-only; not thread-safe: one thread owns it at a time. Parameters of a coroutine are taken by
// value, so that they live in its frame.
template <class T = void>
class [[nodiscard]] Task {
 public:
  using promise_type = internal::Promise<T>;

  Task(Task&& other) noexcept : handle_(std::exchange(other.handle_, nullptr)) {}
  Task& operator=(Task&& other) noexcept {
    if (this != &other) {
      Destroy();
      handle_ = std::exchange(other.handle_, nullptr);
    }
    return *this;
  }
  Task(const Task&) = delete;
  Task& operator=(const Task&) = delete;
  ~Task() { Destroy(); }

  bool await_ready() const noexcept { return false; }
  bool await_suspend(std::coroutine_handle<> waiter) noexcept {
    const std::coroutine_handle<promise_type> handle = handle_;
    handle.promise().set_waiter(waiter);
    handle.resume();
    return !handle.promise().ComesSecond();
  }
  T await_resume() { return handle_.promise().TakeResult(); }

 private:
  friend promise_type;
  explicit Task(std::coroutine_handle<promise_type> handle) noexcept : handle_(handle) {}
  void Destroy() noexcept {
    if (handle_) std::exchange(handle_, nullptr).destroy();
  }

  std::coroutine_handle<promise_type> handle_;
};

namespace internal {

template <class T>
Task<T> Promise<T>::get_return_object() noexcept {
  return Task<T>(std::coroutine_handle<Promise<T>>::from_promise(*this));
}

inline Task<void> Promise<void>::get_return_object() noexcept {
  return Task<void>(std::coroutine_handle<Promise<void>>::from_promise(*this));
}

}  // namespace internal
}  // namespace redress::async

#endif  // REDRESS_SERVICES_PLATFORM_ASYNC_TASK_H_
