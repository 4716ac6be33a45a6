#ifndef REDRESS_TESTS_SIMULATION_CALL_H_
#define REDRESS_TESTS_SIMULATION_CALL_H_

#include <functional>
#include <memory>
#include <optional>
#include <utility>

#include "absl/status/statusor.h"
#include "services/platform/async/completion.h"
#include "services/platform/async/task.h"
#include "tests/simulation/dice.h"
#include "tests/simulation/process.h"

namespace redress::simulation {

// How calls within a node travel: from people to its services, and between these.
struct CallWeather {
  Dice dice;
  absl::Duration delay;                     // At most, each way.
  uint32_t lost_answers = 0;                // In thousandths.
  absl::Duration time = absl::Seconds(15);  // The caller's patience.
};

// Where a service answers, over all its lives.
class Door {
 public:
  virtual ~Door() = default;
  // The process that answers now; null while it is down.
  virtual Process* process() = 0;
};

namespace internal {

template <class T>
class PendingAnswer {
 public:
  explicit PendingAnswer(Process& caller) : done_(caller) {}
  // The first answer counts.
  void Settle(absl::StatusOr<T> answer) {
    if (std::exchange(settled_, true)) return;
    done_.Set(std::move(answer));
  }
  async::Completion<absl::StatusOr<T>>& done() { return done_; }
  bool settled() const { return settled_; }

 private:
  async::Completion<absl::StatusOr<T>> done_;
  bool settled_ = false;
};

// Runs the handler in the callee's process, and sends its answer back unless that dies first.
template <class T>
async::Task<void> Serve(std::function<async::Task<absl::StatusOr<T>>()> handler, Process& callee,
                        std::shared_ptr<PendingAnswer<T>> pending, absl::Duration back, bool lost) {
  Scheduler& scheduler = callee.scheduler();
  const uint64_t hook = callee.OnDeath([pending, back, &scheduler] {
    scheduler.After(back, [pending] { pending->Settle(absl::UnavailableError("it crashed")); });
  });
  async::Task<absl::StatusOr<T>> task = handler();
  absl::StatusOr<T> answer = co_await task;
  if (callee.dying()) co_return;
  callee.Forget(hook);
  if (lost) co_return;  // The caller's patience ends it.
  auto kept = std::make_shared<absl::StatusOr<T>>(std::move(answer));
  scheduler.After(back, [pending, kept] { pending->Settle(*std::move(kept)); });
}

}  // namespace internal

// One call, as over gRPC: takes its time both ways; UNAVAILABLE when nobody is there or the callee
// crashes meanwhile, DEADLINE_EXCEEDED when no answer comes in time, and in both cases it may have
// been done all the same. `handler` is asked for its task when the call arrives. `weather` and
// `door` outlive the call's travel.
template <class T>
async::Task<absl::StatusOr<T>> Call(CallWeather& weather, Process& caller, Door& door,
                                    std::function<async::Task<absl::StatusOr<T>>()> handler) {
  if (caller.dying()) co_return absl::CancelledError("the caller has crashed");
  Scheduler& scheduler = caller.scheduler();
  auto pending = std::make_shared<internal::PendingAnswer<T>>(caller);
  const uint64_t hook = caller.OnDeath(
      [pending] { pending->Settle(absl::CancelledError("the caller has crashed")); });
  const absl::Duration there = weather.dice.Between(absl::Microseconds(20), weather.delay);
  const absl::Duration back = weather.dice.Between(absl::Microseconds(20), weather.delay);
  const bool lost = weather.dice.Chance(weather.lost_answers);
  scheduler.After(there, [&door, handler = std::move(handler), pending, back, lost, &scheduler] {
    Process* callee = door.process();
    if (callee == nullptr) {
      scheduler.After(back, [pending] { pending->Settle(absl::UnavailableError("it is down")); });
      return;
    }
    async::Spawn(*callee, internal::Serve<T>(handler, *callee, pending, back, lost));
  });
  scheduler.After(weather.time,
                  [pending] { pending->Settle(absl::DeadlineExceededError("no answer in time")); });
  absl::StatusOr<T> answer = co_await pending->done();
  caller.Forget(hook);
  co_return answer;
}

}  // namespace redress::simulation

#endif  // REDRESS_TESTS_SIMULATION_CALL_H_
