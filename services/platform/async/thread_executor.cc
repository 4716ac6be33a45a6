#include "services/platform/async/thread_executor.h"

#include <utility>

namespace redress::async {

ThreadExecutor::ThreadExecutor() : thread_([this] { Run(); }) {}

ThreadExecutor::~ThreadExecutor() { Stop(); }

void ThreadExecutor::Post(std::function<void()> work) {
  absl::MutexLock lock(&mutex_);
  if (stopping_) return;
  ready_.push_back(std::move(work));
  changed_.Signal();
}

void ThreadExecutor::PostAfter(absl::Duration delay, std::function<void()> work) {
  absl::MutexLock lock(&mutex_);
  if (stopping_) return;
  timers_.Add(SteadyNow() + delay, std::move(work));
  changed_.Signal();
}

void ThreadExecutor::Stop() {
  {
    absl::MutexLock lock(&mutex_);
    stopping_ = true;
    changed_.Signal();
  }
  if (thread_.joinable()) thread_.join();
}

void ThreadExecutor::Run() {
  std::vector<std::function<void()>> batch;
  while (true) {
    {
      absl::MutexLock lock(&mutex_);
      while (true) {
        while (auto work = timers_.TakeDue(SteadyNow())) ready_.push_back(std::move(*work));
        if (!ready_.empty()) break;
        if (stopping_) return;
        changed_.WaitWithTimeout(&mutex_, timers_.next_due() - SteadyNow());
      }
      batch.swap(ready_);
    }
    for (std::function<void()>& work : batch) work();
    batch.clear();
  }
}

}  // namespace redress::async
