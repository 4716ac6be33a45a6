#ifndef REDRESS_SERVICES_PLATFORM_ASYNC_THREAD_EXECUTOR_H_
#define REDRESS_SERVICES_PLATFORM_ASYNC_THREAD_EXECUTOR_H_

#include <functional>
#include <thread>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/synchronization/mutex.h"
#include "services/platform/async/executor.h"
#include "services/platform/async/timer_queue.h"

namespace redress::async {

// One thread that runs posted work in order, and timers. For processes without gRPC, and for tests
// of code that crosses threads. Thread-safe.
//
// Stop (or the destructor) runs what is ready, drops timers that are not due, and joins. Work that
// is posted later is dropped.
class ThreadExecutor final : public Executor {
 public:
  ThreadExecutor();
  ~ThreadExecutor() override;
  ThreadExecutor(const ThreadExecutor&) = delete;
  ThreadExecutor& operator=(const ThreadExecutor&) = delete;

  void Post(std::function<void()> work) override;
  void PostAfter(absl::Duration delay, std::function<void()> work) override;
  // REQUIRES: not called from the executor's own thread.
  void Stop();

 private:
  void Run();

  absl::Mutex mutex_;
  std::vector<std::function<void()>> ready_ ABSL_GUARDED_BY(mutex_);
  TimerQueue timers_ ABSL_GUARDED_BY(mutex_);
  bool stopping_ ABSL_GUARDED_BY(mutex_) = false;
  absl::CondVar changed_;
  std::thread thread_;
};

}  // namespace redress::async

#endif  // REDRESS_SERVICES_PLATFORM_ASYNC_THREAD_EXECUTOR_H_
