#include "services/referral/domain/calendar.h"

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "services/referral/domain/clocks.h"
#include "services/referral/domain/fact_samples.h"

namespace redress::referral {
namespace {

using samples::At;
using samples::Of;
using samples::Story;
using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::SizeIs;

Story Delivered() {
  return Story().Then(Of(FactKind::kSent, At(0))).Then(Of(FactKind::kDelivered, At(2)));
}

std::vector<std::string> FieldsOf(const FieldViolations& violations) {
  std::vector<std::string> fields;
  for (const FieldViolation& one : violations.list()) fields.push_back(one.field);
  return fields;
}

TEST(CalendarTest, WeekendsAndHolidaysDoNotCount) {
  BusinessCalendar calendar;
  calendar.weekly_off[5] = calendar.weekly_off[6] = true;
  calendar.holidays = {{2026, 11, 23}};  // A Monday.
  const absl::Time friday_noon = StartOf({2026, 11, 20}) + absl::Hours(12);
  // 12 h on Friday, then Tuesday.
  EXPECT_EQ(AfterRunning(friday_noon, absl::Hours(24), {}, calendar),
            StartOf({2026, 11, 24}) + absl::Hours(12));
  EXPECT_EQ(AfterRunning(friday_noon, absl::Hours(24), {}, {}), friday_noon + absl::Hours(24));
}

TEST(CalendarTest, ADayOffIsOneOfItsOwnZone) {
  BusinessCalendar calendar;
  FieldViolations violations;
  ReadTimeZone("zone", "Asia/Kuala_Lumpur", calendar, violations);
  ASSERT_TRUE(violations.empty());
  calendar.weekly_off[5] = true;
  // Saturday begins at 16:00 UTC of Friday and ends at 16:00 of Saturday.
  const absl::Time friday_noon = StartOf({2026, 11, 20}) + absl::Hours(12);
  EXPECT_EQ(AfterRunning(friday_noon, absl::Hours(5), {}, calendar),
            StartOf({2026, 11, 21}) + absl::Hours(17));
}

TEST(CalendarTest, TheRulesOfAReferralCountInTheirOwnCalendar) {
  ClockConfig config;
  config.calendar.holidays = {DateOf(At(26))};
  const std::vector<RunningClock> every_hour =
      RunningClocks(Delivered().Folded(), RulesFor("NORMAL", {}, {}));
  const std::vector<RunningClock> in_days =
      RunningClocks(Delivered().Folded(), RulesFor("NORMAL", config, {}));
  ASSERT_THAT(every_hour, SizeIs(1));
  ASSERT_THAT(in_days, SizeIs(1));
  EXPECT_EQ(in_days[0].due, every_hour[0].due + absl::Hours(24));
}

TEST(CalendarTest, AnEmergencyKeepsNoHolidays) {
  ClockConfig config;
  config.calendar.weekly_off.fill(true);
  EXPECT_THAT(RunningClocks(Delivered().Folded(), RulesFor("EMERGENCY", config, {})),
              ElementsAre(RunningClock{{ClockKind::kAccept, 1}, At(26)}));
  EXPECT_THAT(RunningClocks(Delivered().Folded(), RulesFor("NORMAL", config, {})), IsEmpty());
}

TEST(CalendarTest, StopsAreLeftOutAndOneThatLastsNeverEnds) {
  const std::vector<ClockStop> stops = {{At(1), At(3)}, {At(5), absl::InfiniteFuture()}};
  EXPECT_EQ(AfterRunning(At(0), absl::Hours(1), stops, {}), At(1));
  EXPECT_EQ(AfterRunning(At(0), absl::Hours(2), stops, {}), At(4));
  EXPECT_EQ(AfterRunning(At(0), absl::Hours(4), stops, {}), absl::InfiniteFuture());
}

TEST(CalendarTest, OnlyNamesOfZonesAreLookedUp) {
  BusinessCalendar calendar;
  for (const char* good : {"UTC", "Asia/Phnom_Penh", "America/Port-au-Prince", "Etc/GMT+8"}) {
    FieldViolations violations;
    ReadTimeZone("zone", good, calendar, violations);
    EXPECT_TRUE(violations.empty()) << good;
    EXPECT_EQ(calendar.zone.name(), good);
  }
  for (const char* bad : {"", "Mars/Base", "/etc/passwd", "../../etc/passwd", "localtime", "Asia/",
                          "/usr/share/zoneinfo/Asia/Phnom_Penh", "file:Asia/Phnom_Penh"}) {
    FieldViolations violations;
    ReadTimeZone("zone", bad, calendar, violations);
    EXPECT_THAT(FieldsOf(violations), ElementsAre("zone")) << bad;
    EXPECT_EQ(calendar.zone.name(), "Etc/GMT+8");
  }
}

TEST(CalendarTest, ItHasANameAndLeavesDaysOnWhichTimeCounts) {
  BusinessCalendar calendar;
  calendar.name = "MY-WORKDAYS";
  calendar.weekly_off[5] = calendar.weekly_off[6] = true;
  FieldViolations none;
  CheckCalendar("calendar", calendar, none);
  EXPECT_TRUE(none.empty());
  calendar.name = "";
  calendar.weekly_off.fill(true);
  for (int day = 0; day <= 500; ++day) calendar.holidays.insert(AddDays({2026, 1, 1}, day));
  FieldViolations violations;
  CheckCalendar("calendar", calendar, violations);
  EXPECT_THAT(FieldsOf(violations),
              ElementsAre("calendar.name", "calendar.weekly_off", "calendar.holidays"));
}

}  // namespace
}  // namespace redress::referral
