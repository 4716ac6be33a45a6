// The clock rules and the calendar that a referral carries from its sending on.
#include "services/referral/app/clock_conversion.h"
#include "services/referral/app/proto_time.h"
#include "services/referral/app/testing/story_fixture.h"

namespace redress::referral {
namespace {

BusinessCalendar Workdays(const std::string& name, const std::string& zone,
                          std::initializer_list<absl::Weekday> off, std::set<Date> holidays) {
  BusinessCalendar calendar;
  calendar.name = name;
  EXPECT_TRUE(absl::LoadTimeZone(zone, &calendar.zone));
  for (const absl::Weekday day : off) calendar.weekly_off[static_cast<size_t>(day)] = true;
  calendar.holidays = std::move(holidays);
  return calendar;
}

class CopiedClocksTest : public StoryTest {
 protected:
  static BusinessCalendar& CalendarOf(TestNode& node) { return node.parts.clocks.calendar; }

  absl::Time AcceptBy(TestNode& node, const Caller& caller, const std::string& id) {
    return REDRESS_GET_TIME(world.At(node, caller, id).clocks(), accept_by);
  }
  void Acknowledge(const std::string& id) {
    auto request = RequestOn<v1::AcknowledgeReferralRequest>(world, world.Destination(id));
    auto answer = world.Run(world.my->receiver.AcknowledgeReferral(world.contact, request));
    ASSERT_TRUE(answer.ok()) << answer.status();
    world.Settle();
  }

  // Both parties change the clocks of their agreement.
  void Agree(const v1::AgreementClocks& clocks) {
    for (TestNode* node : {world.kh.get(), world.my.get()}) {
      v1::GetAgreementRequest get;
      get.set_agreement_id("kh-my:mlvt-mtuc");
      auto shown = world.Run(node->directory.GetAgreement(world.ministry, get));
      ASSERT_TRUE(shown.ok()) << shown.status();
      v1::PutAgreementRequest request;
      request.set_request_id(world.RequestId());
      request.set_etag(shown->etag());
      request.set_agreement_id("kh-my:mlvt-mtuc");
      request.set_party_body_id(node == world.kh.get() ? "kh:mlvt" : "my:mtuc");
      request.set_version(2);
      *request.mutable_terms() = shown->agreement().terms();
      *request.mutable_terms()->mutable_clocks() = clocks;
      auto answer = world.Run(node->directory.PutAgreement(world.ministry, request));
      ASSERT_TRUE(answer.ok()) << answer.status();
    }
    world.Settle();
  }

