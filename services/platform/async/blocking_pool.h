#ifndef REDRESS_SERVICES_PLATFORM_ASYNC_BLOCKING_POOL_H_
#define REDRESS_SERVICES_PLATFORM_ASYNC_BLOCKING_POOL_H_

#include <cstddef>
#include <deque>
#include <functional>
#include <memory>
#include <thread>
#include <type_traits>
#include <utility>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/status/status.h"
#include "absl/synchronization/mutex.h"
#include "services/platform/async/completion.h"
#include "services/platform/async/executor.h"
#include "services/platform/async/task.h"

namespace redress::async {

// A few threads for work that blocks (long scans, file sync, argon2), so that the thread which runs
// the coroutines never does. The queue is bounded: beyond it work is refused at once, which is
// better than answering everybody late. Thread-safe.
//
// Stop (or the destructor) refuses new work, finishes what was accepted, and joins.
class BlockingPool {
 public:
  // REQUIRES: threads > 0.
  BlockingPool(size_t threads, size_t queue_limit);
  ~BlockingPool();
  BlockingPool(const BlockingPool&) = delete;
  BlockingPool& operator=(const BlockingPool&) = delete;

  // Runs `work` on a thread of the pool and goes on upon `home` with what it returned: absl::Status
  // or a StatusOr. RESOURCE_EXHAUSTED when the queue is full, UNAVAILABLE when stopped; `work` has
  // then not run.
  //
  //   auto read = [path = std::move(path)] { return ReadWhole(path); };
  //   absl::StatusOr<std::string> bytes = co_await pool.Run(executor, std::move(read));
  template <class Work>
  Task<std::invoke_result_t<Work&>> Run(Executor& home, Work work) {
    using Result = std::invoke_result_t<Work&>;
    static_assert(std::is_constructible_v<Result, absl::Status>,
                  "work returns absl::Status or absl::StatusOr, so that it can be refused");
    Completion<Result> done(home);
    // Shared, since std::function copies and `work` may be move-only.
    auto shared = std::make_shared<Work>(std::move(work));
    std::function<void()> job = [shared, done]() mutable { done.Set((*shared)()); };
    shared.reset();
    absl::Status submitted = Submit(std::move(job));
    if (!submitted.ok()) co_return Result(std::move(submitted));
    co_return co_await done;
  }

  void Stop();

 private:
  absl::Status Submit(std::function<void()> job);
  void Work();

  const size_t queue_limit_;
  absl::Mutex mutex_;
  absl::CondVar changed_;
  std::deque<std::function<void()>> queue_ ABSL_GUARDED_BY(mutex_);
  bool stopping_ ABSL_GUARDED_BY(mutex_) = false;
  std::vector<std::thread> threads_;
};

}  // namespace redress::async

#endif  // REDRESS_SERVICES_PLATFORM_ASYNC_BLOCKING_POOL_H_
