#ifndef REDRESS_SERVICES_PLATFORM_SERVICE_BACKGROUND_TASKS_H_
#define REDRESS_SERVICES_PLATFORM_SERVICE_BACKGROUND_TASKS_H_

#include <functional>

#include "services/platform/async/cancellation.h"
#include "services/platform/async/executor.h"
#include "services/platform/async/task.h"
#include "services/platform/async/task_group.h"

namespace redress::service {

// The loops that a process runs beside its calls, started and stopped from outside the executor's
// thread, as main does it. Each is to end soon after `cancellation()` is cancelled.
//
// Stop (or the destructor) cancels them and blocks until the last has ended, so that nothing they
// use goes away under them: destroy it before what they use, and before the executor.
// Start and Stop are for one thread, which is not the executor's.
class BackgroundTasks {
 public:
  explicit BackgroundTasks(async::Executor& executor) : executor_(executor), group_(executor) {}
  ~BackgroundTasks() { Stop(); }
  BackgroundTasks(const BackgroundTasks&) = delete;
  BackgroundTasks& operator=(const BackgroundTasks&) = delete;

  void Start(async::Task<void> task);
  async::CancellationToken cancellation() const { return group_.cancellation(); }
  // Again: no effect.
  void Stop();

 private:
  async::Executor& executor_;
  async::TaskGroup group_;
  bool stopped_ = false;
};

// Runs `work` on the executor's thread and waits for it. Not from that thread.
void RunOn(async::Executor& executor, std::function<void()> work);

}  // namespace redress::service

#endif  // REDRESS_SERVICES_PLATFORM_SERVICE_BACKGROUND_TASKS_H_
