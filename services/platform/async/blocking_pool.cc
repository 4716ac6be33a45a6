#include "services/platform/async/blocking_pool.h"

namespace redress::async {

BlockingPool::BlockingPool(size_t threads, size_t queue_limit) : queue_limit_(queue_limit) {
  threads_.reserve(threads);
  for (size_t i = 0; i < threads; ++i) threads_.emplace_back([this] { Work(); });
}

BlockingPool::~BlockingPool() { Stop(); }

absl::Status BlockingPool::Submit(std::function<void()> job) {
  absl::MutexLock lock(&mutex_);
  if (stopping_) return absl::UnavailableError("stopping");
  if (queue_.size() >= queue_limit_) {
    return absl::ResourceExhaustedError("too much work is waiting for a blocking thread");
  }
  queue_.push_back(std::move(job));
  changed_.Signal();
  return absl::OkStatus();
}

void BlockingPool::Stop() {
  {
    absl::MutexLock lock(&mutex_);
    stopping_ = true;
    changed_.SignalAll();
  }
  for (std::thread& thread : threads_) {
    if (thread.joinable()) thread.join();
  }
}

void BlockingPool::Work() {
  while (true) {
    std::function<void()> job;
    {
      absl::MutexLock lock(&mutex_);
      while (queue_.empty() && !stopping_) changed_.Wait(&mutex_);
      if (queue_.empty()) return;
      job = std::move(queue_.front());
      queue_.pop_front();
    }
    job();
  }
}

}  // namespace redress::async
