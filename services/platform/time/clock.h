#ifndef REDRESS_SERVICES_PLATFORM_TIME_CLOCK_H_
#define REDRESS_SERVICES_PLATFORM_TIME_CLOCK_H_

#include <atomic>
#include <cstdint>

#include "absl/time/clock.h"
#include "absl/time/time.h"

namespace redress {

// Where "now" comes from. Everything that asks the time takes a Clock, so that a seven-day limit is
// tried by moving a clock and never by waiting. Implementations are thread-safe.
class Clock {
 public:
  virtual ~Clock() = default;
  virtual absl::Time Now() const = 0;
};

class SystemClock final : public Clock {
 public:
  absl::Time Now() const override { return absl::Now(); }
};

// A clock that stands still until it is moved. Used by unit tests and the simulation.
class ManualClock final : public Clock {
 public:
  explicit ManualClock(absl::Time start) : nanos_(absl::ToUnixNanos(start)) {}

  absl::Time Now() const override { return absl::FromUnixNanos(nanos_.load()); }
  void Advance(absl::Duration by) { nanos_.fetch_add(absl::ToInt64Nanoseconds(by)); }
  void Set(absl::Time to) { nanos_.store(absl::ToUnixNanos(to)); }

 private:
  std::atomic<int64_t> nanos_;
};

}  // namespace redress

#endif  // REDRESS_SERVICES_PLATFORM_TIME_CLOCK_H_
