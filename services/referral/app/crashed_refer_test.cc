#include "services/referral/app/disclosures.h"
#include "services/referral/app/intake_follower.h"
#include "services/referral/app/testing/story_fixture.h"

namespace redress::referral {
namespace {

// A referral that broke off once intake had disclosed, as a crash there would have it.
class CrashedReferTest : public StoryTest {
 protected:
  CrashedReferTest() {
    request = world.ReferRequest();
    request.set_case_etag(EtagOfCase());
    world.kh->intake.fall_silent_after_disclosing = true;
    EXPECT_TRUE(absl::IsUnavailable(Refer().status()));
    EXPECT_NE(EtagOfCase(), request.case_etag());
  }

  std::string EtagOfCase() {
    return std::to_string(world.kh->intake.cases[world.case_number].version);
  }
  absl::StatusOr<v1::ReferComplaintResponse> Refer() {
    return world.Run(world.kh->home.ReferComplaint(world.ministry, request));
  }
  void SettleAgain() {
    auto settled = world.Run(SettleWithIntake(world.kh->parts, world.kh->disclosures));
    ASSERT_TRUE(settled.ok()) << settled.status();
  }

  v1::ReferComplaintRequest request;
};

TEST_F(CrashedReferTest, ItsOwnRepeatGoesOnWithTheOpenDisclosureAtTheOldEtag) {
  SettleAgain();
  EXPECT_TRUE(world.kh->intake.settled.empty());
  auto sent = Refer();
  ASSERT_TRUE(sent.ok()) << sent.status();
  EXPECT_EQ(sent->change().referral_id(), world.case_number + "/R1");
  world.Settle();
  EXPECT_EQ(world.States(sent->change().referral_id()), "DELIVERED/DELIVERED");
  world.Advance(absl::Hours(1));
  SettleAgain();
  EXPECT_TRUE(world.kh->intake.settled.empty());
}

TEST_F(CrashedReferTest, AnotherRequestHasToKnowTheEtag) {
  request.set_request_id(world.RequestId());
  EXPECT_EQ(ReasonOf(Refer().status()), "ETAG_STALE");
  request.set_case_etag(EtagOfCase());
  auto sent = Refer();
  ASSERT_TRUE(sent.ok()) << sent.status();
  EXPECT_EQ(sent->change().referral_id(), world.case_number + "/R1");
}

TEST_F(CrashedReferTest, TheSameMarkWithOtherContentIsNoRepeat) {
  request.set_note("something else");
  EXPECT_EQ(ReasonOf(Refer().status()), "ETAG_STALE");
}

TEST_F(CrashedReferTest, WhatNobodyComesBackForIsSettledAfterTheGrace) {
  world.Advance(world.kh->parts.clocks.open_disclosure - absl::Seconds(1));
  SettleAgain();
  EXPECT_TRUE(world.kh->intake.settled.empty());
  world.Advance(absl::Seconds(1));
  SettleAgain();
  EXPECT_EQ(world.kh->intake.settled[world.case_number + "/R1"], "ABANDONED");
  // The settling moved the etag, and the repeat begins anew with the one that it is told.
  EXPECT_EQ(ReasonOf(Refer().status()), "ETAG_STALE");
  request.set_case_etag(EtagOfCase());
  auto sent = Refer();
  ASSERT_TRUE(sent.ok()) << sent.status();
  EXPECT_EQ(sent->change().referral_id(), world.case_number + "/R2");
}

TEST_F(CrashedReferTest, AClockThatIsPutBackDoesNotKeepItOpen) {
  world.clock.Set(world.clock.Now() - world.kh->parts.clocks.open_disclosure + absl::Seconds(1));
  SettleAgain();
  EXPECT_TRUE(world.kh->intake.settled.empty());
  world.clock.Set(world.clock.Now() - absl::Hours(5));
  SettleAgain();
  EXPECT_EQ(world.kh->intake.settled[world.case_number + "/R1"], "ABANDONED");
}

TEST(LargeGroupTest, AGroupOfTenThousandArrivesWhole) {
  TwoNodes world(10'000);
  const std::string id = world.Refer();
  EXPECT_EQ(world.States(id), "DELIVERED/DELIVERED");
  EXPECT_EQ(world.Destination(id).member_count(), 10'000u);
  v1::GetReferralRequest request;
  request.set_referral_id(id);
  request.set_member_page_size(200);
  int seen = 0;
  do {
    auto page = world.Run(world.my->queries.GetReferral(world.contact, request));
    ASSERT_TRUE(page.ok()) << page.status();
    seen += page->referral().members_size();
    request.set_member_page_token(page->next_member_page_token());
  } while (!request.member_page_token().empty());
  EXPECT_EQ(seen, 10'000);
}

TEST_F(CrashedReferTest, WhatAnotherTryHasGoneOnWithIsNotGivenUpByTheFirst) {
  const OpenDisclosureKey key{*ReferralId::Parse(world.case_number + "/R1", "id")};
  OpenDisclosureKey wanted = key;
  const auto first = world.Run(world.kh->parts.repository.Find(std::move(wanted)));
  world.kh->intake.fall_silent_after_disclosing = true;
  EXPECT_TRUE(absl::IsUnavailable(Refer().status()));  // The second, which breaks off as well.
  OpenDisclosureKey again = key;
  const auto ended =
      world.Run(EndBegunDisclosure(world.kh->parts, std::move(again), (*first)->version));
  ASSERT_TRUE(ended.ok()) << ended.status();
  EXPECT_FALSE(*ended);
  EXPECT_TRUE(world.kh->intake.settled.empty());
  EXPECT_TRUE(Refer().ok());
}

TEST_F(CrashedReferTest, GoingOnWithItDoesNotKeepItForEver) {
  world.Advance(world.kh->parts.clocks.open_disclosure - absl::Seconds(1));
  world.kh->intake.fall_silent_after_disclosing = true;
  EXPECT_TRUE(absl::IsUnavailable(Refer().status()));
  world.Advance(absl::Seconds(1));
  SettleAgain();
  EXPECT_EQ(world.kh->intake.settled[world.case_number + "/R1"], "ABANDONED");
}

TEST_F(CrashedReferTest, OneThatIntakeDoesNotSettleHoldsUpNoOther) {
  const std::string first = world.case_number + "/R1";
  world.kh->intake.refuse_settling[first] = absl::InternalError("not now");
  world.case_number = CaseNumber("KH", 26, 900).ToString();
  world.kh->intake.AddCase(world.case_number, 1);
  world.weather.down = true;
  const std::string second = world.Refer();
  world.Advance(absl::Hours(8 * 24));
  EXPECT_EQ(world.Home(second).state(), v1::REFERRAL_STATE_UNDELIVERED);
  EXPECT_FALSE(world.Run(SettleWithIntake(world.kh->parts, world.kh->disclosures)).ok());
  EXPECT_EQ(world.kh->intake.settled[second], "UNDELIVERED");
  EXPECT_FALSE(world.kh->intake.settled.contains(first));
}

}  // namespace
}  // namespace redress::referral
