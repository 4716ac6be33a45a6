#include <gtest/gtest.h>

#include "services/referral/app/testing/story_fixture.h"

namespace redress::referral {
namespace {

int CountEvents(TwoNodes& world, TestNode& node, v1::Event::KindCase kind) {
  auto events = world.Run(node.queries.ReadEvents(0, 1'000));
  int count = 0;
  for (const v1::ReadEventsResponse& one : *events) count += one.event().kind_case() == kind;
  return count;
}

bool HasEvidence(const v1::Referral& referral, v1::EvidenceKind kind) {
  for (const v1::Evidence& evidence : referral.evidence()) {
    if (evidence.content().kind() == kind) return true;
  }
  return false;
}

TEST(LinkTest, APeerThatIsDownBlocksNobodyAndGetsEverythingOnceItIsBack) {
  TwoNodes world(1);
  world.weather.down = true;
  std::vector<std::string> ids;
  for (uint32_t serial = 500; serial < 510; ++serial) {
    world.case_number = CaseNumber("KH", 26, serial).ToString();
    world.kh->intake.AddCase(world.case_number, 1);
    ids.push_back(world.Refer());
    EXPECT_EQ(world.Home(ids.back()).state(), v1::REFERRAL_STATE_SENT);
  }
  world.Advance(absl::Hours(3));
  world.weather.down = false;
  world.Advance(absl::Minutes(20));
  for (const std::string& id : ids) EXPECT_EQ(world.States(id), "DELIVERED/DELIVERED");
  EXPECT_EQ(CountEvents(world, *world.my, v1::Event::kReceived), 10);
  // In the order in which they were sent.
  auto events = world.Run(world.my->queries.ReadEvents(0, 1'000));
  std::vector<std::string> order;
  for (const v1::ReadEventsResponse& one : *events) {
    if (one.event().has_received()) order.push_back(one.event().referral_id());
  }
  EXPECT_EQ(order, ids);
}

TEST(LinkTest, APeerThatGoesDownOftenIsTriedAgainAsSoonAsOneThatGoesDownOnce) {
  TwoNodes world(1);
  for (uint32_t round = 1; round <= 8; ++round) {
    world.case_number = CaseNumber("KH", 26, 100 + round).ToString();
    world.kh->intake.AddCase(world.case_number, 1);
    world.weather.down = true;
    const std::string id = world.Refer();
    world.Advance(absl::Milliseconds(400));
    world.weather.down = false;
    world.Advance(absl::Seconds(3));
    ASSERT_EQ(world.States(id), "DELIVERED/DELIVERED") << "in round " << round;
  }
}

TEST(LinkTest, APeerThatCallsIsTriedAgainAtOnceHoweverLongItWasAway) {
  TwoNodes world(1);
  const std::string first = world.Refer();
  world.weather.down = true;
  world.case_number = CaseNumber("KH", 26, 500).ToString();
  world.kh->intake.AddCase(world.case_number, 1);
  const std::string second = world.Refer();
  world.Advance(absl::Hours(3));
  world.weather.down = false;
  ASSERT_EQ(world.Home(second).state(), v1::REFERRAL_STATE_SENT);
  auto accept = RequestOn<v1::AcceptReferralRequest>(world, world.Destination(first));
  accept.mutable_acceptance()->set_focal_point_id("my:mtuc/f1");
  ASSERT_TRUE(world.Run(world.my->receiver.AcceptReferral(world.contact, accept)).ok());
  world.Advance(absl::Seconds(2));
  EXPECT_EQ(world.States(second), "DELIVERED/DELIVERED");
}

TEST(LinkTest, APeerThatAnswersAgainIsToldOf) {
  TwoNodes world(1);
  world.weather.down = true;
  const std::string id = world.Refer();
  world.Advance(absl::Hours(1));
  world.weather.down = false;
  world.Advance(absl::Minutes(20));
  ASSERT_EQ(world.States(id), "DELIVERED/DELIVERED");
  std::vector<bool> told;
  auto events = world.Run(world.kh->queries.ReadEvents(0, 1'000));
  for (const v1::ReadEventsResponse& one : *events) {
    if (one.event().has_link() && one.event().link().peer_node() == "my") {
      told.push_back(one.event().link().up());
    }
  }
  EXPECT_EQ(told, (std::vector<bool>{false, true}));
}

TEST(LinkTest, ALinkGoesOnWhereItStoodBeforeARestart) {
  TwoNodes world(1);
  const std::string first = world.Refer();
  world.kh->EndLinks();
  world.case_number = CaseNumber("KH", 26, 500).ToString();
  world.kh->intake.AddCase(world.case_number, 1);
  const std::string second = world.Refer();
  EXPECT_EQ(world.Home(second).state(), v1::REFERRAL_STATE_SENT);
  world.kh->StartLinks(*world.kh_peers);
  world.Settle();
  EXPECT_EQ(world.States(first), "DELIVERED/DELIVERED");
  EXPECT_EQ(world.States(second), "DELIVERED/DELIVERED");
  EXPECT_EQ(CountEvents(world, *world.my, v1::Event::kReceived), 2);
}

TEST(LinkTest, LostReceiptsMakeDuplicatesThatChangeNothing) {
  TwoNodes world(2);
  world.weather.lose_receipts = 5;
  const std::string id = world.Refer();
  world.Advance(absl::Minutes(10));
  EXPECT_EQ(world.States(id), "DELIVERED/DELIVERED");
  EXPECT_EQ(CountEvents(world, *world.my, v1::Event::kReceived), 1);
  EXPECT_EQ(world.Home(id).history_size(), world.Destination(id).history_size());
}

// Its places in the link were other messages' by then. (The model of the link in tests/model says
// what becomes of it otherwise: it would be tried for ever.)
TEST(LinkTest, ASenderPutBackToABackupSendsWhatIsNewAndNothingTwice) {
  TwoNodes world(1);
  const std::shared_ptr<const kv::MemoryStore::Image> backup = world.kh->store.Backup();
  const std::string forgotten = world.Refer();
  world.kh->EndLinks();
  world.kh->store.Restore(*backup);
  world.kh->StartLinks(*world.kh_peers);
  world.case_number = CaseNumber("KH", 26, 500).ToString();
  world.kh->intake.AddCase(world.case_number, 1);

  const std::string id = world.Refer();
  world.Advance(absl::Minutes(1));

  EXPECT_EQ(world.States(id), "DELIVERED/DELIVERED");
  EXPECT_EQ(world.Destination(forgotten).state(), v1::REFERRAL_STATE_DELIVERED);
  EXPECT_EQ(CountEvents(world, *world.my, v1::Event::kReceived), 2);
}

TEST(LinkTest, AnotherNodeThanTheCertificateSaysIsRefused) {
  TwoNodes world(1);
  EXPECT_TRUE(absl::IsPermissionDenied(
      world.Run(world.my->inbound.Open("vn", {"kh", "my", 1, 0, ""})).status()));
  EXPECT_TRUE(absl::IsInvalidArgument(
      world.Run(world.my->inbound.Open("kh", {"kh", "th", 1, 0, ""})).status()));
}

TEST(ClockTest, SilenceIsSaidAfterTheTimeToAcceptAndALateAcceptanceStillCounts) {
  TwoNodes world(1);
  const std::string id = world.Refer();
  world.Advance(absl::Hours(7 * 24 - 1));
  EXPECT_EQ(world.States(id), "DELIVERED/DELIVERED");
  world.Advance(absl::Hours(2));
  EXPECT_EQ(world.States(id), "NO_RESPONSE/NO_RESPONSE");
  EXPECT_EQ(world.Home(id).reason(), "LINK_DRAINED");
  EXPECT_TRUE(HasEvidence(world.Home(id), v1::EVIDENCE_KIND_NON_RESPONSE));
  EXPECT_TRUE(HasEvidence(world.Destination(id), v1::EVIDENCE_KIND_NON_RESPONSE));
  v1::AcceptReferralRequest accept;
  accept.set_request_id(world.RequestId());
  accept.set_referral_id(id);
  accept.set_etag(world.Destination(id).etag());
  accept.mutable_acceptance()->set_focal_point_id("my:mtuc/f1");
  ASSERT_TRUE(world.Run(world.my->receiver.AcceptReferral(world.contact, accept)).ok());
  world.Settle();
  EXPECT_EQ(world.States(id), "ACCEPTED/ACCEPTED");
}

TEST(ClockTest, WhatCannotBeDeliveredIsGivenUpAfterAWeekAndCanBeQueuedAgain) {
  TwoNodes world(1);
  world.weather.down = true;
  const std::string id = world.Refer();
  world.Advance(absl::Hours(25));
  EXPECT_EQ(world.Home(id).state(), v1::REFERRAL_STATE_SENT);
  EXPECT_TRUE(HasEvidence(world.Home(id), v1::EVIDENCE_KIND_NON_DELIVERY));
  EXPECT_GE(CountEvents(world, *world.kh, v1::Event::kClock), 2);
  world.Advance(absl::Hours(7 * 24));
  EXPECT_EQ(world.Home(id).state(), v1::REFERRAL_STATE_UNDELIVERED);
  world.weather.down = false;
  world.Advance(absl::Hours(1));
  // What was late was refused as expired; nothing blocks the link.
  EXPECT_EQ(world.Home(id).state(), v1::REFERRAL_STATE_UNDELIVERED);
  v1::RequeueReferralRequest requeue;
  requeue.set_request_id(world.RequestId());
  requeue.set_referral_id(id);
  requeue.set_etag(world.Home(id).etag());
  auto requeued = world.Run(world.kh->home.RequeueReferral(world.ministry, requeue));
  ASSERT_TRUE(requeued.ok()) << requeued.status();
  world.Settle();
  EXPECT_EQ(world.States(id), "DELIVERED/DELIVERED");
}

TEST(ClockTest, AnUnansweredQuestionGoesBackAndSaysSo) {
  TwoNodes world(1);
  const std::string id = world.Refer();
  v1::RequestInformationRequest ask;
  ask.set_request_id(world.RequestId());
  ask.set_referral_id(id);
  ask.set_etag(world.Destination(id).etag());
  ask.add_items()->set_question("Which factory?");
  ASSERT_TRUE(world.Run(world.my->receiver.RequestInformation(world.contact, ask)).ok());
  world.Settle();
  world.Advance(absl::Hours(15 * 24));
  const v1::Referral shown = world.Home(id);
  bool said = false;
  for (const v1::HistoryEntry& entry : shown.history()) {
    said = said || entry.fact().kind() == v1::FACT_KIND_INFORMATION_OVERDUE;
  }
  EXPECT_TRUE(said);
  EXPECT_NE(shown.state(), v1::REFERRAL_STATE_INFO_REQUESTED);
}

TEST(DirectoryTest, ACopyIsReadOnlyAndFollowsItsOwner) {
  TwoNodes world(1);
  v1::GetBodyRequest get;
  get.set_body_id("my:mtuc");
  auto copy = world.Run(world.kh->directory.GetBody(world.ministry, get));
  ASSERT_TRUE(copy.ok()) << copy.status();
  v1::PutBodyRequest put;
  put.set_request_id(world.RequestId());
  put.set_etag(copy->etag());
  *put.mutable_body() = copy->body();
  EXPECT_TRUE(absl::IsFailedPrecondition(
      world.Run(world.kh->directory.PutBody(world.ministry, put)).status()));
  put.mutable_body()->set_active(false);
  auto changed = world.Run(world.my->directory.PutBody(world.my_admin, put));
  ASSERT_TRUE(changed.ok()) << changed.status();
  EXPECT_EQ(changed->change().etag(), "2");
  world.Settle();
  copy = world.Run(world.kh->directory.GetBody(world.ministry, get));
  EXPECT_FALSE(copy->body().active());
  v1::GetAgreementRequest agreement;
  agreement.set_agreement_id("kh-my:mlvt-mtuc");
  auto shown = world.Run(world.kh->directory.GetAgreement(world.ministry, agreement));
  ASSERT_TRUE(shown.ok());
  EXPECT_TRUE(shown->agreement().in_force());
}

TEST(DirectoryTest, ABodyThatTakesTheCaseIsSuggestedWithItsReasons) {
  TwoNodes world(1);
  v1::SuggestRecipientsRequest request;
  request.set_case_number(world.case_number);
  auto suggested = world.Run(world.kh->directory.SuggestRecipients(world.ministry, request));
  ASSERT_TRUE(suggested.ok()) << suggested.status();
  ASSERT_EQ(suggested->suggestions_size(), 2);
  EXPECT_EQ(suggested->suggestions(0).body_id(), "my:mtuc");
  EXPECT_EQ(suggested->suggestions(0).agreement_id(), "kh-my:mlvt-mtuc");
}

}  // namespace
}  // namespace redress::referral
