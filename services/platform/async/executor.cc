#include "services/platform/async/executor.h"

#include <exception>
#include <memory>

namespace redress::async {
namespace {

// The outermost coroutine: nobody waits for it, and its frame goes away when it ends.
struct Detached {
  struct promise_type {
    Detached get_return_object() noexcept {
      return {std::coroutine_handle<promise_type>::from_promise(*this)};
    }
    std::suspend_always initial_suspend() noexcept { return {}; }
    std::suspend_never final_suspend() noexcept { return {}; }
    void return_void() noexcept {}
    void unhandled_exception() noexcept { std::terminate(); }
  };
  std::coroutine_handle<promise_type> handle;
};

Detached RunDetached(Task<void> task) { co_await task; }

// Owns a frame that was not started yet, so that an executor which is destroyed with work in its
// queue does not leak it.
class Unstarted {
 public:
  explicit Unstarted(std::coroutine_handle<> handle) : handle_(handle) {}
  Unstarted(const Unstarted&) = delete;
  Unstarted& operator=(const Unstarted&) = delete;
  ~Unstarted() {
    if (handle_) handle_.destroy();
  }
  void Start() { std::exchange(handle_, nullptr).resume(); }

 private:
  std::coroutine_handle<> handle_;
};

}  // namespace

void Spawn(Executor& executor, Task<void> task) {
  auto unstarted = std::make_shared<Unstarted>(RunDetached(std::move(task)).handle);
  executor.Post([unstarted] { unstarted->Start(); });
}

}  // namespace redress::async
