#include "services/platform/audit/refusal_limit.h"

#include <optional>
#include <string>

#include "gtest/gtest.h"
#include "services/platform/time/clock.h"

namespace redress::audit {
namespace {

// Three at once and one more each 10 s; five at once and one more each second for all.
class RefusalLimitTest : public testing::Test {
 protected:
  std::optional<uint64_t> Admit(const std::string& caller) {
    return limit_.Admit(caller, clock_.Now());
  }
  // How many of `times` leave a line.
  int Lines(const std::string& caller, int times) {
    int lines = 0;
    for (int i = 0; i < times; ++i) lines += Admit(caller).has_value() ? 1 : 0;
    return lines;
  }

  ManualClock clock_{absl::FromUnixSeconds(1'763'800'000)};
  RefusalLimit limit_{{.caller = {3, absl::Seconds(10)}, .all = {5, absl::Seconds(1)}}};
};

TEST_F(RefusalLimitTest, ACallerHasSoManyAtOnceAndThenOneEachInterval) {
  EXPECT_EQ(Lines("a", 10), 3);
  clock_.Advance(absl::Milliseconds(9'999));
  EXPECT_EQ(Lines("a", 10), 0);
  clock_.Advance(absl::Milliseconds(1));
  EXPECT_EQ(Lines("a", 10), 1);
  clock_.Advance(absl::Hours(1));
  EXPECT_EQ(Lines("a", 10), 3);
}

TEST_F(RefusalLimitTest, PartsOfAnIntervalAreNotLost) {
  Lines("a", 3);
  for (int i = 0; i < 3; ++i) {
    clock_.Advance(absl::Seconds(4));
    EXPECT_EQ(Lines("a", 1), i == 2 ? 1 : 0);
  }
  // Two seconds of the next have passed.
  clock_.Advance(absl::Seconds(8));
  EXPECT_EQ(Lines("a", 1), 1);
}

TEST_F(RefusalLimitTest, TheNextLineTellsHowManyLeftNone) {
  EXPECT_EQ(Admit("a"), 0u);
  EXPECT_EQ(Lines("a", 9), 2);
  clock_.Advance(absl::Seconds(10));
  EXPECT_EQ(Admit("a"), 7u);
  clock_.Advance(absl::Seconds(10));
  EXPECT_EQ(Admit("a"), 0u);
}

TEST_F(RefusalLimitTest, OneInALoopTakesNothingFromAnother) {
  EXPECT_EQ(Lines("a", 1000), 3);
  EXPECT_EQ(Admit("b"), 0u);
}

TEST_F(RefusalLimitTest, AllTogetherHaveAnAllowanceToo) {
  EXPECT_EQ(Lines("a", 3) + Lines("b", 3) + Lines("c", 3), 5);
  clock_.Advance(absl::Seconds(2));
  // What leaves no line for the sake of all is told by the caller's own next one.
  EXPECT_EQ(Admit("c"), 3u);
  EXPECT_EQ(Admit("b"), 1u);
  EXPECT_EQ(Admit("c"), std::nullopt);
}

TEST_F(RefusalLimitTest, ALineThatWasNotStoredIsToldWithTheNext) {
  Lines("a", 5);
  clock_.Advance(absl::Seconds(10));
  limit_.NotStored("a", Admit("a").value());
  clock_.Advance(absl::Seconds(10));
  EXPECT_EQ(Admit("a"), 3u);
}

TEST_F(RefusalLimitTest, AClockThatGoesBackTakesNothingAway) {
  Lines("a", 2);
  clock_.Advance(-absl::Hours(1));
  EXPECT_EQ(Lines("a", 3), 1);
  clock_.Advance(absl::Seconds(10));
  EXPECT_EQ(Lines("a", 3), 1);
}

TEST_F(RefusalLimitTest, WhoHasBeenQuietIsForgottenAndNoMoreThanSoManyAreRemembered) {
  RefusalLimit limit({.caller = {3, absl::Seconds(10)}, .all = {1'000'000, absl::Seconds(1)}});
  const auto admit = [&](const std::string& caller) { return limit.Admit(caller, clock_.Now()); };
  for (size_t i = 0; i < RefusalLimit::kMostCallers; ++i) admit(std::to_string(i));
  // There is no room for two more: they share what one has.
  EXPECT_EQ(admit("x"), 0u);
  EXPECT_EQ(admit("y"), 0u);
  EXPECT_EQ(admit("x"), 0u);
  EXPECT_EQ(admit("y"), std::nullopt);
  EXPECT_EQ(limit.size(), RefusalLimit::kMostCallers + 1);
  limit.NotStored("y", 0);

  clock_.Advance(absl::Minutes(1));
  EXPECT_EQ(admit("z"), 0u);
  EXPECT_EQ(limit.size(), 2u);  // And those who share, who have something untold.
}

}  // namespace
}  // namespace redress::audit
