#include "services/referral/app/disclosures.h"
#include "services/referral/app/intake_follower.h"
#include "services/referral/app/testing/story_fixture.h"
#include "services/referral/app/verb_runner.h"

namespace redress::referral {
namespace {

// A referral that was given up after a week without a line, and settled with intake.
class GivenUpTest : public StoryTest {
 protected:
  GivenUpTest() {
    world.weather.down = true;
    id = world.Refer();
    world.Advance(absl::Hours(8 * 24));
    SettleAgain();
    EXPECT_EQ(world.Home(id).state(), v1::REFERRAL_STATE_UNDELIVERED);
    EXPECT_EQ(world.kh->intake.settled[id], "UNDELIVERED");
    world.weather.down = false;
    world.Advance(absl::Hours(1));  // Until the link tries again.
  }

  void SettleAgain() {
    auto settled = world.Run(SettleWithIntake(world.kh->parts, world.kh->disclosures));
    ASSERT_TRUE(settled.ok()) << settled.status();
    world.Settle();
  }
  absl::StatusOr<v1::RequeueReferralResponse> Requeue() {
    auto requeue = RequestOn<v1::RequeueReferralRequest>(world, world.Home(id));
    auto answer = world.Run(world.kh->home.RequeueReferral(world.ministry, requeue));
    world.Settle();
    return answer;
  }

  std::string id;
};

TEST_F(GivenUpTest, SentAgainItIsOpenWithIntakeToo) {
  auto requeued = Requeue();
  ASSERT_TRUE(requeued.ok()) << requeued.status();
  EXPECT_EQ(world.States(id), "DELIVERED/DELIVERED");
  SettleAgain();
  EXPECT_FALSE(world.kh->intake.settled.contains(id));
  SettleAgain();
  EXPECT_EQ(world.Destination(id).disclosure_number(), 2u);
  EXPECT_EQ(world.States(id), "DELIVERED/DELIVERED");
}

TEST_F(GivenUpTest, ItIsNotSentAgainOnceWhatMayBeDisclosedHasChanged) {
  world.kh->intake.cases[world.case_number].members.pop_back();
  EXPECT_EQ(ReasonOf(Requeue().status()), "DISCLOSURE_CHANGED");
  EXPECT_EQ(world.Home(id).state(), v1::REFERRAL_STATE_UNDELIVERED);
}

TEST_F(GivenUpTest, ItIsNotSentAgainOnceTheCaseIsOver) {
  world.kh->intake.refuse_disclosure =
      RefusePrecondition("CASE_NOT_OPEN", "the case is over", {{"state", "WITHDRAWN"}});
  EXPECT_EQ(ReasonOf(Requeue().status()), "CASE_NOT_OPEN");
  EXPECT_EQ(world.Home(id).state(), v1::REFERRAL_STATE_UNDELIVERED);
}

TEST_F(GivenUpTest, SentAgainWhileTheCaseEndedItIsRecalled) {
  ASSERT_TRUE(Requeue().ok());
  world.kh->intake.refuse_disclosure =
      RefusePrecondition("CASE_NOT_OPEN", "the case is over", {{"state", "CLOSED_RESOLVED"}});
  SettleAgain();
  EXPECT_EQ(world.States(id), "RECALLED/RECALLED");
  EXPECT_EQ(world.Home(id).reason(), "CASE_CLOSED");
  SettleAgain();
  EXPECT_TRUE(world.kh->intake.settled.contains(id));
}

TEST_F(GivenUpTest, ConsentTakenBackWhileItIsSentAgainKeepsItAtHome) {
  const ReferralRef ref{Side::kHome, ReferralId::Parse(id, "").value()};
  const auto asked_at = world.Run(world.kh->disclosures.AskingAt(ref.id));
  intake::v1::Event event;
  event.set_number(1);
  event.set_case_number(world.case_number);
  event.mutable_consent_changed()->set_purpose("REFERRAL");
  event.mutable_consent_changed()->set_status("WITHDRAWN");
  event.mutable_consent_changed()->add_member_ids(FakeIntake::MemberIdOf(1));
  world.kh->intake.events.push_back(event);
  ASSERT_TRUE(world
                  .Run(FollowIntakeOnce(world.kh->parts, world.kh->disclosures,
                                        absl::ZeroDuration(), async::CancellationToken()))
                  .ok());

  auto loaded = world.Run(LoadReferral(world.kh->parts, ref));
  ReferralEdit edit(world.kh->parts, **std::move(loaded));
  Fact requeued;
  requeued.kind = FactKind::kRequeued;
  requeued.actor = ActorOf(*world.ministry);
  ASSERT_TRUE(edit.Write(std::move(requeued)).ok());
  Disclosures::ExpectAskedAt(edit, *asked_at);
  journal::ChangeSet changes;
  ASSERT_TRUE(edit.Stage(changes).ok());
  EXPECT_TRUE(
      absl::IsAborted(world.Run(CommitChanges(world.kh->parts, std::move(changes))).status()));
}

TEST_F(GivenUpTest, ARefusalThatSaysNothingOfTheReferralRecallsNothing) {
  ASSERT_TRUE(Requeue().ok());
  world.kh->intake.refuse_disclosure = absl::FailedPreconditionError("something else");
  EXPECT_FALSE(world.Run(SettleWithIntake(world.kh->parts, world.kh->disclosures)).ok());
  EXPECT_EQ(world.States(id), "DELIVERED/DELIVERED");
  SettleAgain();
  EXPECT_FALSE(world.kh->intake.settled.contains(id));
}

class RecallOnItsWayTest : public StoryTest {};

TEST_F(RecallOnItsWayTest, ARecallOfWhatNeverArrivedEndsWhenItIsGivenUp) {
  world.weather.down = true;
  const std::string id = world.Refer();
  world.Advance(absl::Hours(1));
  auto recall = RequestOn<v1::RecallReferralRequest>(world, world.Home(id));
  recall.set_reason("WRONG_RECEIVER");
  ASSERT_TRUE(world.Run(world.kh->home.RecallReferral(world.ministry, recall)).ok());
  world.Advance(absl::Hours(8 * 24));
  EXPECT_EQ(world.Home(id).state(), v1::REFERRAL_STATE_RECALLED);
  EXPECT_EQ(world.Home(id).reason(), "WRONG_RECEIVER");
  world.weather.down = false;
  world.Advance(absl::Hours(1));
  EXPECT_EQ(world.Home(id).state(), v1::REFERRAL_STATE_RECALLED);
}

}  // namespace
}  // namespace redress::referral
