#include "services/platform/service/background_tasks.h"

#include <functional>
#include <memory>
#include <utility>

#include "absl/synchronization/notification.h"

namespace redress::service {
namespace {

async::Task<void> JoinAndTell(async::TaskGroup* group, absl::Notification* ended) {
  co_await group->Join();
  ended->Notify();
}

}  // namespace

void BackgroundTasks::Start(async::Task<void> task) {
  // Shared, since std::function copies what it holds and a task can only be moved.
  auto shared = std::make_shared<async::Task<void>>(std::move(task));
  RunOn(executor_, [this, shared] { group_.Start(std::move(*shared)); });
}

void BackgroundTasks::Stop() {
  if (std::exchange(stopped_, true)) return;
  group_.Cancel();
  absl::Notification ended;
  async::Spawn(executor_, JoinAndTell(&group_, &ended));
  ended.WaitForNotification();
}

void RunOn(async::Executor& executor, std::function<void()> work) {
  absl::Notification done;
  executor.Post([&work, &done] {
    work();
    done.Notify();
  });
  done.WaitForNotification();
}

}  // namespace redress::service
