#ifndef REDRESS_SERVICES_PLATFORM_ASYNC_TASK_GROUP_H_
#define REDRESS_SERVICES_PLATFORM_ASYNC_TASK_GROUP_H_

#include <memory>
#include <utility>

#include "services/platform/async/cancellation.h"
#include "services/platform/async/executor.h"
#include "services/platform/async/signal.h"

namespace redress::async {

// The loops that a service runs besides its calls (draining an outbox, following a feed): started
// together with one cancellation, and waited for when the service stops, so that nothing they use
// goes away under them.
//
//   TaskGroup background(executor);
//   background.Start(DrainOutbox(parts, background.cancellation()));
//   ...
//   background.Cancel();
//   co_await background.Join();
//
// Everything but Cancel is for the executor's thread, or for before it runs anything.
// REQUIRES: joined before it is destroyed.
class TaskGroup {
 public:
  explicit TaskGroup(Executor& executor) : executor_(executor) {}

  void Start(Task<void> task) {
    ++state_->running;
    Spawn(executor_, Counted(state_, std::move(task)));
  }
  CancellationToken cancellation() const { return source_.token(); }
  void Cancel() { source_.Cancel(); }

  // Ends when no task of the group runs any more.
  Task<void> Join() {
    while (true) {
      const uint64_t seen = state_->ended.count();
      if (state_->running == 0) co_return;
      co_await state_->ended.WaitPast(executor_, seen);
    }
  }
  int running() const { return state_->running; }

 private:
  struct State {
    int running = 0;
    Signal ended;
  };
  static Task<void> Counted(std::shared_ptr<State> state, Task<void> task) {
    co_await task;
    --state->running;
    state->ended.Notify();
  }

  Executor& executor_;
  CancellationSource source_;
  std::shared_ptr<State> state_ = std::make_shared<State>();
};

}  // namespace redress::async

#endif  // REDRESS_SERVICES_PLATFORM_ASYNC_TASK_GROUP_H_
