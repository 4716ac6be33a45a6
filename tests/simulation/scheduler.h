#ifndef REDRESS_TESTS_SIMULATION_SCHEDULER_H_
#define REDRESS_TESTS_SIMULATION_SCHEDULER_H_

#include <cstdint>
#include <functional>
#include <map>
#include <string_view>
#include <utility>

#include "absl/time/time.h"

namespace redress::simulation {

// Virtual time and what happens in it, one thing after another. Nothing else in a run knows of
// time or order. For one thread.
class Scheduler {
 public:
  absl::Time now() const { return now_; }

  void At(absl::Time when, std::function<void()> work) {
    events_.emplace(std::make_pair(when < now_ ? now_ : when, ++last_), std::move(work));
  }
  void After(absl::Duration delay, std::function<void()> work) {
    At(now_ + delay, std::move(work));
  }

  // Runs everything up to `to` and leaves the time there.
  void RunUntil(absl::Time to) {
    while (!events_.empty() && events_.begin()->first.first <= to) {
      auto event = events_.extract(events_.begin());
      now_ = event.key().first;
      ++ran_;
      event.mapped()();
    }
    now_ = to;
  }

  // What has happened so far in one number: two runs that differ anywhere differ here.
  void Note(std::string_view what) {
    for (const char c : what) Mix(static_cast<uint8_t>(c));
    Mix(static_cast<uint64_t>(absl::ToUnixNanos(now_)));
  }
  uint64_t trace() const { return trace_; }
  uint64_t ran() const { return ran_; }

 private:
  void Mix(uint64_t value) { trace_ = (trace_ ^ value) * 0x100000001b3; }

  absl::Time now_ = absl::FromUnixSeconds(1'795'334'400);  // 2026-11-22T08:00:00Z
  std::map<std::pair<absl::Time, uint64_t>, std::function<void()>> events_;
  uint64_t last_ = 0;
  uint64_t ran_ = 0;
  uint64_t trace_ = 0xcbf29ce484222325;
};

}  // namespace redress::simulation

#endif  // REDRESS_TESTS_SIMULATION_SCHEDULER_H_
