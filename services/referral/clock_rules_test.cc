#include "services/referral/clock_rules.h"

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "services/platform/status/field_violations.h"

namespace redress::referral {
namespace {

using ::testing::Field;
using ::testing::UnorderedElementsAre;

TEST(ClockRulesTest, DurationsAreNumbersWithTheirUnits) {
  EXPECT_EQ(ParseRuleDuration("7d"), absl::Hours(168));
  EXPECT_EQ(ParseRuleDuration("12h"), absl::Hours(12));
  EXPECT_EQ(ParseRuleDuration("1d12h30m5s"),
            absl::Hours(36) + absl::Minutes(30) + absl::Seconds(5));
  for (const char* bad : {"", "7", "d", "-1d", "1.5h", "1w", "0s", "7 d", "99999d", "1d2"}) {
    EXPECT_EQ(ParseRuleDuration(bad), std::nullopt) << bad;
  }
}

TEST(ClockRulesTest, WhatIsNotNamedKeepsItsDefault) {
  const auto settings = ParseClockRules(R"({"accept_normal": "2h", "give_up": "3d"})");
  ASSERT_TRUE(settings.ok()) << settings.status();
  EXPECT_EQ(settings->accept_normal, absl::Hours(2));
  EXPECT_EQ(settings->give_up, absl::Hours(72));
  EXPECT_EQ(settings->accept_urgent, ClockConfig().accept_urgent);
  EXPECT_TRUE(settings->calendar.EveryHourCounts());
}

TEST(ClockRulesTest, ACalendarSaysWhichDaysDoNotCount) {
  const auto settings = ParseClockRules(
      R"({"calendar": {"name": "MY-WORKDAYS", "time_zone": "Asia/Kuala_Lumpur",
                       "weekly_off": ["SATURDAY", "SUNDAY"], "holidays": ["2027-08-31"]}})");
  ASSERT_TRUE(settings.ok()) << settings.status();
  EXPECT_TRUE(settings->calendar.IsOff(absl::CivilDay(2026, 11, 22)));
  EXPECT_FALSE(settings->calendar.IsOff(absl::CivilDay(2026, 11, 23)));
  EXPECT_TRUE(settings->calendar.IsOff(absl::CivilDay(2027, 8, 31)));
}

TEST(ClockRulesTest, EveryWrongEntryIsNamedAtOnce) {
  const auto settings = ParseClockRules(
      R"({"accept_normal": "soon", "acept_urgent": "2h",
          "calendar": {"name": "X", "time_zone": "Mars/Base", "weekly_off": ["FREEDAY"],
                       "holidays": ["2027-08"]}})");
  EXPECT_THAT(GetFieldViolations(settings.status()),
              UnorderedElementsAre(Field(&FieldViolation::field, "accept_normal"),
                                   Field(&FieldViolation::field, "acept_urgent"),
                                   Field(&FieldViolation::field, "calendar.time_zone"),
                                   Field(&FieldViolation::field, "calendar.weekly_off[0]"),
                                   Field(&FieldViolation::field, "calendar.holidays[0]")));
}

TEST(ClockRulesTest, ACalendarLeavesDaysOnWhichTimeCounts) {
  const auto settings = ParseClockRules(
      R"({"calendar": {"weekly_off": ["MONDAY", "TUESDAY", "WEDNESDAY", "THURSDAY", "FRIDAY",
                                      "SATURDAY", "SUNDAY"], "holidays": "2027-08-31"}})");
  EXPECT_THAT(GetFieldViolations(settings.status()),
              UnorderedElementsAre(Field(&FieldViolation::field, "calendar.name"),
                                   Field(&FieldViolation::field, "calendar.weekly_off"),
                                   Field(&FieldViolation::field, "calendar.holidays")));
}

TEST(ClockRulesTest, AnAbsentFileIsAnErrorAndNoFileGivesTheDefaults) {
  EXPECT_TRUE(LoadClockRules("").ok());
  EXPECT_FALSE(LoadClockRules(::testing::TempDir() + "/no-such-rules.json").ok());
  EXPECT_FALSE(ParseClockRules("[]").ok());
}

}  // namespace
}  // namespace redress::referral
