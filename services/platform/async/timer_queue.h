#ifndef REDRESS_SERVICES_PLATFORM_ASYNC_TIMER_QUEUE_H_
#define REDRESS_SERVICES_PLATFORM_ASYNC_TIMER_QUEUE_H_

#include <algorithm>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <utility>
#include <vector>

#include "absl/time/time.h"

namespace redress::async {

// The time by which executors run their timers: it only says how far apart two moments are, and
// goes on evenly when the machine's clock is set. A clock set back by an hour must not hold up
// whatever waits to be tried again for that hour.
inline absl::Time SteadyNow() {
  return absl::UnixEpoch() + absl::FromChrono(std::chrono::steady_clock::now().time_since_epoch());
}

// Work by the time it is due, equal times in the order they were added. What executors keep their
// timers in. Not thread-safe.
class TimerQueue {
 public:
  void Add(absl::Time due, std::function<void()> work) {
    heap_.push_back({due, next_number_++, std::move(work)});
    std::push_heap(heap_.begin(), heap_.end());
  }

  bool empty() const { return heap_.empty(); }
  size_t size() const { return heap_.size(); }
  // InfiniteFuture when there is none.
  absl::Time next_due() const { return heap_.empty() ? absl::InfiniteFuture() : heap_[0].due; }

  // The first work that is due at `now`, or nothing.
  std::optional<std::function<void()>> TakeDue(absl::Time now) {
    if (heap_.empty() || heap_[0].due > now) return std::nullopt;
    std::pop_heap(heap_.begin(), heap_.end());
    std::function<void()> work = std::move(heap_.back().work);
    heap_.pop_back();
    return work;
  }

 private:
  struct Entry {
    absl::Time due;
    uint64_t number;
    std::function<void()> work;
    // The heap keeps the largest in front; the earliest is to be there.
    bool operator<(const Entry& other) const {
      return due != other.due ? due > other.due : number > other.number;
    }
  };

  uint64_t next_number_ = 0;
  std::vector<Entry> heap_;
};

}  // namespace redress::async

#endif  // REDRESS_SERVICES_PLATFORM_ASYNC_TIMER_QUEUE_H_
