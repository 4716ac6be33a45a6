#include "services/platform/async/manual_executor.h"

#include <vector>

#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace redress::async {
namespace {

using ::testing::ElementsAre;

TEST(ManualExecutorTest, WorkRunsInTheOrderItWasPosted) {
  ManualExecutor executor;
  std::vector<int> log;
  executor.Post([&] {
    log.push_back(1);
    executor.Post([&] { log.push_back(3); });
  });
  executor.Post([&] { log.push_back(2); });
  EXPECT_TRUE(log.empty());
  EXPECT_EQ(executor.RunUntilIdle(), 3u);
  EXPECT_THAT(log, ElementsAre(1, 2, 3));
}

TEST(ManualExecutorTest, TimersRunInTheOrderTheyAreDueAtTheirTime) {
  ManualClock clock(absl::FromUnixSeconds(1000));
  ManualExecutor executor(clock);
  std::vector<int64_t> log;
  const auto note = [&] { log.push_back(absl::ToUnixSeconds(clock.Now())); };
  executor.PostAfter(absl::Seconds(30), note);
  executor.PostAfter(absl::Seconds(10), [&] {
    note();
    executor.PostAfter(absl::Seconds(5), note);
  });
  executor.Advance(absl::Seconds(29));
  EXPECT_THAT(log, ElementsAre(1010, 1015));
  executor.AdvanceTo(absl::FromUnixSeconds(2000));
  EXPECT_THAT(log, ElementsAre(1010, 1015, 1030));
  EXPECT_EQ(clock.Now(), absl::FromUnixSeconds(2000));
}

TEST(ManualExecutorTest, TimersOfOneInstantKeepTheirOrder) {
  ManualExecutor executor;
  std::vector<int> log;
  for (int i = 0; i < 5; ++i) executor.PostAfter(absl::Seconds(1), [&log, i] { log.push_back(i); });
  EXPECT_TRUE(executor.AdvanceToNextTimer());
  EXPECT_THAT(log, ElementsAre(0, 1, 2, 3, 4));
  EXPECT_FALSE(executor.AdvanceToNextTimer());
}

Task<absl::Time> SleepTwice(ManualExecutor& executor) {
  co_await SleepFor(executor, absl::Hours(1));
  co_await SleepFor(executor, absl::Hours(1));
  co_return executor.Now();
}

TEST(ManualExecutorTest, SleepingTakesVirtualTimeOnly) {
  ManualExecutor executor;
  const absl::Time before = executor.Now();
  EXPECT_EQ(RunToEndInVirtualTime(executor, SleepTwice(executor)), before + absl::Hours(2));
}

}  // namespace
}  // namespace redress::async