  const BusinessCalendar cambodia =
      Workdays("KH-WORKDAYS", "Asia/Phnom_Penh", {absl::Weekday::saturday, absl::Weekday::sunday},
               {{2026, 11, 23}, {2026, 11, 24}});
  const BusinessCalendar kelantan = Workdays("MY-03-WORKDAYS", "Asia/Kuala_Lumpur",
                                             {absl::Weekday::friday, absl::Weekday::saturday}, {});
};

TEST_F(CopiedClocksTest, BothNodesCountInHomesCalendarAsItWasAtSending) {
  CalendarOf(*world.kh) = cambodia;
  CalendarOf(*world.my) = kelantan;
  const absl::Time delivered = world.clock.Now();
  const absl::Time due = AfterRunning(delivered, absl::Hours(7 * 24), {}, cambodia);
  ASSERT_NE(due, AfterRunning(delivered, absl::Hours(7 * 24), {}, kelantan));
  const std::string id = world.Refer();
  EXPECT_EQ(AcceptBy(*world.kh, world.ministry, id), due);
  EXPECT_EQ(AcceptBy(*world.my, world.contact, id), due);

  CalendarOf(*world.kh) = {};
  CalendarOf(*world.my) = {};
  Acknowledge(id);
  EXPECT_EQ(AcceptBy(*world.kh, world.ministry, id), due);
  EXPECT_EQ(AcceptBy(*world.my, world.contact, id), due);
  world.Advance(due - world.clock.Now() - absl::Hours(1));
  EXPECT_EQ(world.States(id), "ACKNOWLEDGED/ACKNOWLEDGED");
  world.Advance(absl::Hours(1));
  EXPECT_EQ(world.States(id), "NO_RESPONSE/NO_RESPONSE");
}

TEST_F(CopiedClocksTest, AnEmergencyCountsEveryHourAtBothNodes) {
  CalendarOf(*world.kh) = cambodia;
  CalendarOf(*world.my) = kelantan;
  v1::ReferComplaintRequest request = world.ReferRequest();
  request.set_urgency("EMERGENCY");
  auto answer = world.Run(world.kh->home.ReferComplaint(world.ministry, request));
  ASSERT_TRUE(answer.ok()) << answer.status();
  const absl::Time due = world.clock.Now() + absl::Hours(24);
  world.Settle();
  const std::string id = answer->change().referral_id();
  EXPECT_EQ(AcceptBy(*world.kh, world.ministry, id), due);
  EXPECT_EQ(AcceptBy(*world.my, world.contact, id), due);
}

TEST_F(CopiedClocksTest, TheSilenceOfALinkIsWaitedForAsLongAsWasSaidAtSending) {
  world.kh->parts.clocks.link_silence = absl::Hours(48);
  const std::string id = world.Refer();
  world.kh->parts.clocks.link_silence = absl::Hours(1);
  world.Advance(absl::Hours(7 * 24 - 10));
  Acknowledge(id);  // The last that home hears.
  world.weather.down = true;
  v1::PutBodyRequest request;
  request.set_request_id(world.RequestId());
  v1::GetBodyRequest get;
  get.set_body_id("kh:cuf");
  auto shown = world.Run(world.kh->directory.GetBody(world.ministry, get));
  ASSERT_TRUE(shown.ok()) << shown.status();
  *request.mutable_body() = shown->body();
  request.set_etag(shown->etag());
  ASSERT_TRUE(world.Run(world.kh->directory.PutBody(world.ministry, request)).ok());
  world.Settle();
  auto state = [&] { return world.Home(id).state(); };
  world.Advance(absl::Hours(47));
  EXPECT_EQ(state(), v1::REFERRAL_STATE_ACKNOWLEDGED);
  world.Advance(absl::Hours(2));
  EXPECT_EQ(state(), v1::REFERRAL_STATE_NO_RESPONSE);
  EXPECT_EQ(world.Home(id).reason(), "LINK_SILENT");
}

TEST_F(CopiedClocksTest, TheClocksOfDeliveryAreTheAgreements) {
  v1::AgreementClocks clocks;
  clocks.mutable_relay_warning()->set_seconds(3600);
  clocks.mutable_delivery_warning()->set_seconds(2 * 3600);
  clocks.mutable_give_up()->set_seconds(3 * 3600);
  Agree(clocks);
  world.weather.down = true;
  const std::string id = world.Refer();
  EXPECT_EQ(REDRESS_GET_TIME(world.Home(id).clocks(), deliver_by),
            world.clock.Now() + absl::Hours(3));
  EXPECT_EQ(world.Home(id).clock_rules().relay_warning().seconds(), 3600);
  EXPECT_EQ(world.Home(id).clock_rules().delivery_warning().seconds(), 2 * 3600);
  world.Advance(absl::Hours(3));
  EXPECT_EQ(world.Home(id).state(), v1::REFERRAL_STATE_UNDELIVERED);
}

TEST_F(CopiedClocksTest, TheCalendarOfAnAgreementGoesBeforeHomes) {
  CalendarOf(*world.kh) = cambodia;
  v1::AgreementClocks clocks;
  *clocks.mutable_calendar() = ToProto(kelantan);
  Agree(clocks);
  const absl::Time due = AfterRunning(world.clock.Now(), absl::Hours(7 * 24), {}, kelantan);
  const std::string id = world.Refer();
  EXPECT_EQ(AcceptBy(*world.kh, world.ministry, id), due);
  EXPECT_EQ(AcceptBy(*world.my, world.contact, id), due);
  EXPECT_EQ(world.Destination(id).clock_rules().calendar().name(), "MY-03-WORKDAYS");
}

TEST_F(CopiedClocksTest, AnAgreementMayLetEveryHourCount) {
  CalendarOf(*world.kh) = cambodia;
  CalendarOf(*world.my) = kelantan;
  v1::AgreementClocks clocks;
  clocks.mutable_calendar()->set_name("EVERY-HOUR");
  Agree(clocks);
  const absl::Time due = world.clock.Now() + absl::Hours(7 * 24);
  const std::string id = world.Refer();
  EXPECT_EQ(AcceptBy(*world.kh, world.ministry, id), due);
  EXPECT_EQ(AcceptBy(*world.my, world.contact, id), due);
}

}  // namespace
}  // namespace redress::referral
