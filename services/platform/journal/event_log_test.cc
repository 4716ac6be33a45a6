#include "services/platform/journal/event_log.h"

#include <string>
#include <vector>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "services/platform/async/manual_executor.h"
#include "services/platform/journal/commit.h"
#include "services/platform/kv/memory_store.h"

namespace redress::journal {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

class EventLogTest : public testing::Test {
 protected:
  void Append(std::vector<std::string> events) {
    ChangeSet changes;
    for (std::string& event : events) changes.AppendEvent(std::move(event));
    ASSERT_TRUE(RunToEnd(executor_, CommitChange(store_, std::move(changes))).ok());
  }
  std::vector<std::string> Read(uint64_t after, size_t limit) {
    std::vector<std::string> read;
    const auto events = RunToEnd(executor_, ReadEvents(store_, after, limit));
    for (const LoggedEvent& event : events.value()) {
      read.push_back(std::to_string(event.number) + " " + event.bytes);
    }
    return read;
  }

  async::ManualExecutor executor_;
  kv::MemoryStore store_{executor_};
};

TEST_F(EventLogTest, EventsAreReadInPagesByNumber) {
  EXPECT_THAT(Read(0, 10), IsEmpty());
  EXPECT_EQ(RunToEnd(executor_, LastEventNumber(store_)).value(), 0u);
  Append({"a", "b"});
  Append({"c"});
  EXPECT_THAT(Read(0, 2), ElementsAre("1 a", "2 b"));
  EXPECT_THAT(Read(2, 2), ElementsAre("3 c"));
  EXPECT_THAT(Read(3, 2), IsEmpty());
  EXPECT_EQ(RunToEnd(executor_, LastEventNumber(store_)).value(), 3u);
}

TEST_F(EventLogTest, AnEventKnowsItsCommit) {
  Append({"a"});
  Append({"b"});
  EXPECT_EQ(RunToEnd(executor_, ReadEvents(store_, 1, 10)).value()[0].version, 2u);
}

class EventFollowersTest : public testing::Test {
 protected:
  void Follow(uint64_t after, absl::Duration limit = absl::InfiniteDuration()) {
    Spawn(executor_, Wait(&followers_, after, source_.token(), limit, &wakes_));
    executor_.RunUntilIdle();
  }
  static async::Task<void> Wait(EventFollowers* followers, uint64_t after,
                                async::CancellationToken token, absl::Duration limit,
                                std::vector<async::Wake>* wakes) {
    wakes->push_back(co_await followers->WaitBeyond(after, std::move(token), limit));
  }

  async::ManualExecutor executor_;
  EventFollowers followers_{executor_};
  async::CancellationSource source_;
  std::vector<async::Wake> wakes_;
};

TEST_F(EventFollowersTest, OnlyWhoIsBehindIsWoken) {
  Follow(4);
  Follow(5);
  followers_.Announce(5);
  executor_.RunUntilIdle();
  EXPECT_THAT(wakes_, ElementsAre(async::Wake::kNotified));
  followers_.Announce(6);
  executor_.RunUntilIdle();
  EXPECT_THAT(wakes_, ElementsAre(async::Wake::kNotified, async::Wake::kNotified));
}

TEST_F(EventFollowersTest, WhatWasAnnouncedBeforeIsNotMissed) {
  followers_.Announce(7);
  followers_.Announce(3);  // Late, and of no account.
  Follow(6);
  EXPECT_THAT(wakes_, ElementsAre(async::Wake::kNotified));
}

TEST_F(EventFollowersTest, AWaitEndsWhenCancelled) {
  Follow(0);
  source_.Cancel();
  executor_.RunUntilIdle();
  EXPECT_THAT(wakes_, ElementsAre(async::Wake::kCancelled));
  Follow(0);
  EXPECT_THAT(wakes_, ElementsAre(async::Wake::kCancelled, async::Wake::kCancelled));
}

TEST_F(EventFollowersTest, AWaitEndsAtItsLimit) {
  Follow(0, absl::Seconds(10));
  executor_.Advance(absl::Seconds(9));
  EXPECT_THAT(wakes_, IsEmpty());
  executor_.Advance(absl::Seconds(1));
  EXPECT_THAT(wakes_, ElementsAre(async::Wake::kTimedOut));
}

}  // namespace
}  // namespace redress::journal
