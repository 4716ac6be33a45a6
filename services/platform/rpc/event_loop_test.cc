#include "services/platform/rpc/event_loop.h"

#include <algorithm>
#include <atomic>
#include <thread>
#include <vector>

#include "absl/synchronization/notification.h"
#include "absl/time/clock.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace redress::rpc {
namespace {

using ::testing::ElementsAre;

TEST(EventLoopTest, WorkRunsInOrderOnItsThread) {
  std::vector<int> log;
  bool inside = false;
  {
    EventLoop loop;
    loop.Post([&] {
      log.push_back(1);
      inside = loop.InLoopThread();
      loop.Post([&] { log.push_back(3); });
    });
    loop.Post([&] { log.push_back(2); });
    EXPECT_FALSE(loop.InLoopThread());
  }
  ASSERT_EQ(log.size(), 3u);
  EXPECT_EQ(log[0], 1);
  EXPECT_TRUE(inside);
}

TEST(EventLoopTest, NothingPostedByManyThreadsIsLost) {
  std::atomic<int> ran = 0;
  {
    EventLoop loop;
    std::vector<std::thread> threads;
    for (int t = 0; t < 4; ++t) {
      threads.emplace_back([&] {
        for (int i = 0; i < 5000; ++i) {
          loop.Post([&ran] { ++ran; });
          if (i % 100 == 0) std::this_thread::yield();  // Lets the loop fall asleep in between.
        }
      });
    }
    for (std::thread& thread : threads) thread.join();
  }
  EXPECT_EQ(ran, 20000);
}

TEST(EventLoopTest, ASleepingLoopIsWokenWithinFarLessThanAMillisecond) {
  EventLoop loop;
  int quick = 0;
  for (int i = 0; i < 200; ++i) {
    const absl::Time asleep_by = absl::Now() + absl::Microseconds(300);
    while (absl::Now() < asleep_by) std::this_thread::yield();
    absl::Notification done;
    absl::Duration took;
    const absl::Time posted = absl::Now();
    loop.Post([&] {
      took = absl::Now() - posted;
      done.Notify();
    });
    done.WaitForNotification();
    if (took < absl::Microseconds(250)) ++quick;
  }
  // Every acknowledged commit waits for one. A busy machine makes some late, but never most.
  EXPECT_GT(quick, 50);
}

TEST(EventLoopTest, ASleepingLoopIsWokenEachTime) {
  EventLoop loop;
  for (int i = 0; i < 1000; ++i) {
    absl::Notification done;
    loop.Post([&done] { done.Notify(); });
    ASSERT_TRUE(done.WaitForNotificationWithTimeout(absl::Seconds(20))) << i;
  }
}

TEST(EventLoopTest, TimersRunInTheOrderTheyAreDueAndNotBefore) {
  std::vector<int> log;
  absl::Notification done;
  EventLoop loop;
  const absl::Time start = absl::Now();
  loop.PostAfter(absl::Milliseconds(40), [&] {
    log.push_back(3);
    EXPECT_GE(absl::Now() - start, absl::Milliseconds(40));
    done.Notify();
  });
  loop.PostAfter(absl::Milliseconds(20), [&] { log.push_back(2); });
  loop.PostAfter(absl::ZeroDuration(), [&] { log.push_back(1); });
  ASSERT_TRUE(done.WaitForNotificationWithTimeout(absl::Seconds(20)));
  EXPECT_THAT(log, ElementsAre(1, 2, 3));
}

TEST(EventLoopTest, AnEarlierTimerIsNotKeptWaitingByALaterOne) {
  EventLoop loop;
  loop.PostAfter(absl::Hours(1), [] {});
  absl::Notification soon;
  loop.PostAfter(absl::Milliseconds(1), [&soon] { soon.Notify(); });
  EXPECT_TRUE(soon.WaitForNotificationWithTimeout(absl::Seconds(20)));
}

TEST(EventLoopTest, StoppingTwiceAndPostingAfterwardsIsHarmless) {
  EventLoop loop;
  loop.Stop();
  loop.Stop();
  loop.Post([] { FAIL(); });
  loop.PostAfter(absl::ZeroDuration(), [] { FAIL(); });
}

async::Task<void> TakeTurns(EventLoop& loop, int turns, std::atomic<int>& taken) {
  for (int i = 0; i < turns; ++i) {
    co_await async::ResumeOn(loop);
    ++taken;
  }
}

TEST(EventLoopTest, ManyCoroutinesTakeTurns) {
  std::atomic<int> taken = 0;
  {
    EventLoop loop;
    for (int i = 0; i < 100; ++i) async::Spawn(loop, TakeTurns(loop, 100, taken));
  }
  EXPECT_EQ(taken, 10000);
}

async::Task<void> WorkAndSend(EventLoop& loop, int number, std::vector<int>& log) {
  log.push_back(number);
  co_await EventLoop::WithOthers(loop);
  log.push_back(-number);
}

// The log of so many who work and send, all of them ready at once.
std::vector<int> LogOf(int senders) {
  std::vector<int> log;
  EventLoop loop;
  loop.Post([&] {
    for (int i = 1; i <= senders; ++i) async::Spawn(loop, WorkAndSend(loop, i, log));
  });
  loop.Stop();
  return log;
}

TEST(EventLoopTest, WhatIsSentWaitsForTheWorkThatIsReady) {
  EXPECT_THAT(LogOf(3), ElementsAre(1, 2, 3, -1, -2, -3));
}

TEST(EventLoopTest, WhatIsSentDoesNotWaitForAnyAmountOfWork) {
  const std::vector<int> log = LogOf(1000);
  ASSERT_EQ(log.size(), 2000u);
  EXPECT_LT(std::find(log.begin(), log.end(), -1), std::find(log.begin(), log.end(), 100));
}

}  // namespace
}  // namespace redress::rpc
