#include "services/platform/async/thread_executor.h"

#include <atomic>
#include <thread>
#include <vector>

#include "absl/synchronization/notification.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace redress::async {
namespace {

using ::testing::ElementsAre;

TEST(ThreadExecutorTest, WorkRunsInOrderOnItsOneThread) {
  std::vector<int> log;
  std::thread::id first;
  std::thread::id second;
  {
    ThreadExecutor executor;
    executor.Post([&] { log.push_back(1), first = std::this_thread::get_id(); });
    executor.Post([&] { log.push_back(2), second = std::this_thread::get_id(); });
  }
  EXPECT_THAT(log, ElementsAre(1, 2));
  EXPECT_EQ(first, second);
  EXPECT_NE(first, std::this_thread::get_id());
}

TEST(ThreadExecutorTest, ATimerRunsWhenItIsDue) {
  ThreadExecutor executor;
  absl::Notification late;
  absl::Notification soon;
  executor.PostAfter(absl::Hours(1), [&] { late.Notify(); });
  executor.PostAfter(absl::Milliseconds(1), [&] { soon.Notify(); });
  EXPECT_TRUE(soon.WaitForNotificationWithTimeout(absl::Seconds(20)));
  executor.Stop();
  EXPECT_FALSE(late.HasBeenNotified());
}

TEST(ThreadExecutorTest, NothingPostedByManyThreadsIsLost) {
  std::atomic<int> ran = 0;
  {
    ThreadExecutor executor;
    std::vector<std::thread> threads;
    for (int t = 0; t < 4; ++t) {
      threads.emplace_back([&] {
        for (int i = 0; i < 1000; ++i) executor.Post([&ran] { ++ran; });
      });
    }
    for (std::thread& thread : threads) thread.join();
  }
  EXPECT_EQ(ran, 4000);
}

}  // namespace
}  // namespace redress::async
