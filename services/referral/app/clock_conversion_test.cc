#include "services/referral/app/clock_conversion.h"

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "services/referral/app/proto_time.h"

namespace redress::referral {
namespace {

using ::testing::ElementsAre;
using ::testing::Field;

ClockRules Odd() {
  ClockRules rules;
  rules.accept = absl::Hours(1);
  rules.relay_warning = absl::Hours(2);
  rules.delivery_warning = absl::Hours(3);
  rules.give_up = absl::Hours(4);
  rules.information = absl::Hours(5);
  rules.proposal = absl::Hours(6);
  rules.resolution = absl::Hours(7);
  rules.link_silence = absl::Hours(8);
  rules.calendar.name = "MY-03-WORKDAYS";
  EXPECT_TRUE(absl::LoadTimeZone("Asia/Kuala_Lumpur", &rules.calendar.zone));
  rules.calendar.weekly_off[4] = rules.calendar.weekly_off[5] = true;
  rules.calendar.holidays = {{2026, 12, 25}, {2027, 1, 1}};
  return rules;
}

TEST(ClockConversionTest, EverythingThatARuleIsTravelsWithTheReferral) {
  EXPECT_EQ(FromProto(ToProto(Odd()), ClockRules()), Odd());
  EXPECT_EQ(FromProto(ToProto(ClockRules()), Odd()), ClockRules())
      << "every hour counts, whatever this node's calendar is";
}

TEST(ClockConversionTest, EveryClockOfAnAgreementComesBack) {
  const AgreementClocks clocks = {.accept_emergency = absl::Hours(1),
                                  .accept_urgent = absl::Hours(2),
                                  .accept_normal = absl::Hours(3),
                                  .information = absl::Hours(4),
                                  .proposal = absl::Hours(5),
                                  .resolution = absl::Hours(6),
                                  .relay_warning = absl::Hours(7),
                                  .delivery_warning = absl::Hours(8),
                                  .give_up = absl::Hours(9),
                                  .calendar = Odd().calendar};
  FieldViolations violations;
  EXPECT_EQ(FromProto(ToProto(clocks), "clocks", violations), clocks);
  EXPECT_EQ(FromProto(ToProto(AgreementClocks()), "clocks", violations), AgreementClocks());
  EXPECT_TRUE(violations.empty());
}

TEST(ClockConversionTest, WhatIsNoClockIsCountedAsThisNodeWould) {
  v1::ClockRules rules = ToProto(ClockRules());
  rules.clear_accept();
  rules.mutable_give_up()->set_seconds(-1);
  rules.mutable_resolution()->set_seconds(INT64_MAX);
  rules.mutable_calendar()->set_time_zone("Mars/Base");
  rules.mutable_calendar()->add_weekly_off("FRIDAY");
  const ClockRules read = FromProto(rules, Odd());
  EXPECT_EQ(read.accept, Odd().accept);
  EXPECT_EQ(read.give_up, Odd().give_up);
  EXPECT_EQ(read.resolution, Odd().resolution);
  EXPECT_EQ(read.proposal, ClockRules().proposal);
  EXPECT_EQ(read.calendar.zone, absl::UTCTimeZone());
  EXPECT_TRUE(read.calendar.weekly_off[4]);
}

TEST(ClockConversionTest, EveryPartOfACalendarThatCannotBeReadIsNamed) {
  v1::BusinessCalendar calendar;
  calendar.set_time_zone("Mars/Base");
  calendar.add_weekly_off("SUNDAY");
  calendar.add_weekly_off("sunday");
  calendar.add_holidays("2026-12");
  FieldViolations violations;
  FromProto(calendar, "terms.clocks.calendar", violations);
  EXPECT_THAT(violations.list(),
              ElementsAre(Field(&FieldViolation::field, "terms.clocks.calendar.time_zone"),
                          Field(&FieldViolation::field, "terms.clocks.calendar.weekly_off[1]"),
                          Field(&FieldViolation::field, "terms.clocks.calendar.holidays[0]")));
}

}  // namespace
}  // namespace redress::referral
