#ifndef REDRESS_SERVICES_PLATFORM_ASYNC_CHANNEL_H_
#define REDRESS_SERVICES_PLATFORM_ASYNC_CHANNEL_H_

#include <cstddef>
#include <cstdint>
#include <deque>
#include <optional>
#include <utility>

#include "absl/base/thread_annotations.h"
#include "absl/synchronization/mutex.h"
#include "services/platform/async/signal.h"

namespace redress::async {

// A bounded queue between coroutines (or from a thread to a coroutine, with TryPush). Pushing waits
// while it is full: that is the back-pressure. Thread-safe, any number of producers and consumers.
// REQUIRES: outlives its waiters; Close it and let them end first.
template <class T>
class Channel {
 public:
  explicit Channel(size_t capacity) : capacity_(capacity) {}

  // False when it is full or closed; `value` is then untouched.
  bool TryPush(T& value) {
    {
      absl::MutexLock lock(&mutex_);
      if (closed_ || items_.size() >= capacity_) return false;
      items_.push_back(std::move(value));
    }
    changed_.Notify();
    return true;
  }

  // False when closed or cancelled before there was room.
  Task<bool> Push(Executor& executor, T value, CancellationToken cancellation = {}) {
    while (true) {
      const uint64_t seen = changed_.count();
      if (TryPush(value)) co_return true;
      if (closed()) co_return false;
      const Wake wake = co_await changed_.WaitPast(executor, seen, cancellation);
      if (wake == Wake::kCancelled) co_return false;
    }
  }

  std::optional<T> TryPop() {
    std::optional<T> item;
    {
      absl::MutexLock lock(&mutex_);
      if (items_.empty()) return item;
      item.emplace(std::move(items_.front()));
      items_.pop_front();
    }
    changed_.Notify();
    return item;
  }

  // Nothing when cancelled, or when closed and everything that was pushed has been popped.
  Task<std::optional<T>> Pop(Executor& executor, CancellationToken cancellation = {}) {
    while (true) {
      const uint64_t seen = changed_.count();
      std::optional<T> item = TryPop();
      if (item.has_value() || closed()) co_return item;
      const Wake wake = co_await changed_.WaitPast(executor, seen, cancellation);
      if (wake == Wake::kCancelled) co_return std::nullopt;
    }
  }

  // What is inside can still be popped.
  void Close() {
    {
      absl::MutexLock lock(&mutex_);
      closed_ = true;
    }
    changed_.Notify();
  }

  bool closed() const {
    absl::MutexLock lock(&mutex_);
    return closed_;
  }
  size_t size() const {
    absl::MutexLock lock(&mutex_);
    return items_.size();
  }

 private:
  const size_t capacity_;
  Signal changed_;
  mutable absl::Mutex mutex_;
  std::deque<T> items_ ABSL_GUARDED_BY(mutex_);
  bool closed_ ABSL_GUARDED_BY(mutex_) = false;
};

}  // namespace redress::async

#endif  // REDRESS_SERVICES_PLATFORM_ASYNC_CHANNEL_H_
