#include "services/platform/rpc/internal/admission.h"

#include <algorithm>
#include <deque>
#include <vector>

#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace redress::rpc::internal {
namespace {

using ::testing::AllOf;
using ::testing::Ge;
using ::testing::Le;

// A process that does so many calls at once, or as many as there are, each in `cost`, in a world
// where `callers` ask again as soon as they are answered, or when they were told to.
class World {
 public:
  World(int callers, absl::Duration cost, size_t batch = 1)
      : cost_(cost), batch_(batch), asks_at_(static_cast<size_t>(callers), now_) {}

  void Run(absl::Duration span) {
    const absl::Time end = now_ + span;
    while (now_ < end) {
      Ask();
      const size_t count = std::min(batch_, waiting_.size());
      now_ += cost_ * std::max<size_t>(count, 1);
      for (size_t i = 0; i < count; ++i) {
        const auto [caller, since] = waiting_.front();
        waiting_.pop_front();
        admission_.Leave(now_);
        asks_at_[caller] = now_;
        ++done_;
        longest_wait_ = std::max(longest_wait_, now_ - since);
      }
    }
  }

  void SetCost(absl::Duration cost) { cost_ = cost; }
  void ForgetWhatWas() {
    done_ = turned_away_ = 0;
    longest_wait_ = absl::ZeroDuration();
  }
  absl::Time now() const { return now_; }
  int done() const { return done_; }
  int turned_away() const { return turned_away_; }
  absl::Duration longest_wait() const { return longest_wait_; }
  Admission& admission() { return admission_; }

 private:
  void Ask() {
    for (size_t caller = 0; caller < asks_at_.size(); ++caller) {
      if (asks_at_[caller] > now_) continue;
      const auto back_in = admission_.Enter(now_);
      if (back_in.has_value()) {
        asks_at_[caller] = now_ + *back_in;
        ++turned_away_;
      } else {
        asks_at_[caller] = absl::InfiniteFuture();
        waiting_.emplace_back(caller, now_);
      }
    }
  }

  absl::Time now_ = absl::FromUnixSeconds(1'700'000'000);
  absl::Duration cost_;
  size_t batch_;
  Admission admission_{AdmissionOptions()};
  std::vector<absl::Time> asks_at_;  // By caller.
  std::deque<std::pair<size_t, absl::Time>> waiting_;
  int done_ = 0;
  int turned_away_ = 0;
  absl::Duration longest_wait_;
};

constexpr absl::Duration kCost = absl::Microseconds(50);  // 20,000 calls a second.

TEST(AdmissionTest, NobodyIsTurnedAwayWhileAllAreDoneWithinTheTarget) {
  World world(180, kCost);
  world.Run(absl::Milliseconds(300));  // Learns the rate with the least that it always takes.
  world.ForgetWhatWas();
  world.Run(absl::Seconds(2));
  EXPECT_EQ(world.turned_away(), 0);
}

TEST(AdmissionTest, UnderFourTimesTheLoadAsMuchIsDoneAndNobodyWaitsLongerThanTheTarget) {
  World world(800, kCost);
  world.Run(absl::Seconds(1));
  world.ForgetWhatWas();
  world.Run(absl::Seconds(4));
  EXPECT_GE(world.done(), 79'000) << "of 80,000";
  EXPECT_LE(world.longest_wait(), absl::Milliseconds(11));
  EXPECT_GT(world.turned_away(), 0);
  EXPECT_LE(world.turned_away(), world.done() / 5) << "they are told to come later";
}

TEST(AdmissionTest, HoweverManyWaitThoseWhoComeBackAreASmallPartOfTheCallsDone) {
  World world(512, 8 * kCost);  // 2,500 calls a second.
  world.Run(absl::Seconds(3));
  world.ForgetWhatWas();
  world.Run(absl::Seconds(10));
  EXPECT_GE(world.done(), 24'700) << "of 25,000";
  EXPECT_GT(world.turned_away(), 0);
  EXPECT_LE(world.turned_away(), world.done() / 7);
}

TEST(AdmissionTest, WhatTheMachineCanDoIsLearntThoughAllCallsInFlightAreDoneAtOnce) {
  World world(800, kCost, /*batch=*/1000);
  world.Run(absl::Seconds(2));
  EXPECT_THAT(world.admission().limit(), AllOf(Ge(190), Le(205)));
}

TEST(AdmissionTest, WhatTheMachineCanDoIsLearntAnewWhenItBecomesSlow) {
  World world(800, kCost);
  world.Run(absl::Seconds(1));
  EXPECT_THAT(world.admission().limit(), AllOf(Ge(190), Le(205)));
  world.SetCost(5 * kCost);
  world.Run(absl::Seconds(2));
  EXPECT_EQ(world.admission().limit(), 64) << "40 would be done in time, but 64 are always taken";
  world.SetCost(kCost);
  world.Run(absl::Seconds(2));
  EXPECT_THAT(world.admission().limit(), AllOf(Ge(190), Le(205)));
}

TEST(AdmissionTest, AQuietTimeDoesNotMakeItForgetTheRate) {
  World busy(800, kCost);
  busy.Run(absl::Seconds(1));
  const int limit = busy.admission().limit();
  Admission& admission = busy.admission();
  while (admission.in_flight() > 0) admission.Leave(busy.now());
  for (int second = 10; second < 20; ++second) {
    EXPECT_FALSE(admission.Enter(absl::FromUnixSeconds(1'700'000'000 + second)).has_value());
    admission.Leave(absl::FromUnixSeconds(1'700'000'000 + second));
  }
  EXPECT_EQ(admission.limit(), limit);
}

TEST(AdmissionTest, AClockThatGoesBackDoesNoHarm) {
  Admission admission({.least = 2});
  const absl::Time now = absl::FromUnixSeconds(1'700'000'000);
  EXPECT_FALSE(admission.Enter(now).has_value());
  EXPECT_FALSE(admission.Enter(now - absl::Hours(1)).has_value());
  EXPECT_TRUE(admission.Enter(now - absl::Hours(1)).has_value());
  admission.Leave(now - absl::Hours(2));
  EXPECT_FALSE(admission.Enter(now - absl::Hours(2)).has_value());
  EXPECT_EQ(admission.limit(), 2);
}

TEST(AdmissionTest, ThoseTurnedAwayAreNotAllToldToComeAtOneMoment) {
  Admission admission({.least = 1});
  const absl::Time now = absl::FromUnixSeconds(1'700'000'000);
  ASSERT_FALSE(admission.Enter(now).has_value());
  std::vector<absl::Duration> delays;
  for (int i = 0; i < 10; ++i) delays.push_back(*admission.Enter(now));
  std::sort(delays.begin(), delays.end());
  for (size_t i = 1; i < delays.size(); ++i) {
    EXPECT_GT(delays[i] - delays[i - 1], absl::Milliseconds(5));
  }
  EXPECT_GE(delays.front(), absl::Milliseconds(100));
}

}  // namespace
}  // namespace redress::rpc::internal
