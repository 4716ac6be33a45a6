#include "services/platform/async/signal.h"

#include <optional>
#include <thread>

#include "gtest/gtest.h"
#include "services/platform/async/manual_executor.h"
#include "services/platform/async/task_group.h"

namespace redress::async {
namespace {

Task<void> Follow(Executor& executor, Signal& signal, uint64_t seen, CancellationToken cancellation,
                  absl::Duration limit, std::optional<Wake>& result) {
  result = co_await signal.WaitPast(executor, seen, cancellation, limit);
}

TEST(SignalTest, EveryFollowerIsWoken) {
  ManualExecutor executor;
  Signal signal;
  std::optional<Wake> first;
  std::optional<Wake> second;
  Spawn(executor, Follow(executor, signal, 0, {}, absl::InfiniteDuration(), first));
  Spawn(executor, Follow(executor, signal, 0, {}, absl::InfiniteDuration(), second));
  executor.RunUntilIdle();
  EXPECT_EQ(first, std::nullopt);

  signal.Notify();
  executor.RunUntilIdle();

  EXPECT_EQ(first, Wake::kNotified);
  EXPECT_EQ(second, Wake::kNotified);
}

TEST(SignalTest, AChangeBetweenLookingAndWaitingIsNotMissed) {
  ManualExecutor executor;
  Signal signal;
  const uint64_t seen = signal.count();
  signal.Notify();
  EXPECT_EQ(RunToEnd(executor, signal.WaitPast(executor, seen)), Wake::kNotified);
}

TEST(SignalTest, CancellingEndsTheWait) {
  ManualExecutor executor;
  Signal signal;
  CancellationSource source;
  std::optional<Wake> result;
  Spawn(executor, Follow(executor, signal, 0, source.token(), absl::InfiniteDuration(), result));
  executor.RunUntilIdle();
  source.Cancel();
  executor.RunUntilIdle();
  EXPECT_EQ(result, Wake::kCancelled);
  signal.Notify();  // Nobody is there any more.
  executor.RunUntilIdle();
}

TEST(SignalTest, AWaitEndsAtItsLimit) {
  ManualExecutor executor;
  Signal signal;
  std::optional<Wake> result;
  Spawn(executor, Follow(executor, signal, 0, {}, absl::Seconds(5), result));
  executor.Advance(absl::Seconds(4));
  EXPECT_EQ(result, std::nullopt);
  executor.Advance(absl::Seconds(1));
  EXPECT_EQ(result, Wake::kTimedOut);
}

TEST(SignalTest, ANotificationFromAnotherThreadArrives) {
  ManualExecutor executor;
  Signal signal;
  std::thread other([&signal] { signal.Notify(); });
  EXPECT_EQ(RunToEnd(executor, signal.WaitPast(executor, 0)), Wake::kNotified);
  other.join();
}

TEST(SleepTest, ASleepThatIsNotCancelledLastsItsTime) {
  ManualExecutor executor;
  const absl::Time before = executor.Now();
  EXPECT_TRUE(RunToEndInVirtualTime(executor, SleepUnlessCancelled(executor, absl::Hours(72), {})));
  EXPECT_EQ(executor.Now() - before, absl::Hours(72));
}

TEST(SleepTest, ACancelledSleepEndsAtOnce) {
  ManualExecutor executor;
  CancellationSource source;
  source.Cancel();
  EXPECT_FALSE(RunToEnd(executor, SleepUnlessCancelled(executor, absl::Hours(72), source.token())));
}

Task<void> SleepLong(Executor& executor, CancellationToken cancellation) {
  co_await SleepUnlessCancelled(executor, absl::Hours(1), cancellation);
}

TEST(TaskGroupTest, JoinWaitsForEveryTask) {
  ManualExecutor executor;
  TaskGroup group(executor);
  group.Start(SleepLong(executor, group.cancellation()));
  group.Start(SleepLong(executor, group.cancellation()));
  executor.RunUntilIdle();
  EXPECT_EQ(group.running(), 2);
  group.Cancel();
  RunToEnd(executor, group.Join());
  EXPECT_EQ(group.running(), 0);
}

}  // namespace
}  // namespace redress::async
