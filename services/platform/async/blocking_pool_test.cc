#include "services/platform/async/blocking_pool.h"

#include <memory>
#include <string>
#include <thread>

#include "absl/status/statusor.h"
#include "absl/synchronization/notification.h"
#include "gtest/gtest.h"
#include "services/platform/async/manual_executor.h"

namespace redress::async {
namespace {

TEST(BlockingPoolTest, WorkRunsElsewhereAndTheTaskGoesOnAtHome) {
  ManualExecutor home;
  BlockingPool pool(1, 8);
  const std::thread::id here = std::this_thread::get_id();
  auto text = std::make_unique<std::string>("read");
  auto work = [text = std::move(text), here]() -> absl::StatusOr<std::string> {
    if (std::this_thread::get_id() == here) return absl::InternalError("ran at home");
    return *text;
  };
  EXPECT_EQ(*RunToEnd(home, pool.Run(home, std::move(work))), "read");
}

Task<void> RunInto(BlockingPool& pool, Executor& home, absl::Notification& gate,
                   absl::Status& result) {
  auto work = [&gate]() -> absl::Status {
    gate.WaitForNotification();
    return absl::OkStatus();
  };
  result = co_await pool.Run(home, std::move(work));
}

TEST(BlockingPoolTest, AFullQueueRefusesAtOnce) {
  ManualExecutor home;
  absl::Notification gate;
  absl::Notification started;
  BlockingPool pool(1, 1);
  Completion<absl::Status> first(home);
  // The thread takes the first piece; the second fills the queue; the third is refused.
  auto occupy = [&]() -> absl::Status {
    started.Notify();
    gate.WaitForNotification();
    return absl::OkStatus();
  };
  const auto run = [](BlockingPool& pool, Executor& home, decltype(occupy) work) -> Task<void> {
    co_await pool.Run(home, std::move(work));
  };
  Spawn(home, run(pool, home, occupy));
  home.RunUntilIdle();
  started.WaitForNotification();
  absl::Status second = absl::UnknownError("not run");
  absl::Status third = absl::UnknownError("not run");
  Spawn(home, RunInto(pool, home, gate, second));
  Spawn(home, RunInto(pool, home, gate, third));
  home.RunUntilIdle();
  EXPECT_EQ(third.code(), absl::StatusCode::kResourceExhausted);
  gate.Notify();
  pool.Stop();
  home.RunUntilIdle();
  EXPECT_TRUE(second.ok());
}

TEST(BlockingPoolTest, AStoppedPoolRefuses) {
  ManualExecutor home;
  BlockingPool pool(1, 1);
  pool.Stop();
  auto work = []() -> absl::Status { return absl::OkStatus(); };
  EXPECT_EQ(RunToEnd(home, pool.Run(home, work)).code(), absl::StatusCode::kUnavailable);
}

}  // namespace
}  // namespace redress::async
