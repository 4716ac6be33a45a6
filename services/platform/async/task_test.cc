#include "services/platform/async/task.h"

#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/statusor.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "services/platform/async/completion.h"
#include "services/platform/async/manual_executor.h"
#include "services/platform/async/thread_executor.h"

namespace redress::async {
namespace {

using ::testing::ElementsAre;

// Counts how many of it exist: whoever holds one in a frame shows that the frame is destroyed.
class Counted {
 public:
  explicit Counted(int& alive) : alive_(&alive) { ++*alive_; }
  Counted(const Counted& other) : alive_(other.alive_) { ++*alive_; }
  Counted(Counted&& other) noexcept : alive_(other.alive_) { ++*alive_; }
  Counted& operator=(const Counted&) = delete;
  ~Counted() { --*alive_; }

 private:
  int* alive_;
};

Task<int> Number(int value) { co_return value; }

Task<int> SumOfMany(int count) {
  int sum = 0;
  for (int i = 0; i < count; ++i) sum += co_await Number(1);
  co_return sum;
}

Task<int> Depth(int left) {
  if (left == 0) co_return 0;
  co_return 1 + co_await Depth(left - 1);
}

Task<std::unique_ptr<std::string>> MoveOnly(std::unique_ptr<std::string> text) {
  text->append("!");
  co_return text;
}

Task<absl::StatusOr<int>> Fails() { co_return absl::NotFoundError("gone"); }

Task<int> Holds(Counted counted, Completion<int> done) {
  Counted another(counted);
  const int value = co_await done;
  co_return value;
}

TEST(TaskTest, ATaskRunsOnlyWhenItIsAwaited) {
  ManualExecutor executor;
  EXPECT_EQ(RunToEnd(executor, Number(7)), 7);
}

TEST(TaskTest, AMillionTasksThatFinishAtOnceDoNotGrowTheStack) {
  ManualExecutor executor;
  EXPECT_EQ(RunToEnd(executor, SumOfMany(1'000'000)), 1'000'000);
}

TEST(TaskTest, AChainOfAThousandTasksReturnsThroughAll) {
  ManualExecutor executor;
  EXPECT_EQ(RunToEnd(executor, Depth(1000)), 1000);
}

TEST(TaskTest, MoveOnlyValuesPassInAndOut) {
  ManualExecutor executor;
  auto text = std::make_unique<std::string>("kept");
  EXPECT_EQ(*RunToEnd(executor, MoveOnly(std::move(text))), "kept!");
}

TEST(TaskTest, AStatusComesBackAsAValue) {
  ManualExecutor executor;
  EXPECT_EQ(RunToEnd(executor, Fails()).status().code(), absl::StatusCode::kNotFound);
}

TEST(TaskTest, AFinishedTaskLeavesNothingBehind) {
  int alive = 0;
  {
    ManualExecutor executor;
    Completion<int> done(executor);
    done.Set(3);
    EXPECT_EQ(RunToEnd(executor, Holds(Counted(alive), done)), 3);
  }
  EXPECT_EQ(alive, 0);
}

TEST(TaskTest, DestroyingASuspendedTaskDestroysItsFrame) {
  int alive = 0;
  ManualExecutor executor;
  Completion<int> never(executor);
  {
    Task<int> task = Holds(Counted(alive), never);
    EXPECT_GT(alive, 0);
  }
  EXPECT_EQ(alive, 0);
}

Task<void> HoldsForEver(Counted counted) {
  Counted another(counted);
  co_return;
}

TEST(SpawnTest, ATaskThatWasNeverRunGoesAwayWithItsExecutor) {
  int alive = 0;
  {
    ManualExecutor executor;
    Spawn(executor, HoldsForEver(Counted(alive)));
    EXPECT_GT(alive, 0);
  }
  EXPECT_EQ(alive, 0);
}

Task<void> Append(ManualExecutor& executor, std::vector<int>& log, int value) {
  log.push_back(value);
  co_await ResumeOn(executor);
  log.push_back(value + 10);
}

TEST(SpawnTest, TasksTakeTurnsInTheOrderTheyWerePosted) {
  ManualExecutor executor;
  std::vector<int> log;
  Spawn(executor, Append(executor, log, 1));
  Spawn(executor, Append(executor, log, 2));
  executor.RunUntilIdle();
  EXPECT_THAT(log, ElementsAre(1, 2, 11, 12));
}

Task<int> HopThere(Executor& there) {
  co_await ResumeOn(there);
  co_return 1;
}

Task<int> HopToAndFro(Executor& here, Executor& there, int times) {
  int sum = 0;
  for (int i = 0; i < times; ++i) {
    sum += co_await HopThere(there);
    sum += co_await HopThere(here);
  }
  co_return sum;
}

TEST(TaskTest, ATaskMayFinishOnAnotherThreadThanItStarted) {
  ManualExecutor home;
  ThreadExecutor one;
  ThreadExecutor two;
  Completion<int> done(home);
  const auto run = [](Executor& here, Executor& there, Completion<int> done) -> Task<void> {
    done.Set(co_await HopToAndFro(here, there, 2000));
  };
  Spawn(one, run(one, two, done));
  const auto wait = [](Completion<int> done) -> Task<int> { co_return co_await done; };
  EXPECT_EQ(RunToEnd(home, wait(done)), 4000);
}

}  // namespace
}  // namespace redress::async
