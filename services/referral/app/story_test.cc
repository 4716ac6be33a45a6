#include "services/platform/crypto/sha256.h"
#include "services/referral/app/referral_files.h"
#include "services/referral/app/testing/story_fixture.h"

namespace redress::referral {
namespace {

// A file of the case that holds "abc", if intake is given its bytes.
intake::v1::EvidenceFile AddFile(TwoNodes& world) {
  intake::v1::EvidenceFile file;
  file.set_evidence_id("00000000000000000000000042");
  file.set_size_bytes(3);
  file.set_sha256(crypto::Sha256::Of("abc"));
  world.kh->intake.cases[world.case_number].files.push_back(file);
  return file;
}

TEST_F(StoryTest, AReferralArrivesAtTheOtherNodeWithItsMembers) {
  const std::string id = world.Refer();
  EXPECT_EQ(world.States(id), "DELIVERED/DELIVERED");
  const v1::Referral there = world.Destination(id);
  EXPECT_EQ(there.members_size(), 3);
  EXPECT_EQ(there.members(0).member().member().complainant().name(), "Worker 1");
  EXPECT_EQ(there.complaint().complaint().sector(), "MANUFACTURING");
  EXPECT_EQ(there.etag(), world.Home(id).etag());
  EXPECT_EQ(there.agreement().agreement_id(), "kh-my:mlvt-mtuc");
  EXPECT_TRUE(world.Home(id).peer().in_step());
  EXPECT_TRUE(there.peer().in_step());
}

TEST_F(StoryTest, FromReferralToResolutionBothNodesShowTheSame) {
  const std::string id = world.Refer();
  auto acknowledge = RequestOn<v1::AcknowledgeReferralRequest>(world, world.Destination(id));
  ASSERT_TRUE(world.Run(world.my->receiver.AcknowledgeReferral(world.contact, acknowledge)).ok());
  world.Settle();
  EXPECT_EQ(world.States(id), "ACKNOWLEDGED/ACKNOWLEDGED");
  Accept(id);
  EXPECT_EQ(world.States(id), "ACCEPTED/ACCEPTED");
  EXPECT_EQ(world.Home(id).holder_body_id(), "my:mtuc");

  auto ask = RequestOn<v1::RequestInformationRequest>(world, world.Destination(id));
  ask.add_items()->set_question("When did the deductions begin?");
  auto asked = world.Run(world.my->receiver.RequestInformation(world.contact, ask));
  ASSERT_TRUE(asked.ok()) << asked.status();
  world.Settle();
  EXPECT_EQ(world.States(id), "INFO_REQUESTED/INFO_REQUESTED");
  EXPECT_TRUE(world.Home(id).clocks().stopped());
  auto answer = RequestOn<v1::ProvideInformationRequest>(world, world.Home(id));
  answer.set_question_number(asked->question_number());
  answer.set_answer("In March 2024.");
  auto answered = world.Run(world.kh->home.ProvideInformation(world.desk, answer));
  ASSERT_TRUE(answered.ok()) << answered.status();
  world.Settle();
  EXPECT_EQ(world.States(id), "ACCEPTED/ACCEPTED");

  Step(id, "NEGOTIATION");
  Step(id, "HEARING");
  EXPECT_EQ(world.States(id), "IN_PROGRESS/IN_PROGRESS");
  Propose(id, "7200.00");
  EXPECT_EQ(world.States(id), "SOLUTION_PROPOSED/SOLUTION_PROPOSED");
  auto some = Answers(id, 1, 2, true);
  ASSERT_TRUE(some.ok()) << some.status();
  EXPECT_EQ(some->waiting_count(), 1u);
  auto all = Answers(id, 3, 3, true);
  ASSERT_TRUE(all.ok()) << all.status();
  EXPECT_EQ(all->change().state(), v1::REFERRAL_STATE_RESOLVED);
  EXPECT_EQ(world.States(id), "RESOLVED/RESOLVED");
  ASSERT_EQ(world.Home(id).balances_size(), 1);
  EXPECT_EQ(world.Home(id).balances(0).balance().amount(), "21600.00");

  // Intake hears of the end and of what is owed, once.
  for (int i = 0; i < 2; ++i)
    ASSERT_TRUE(world.Run(SettleWithIntake(world.kh->parts, world.kh->disclosures)).ok());
  EXPECT_EQ(world.kh->intake.settled[id], "RESOLVED");
  ASSERT_EQ(world.kh->intake.ledger.size(), 3u);
  EXPECT_EQ(world.kh->intake.ledger[0].kind(), "AGREED");
  EXPECT_EQ(world.kh->intake.ledger[0].amount().amount(), "7200.00");
}

TEST_F(StoryTest, ADisclosureIsSettledOnlyWhenItsFilesHaveLeftIntake) {
  const intake::v1::EvidenceFile file = AddFile(world);
  world.kh->intake.file_bytes[file.evidence_id()] = "abc";
  const std::string id = world.Refer();
  Accept(id);
  Propose(id, "7200.00");
  ASSERT_TRUE(Answers(id, 1, 3, true).ok());
  // Intake lets nothing of a settled disclosure out, and the file has not been fetched.
  EXPECT_TRUE(absl::IsUnavailable(
      world.Run(SettleWithIntake(world.kh->parts, world.kh->disclosures)).status()));
  EXPECT_TRUE(world.kh->intake.settled.empty());
  const async::CancellationToken none;
  for (int i = 0; i < 4; ++i) {
    ASSERT_TRUE(world.Run(RunFileTransfersOnce(world.kh->parts, *world.kh_peers, none)).ok());
    world.Settle();
  }
  v1::DownloadReferralEvidenceRequest download;
  download.set_referral_id(id);
  download.set_evidence_id(file.evidence_id());
  EXPECT_TRUE(world.Run(world.my->files.Download(world.contact, download)).ok());
  ASSERT_TRUE(world.Run(SettleWithIntake(world.kh->parts, world.kh->disclosures)).ok());
  EXPECT_EQ(world.kh->intake.settled[id], "RESOLVED");
}

TEST_F(StoryTest, AFileThatIntakeRefusesAfterTheEndKeepsNothingOpen) {
  AddFile(world);
  const std::string id = world.Refer();
  Accept(id);
  Propose(id, "7200.00");
  ASSERT_TRUE(Answers(id, 1, 3, true).ok());
  const async::CancellationToken none;
  EXPECT_TRUE(world.Run(RunFileTransfersOnce(world.kh->parts, *world.kh_peers, none)).ok());
  ASSERT_TRUE(world.Run(SettleWithIntake(world.kh->parts, world.kh->disclosures)).ok());
  EXPECT_EQ(world.kh->intake.settled[id], "RESOLVED");
}

TEST_F(StoryTest, MoneyRecordedAbroadIsPostedOnceAtHomeAndLowersTheBalance) {
  const std::string id = world.Refer();
  Accept(id);
  Propose(id, "7200.00");
  ASSERT_TRUE(Answers(id, 1, 3, true).ok());
  auto pay = RequestOn<v1::RecordReferralMoneyRequest>(world, world.Destination(id));
  intake::v1::MoneyEntry* entry = pay.add_entries();
  entry->set_member_id(FakeIntake::MemberIdOf(1));
  entry->set_kind("RECEIVED");
  entry->mutable_amount()->set_currency_code("MYR");
  entry->mutable_amount()->set_amount("7200.00");
  entry->set_happened_on("2026-11-01");
  EXPECT_EQ(
      ReasonOf(world.Run(world.my->receiver.RecordReferralMoney(world.contact, pay)).status()),
      "INSTRUCTION_MISSING");
  entry->mutable_instruction()->set_how("IN_PERSON");
  entry->mutable_instruction()->set_given_on("2026-11-01");
  auto paid = world.Run(world.my->receiver.RecordReferralMoney(world.contact, pay));
  ASSERT_TRUE(paid.ok()) << paid.status();
  EXPECT_EQ(paid->balances(0).balance().amount(), "14400.00");
  world.Settle();
  for (int i = 0; i < 2; ++i)
    ASSERT_TRUE(world.Run(SettleWithIntake(world.kh->parts, world.kh->disclosures)).ok());
  int received = 0;
  for (const auto& posted : world.kh->intake.ledger) received += posted.kind() == "RECEIVED";
  EXPECT_EQ(received, 1);
  EXPECT_EQ(world.Home(id).balances(0).balance().amount(), "14400.00");
  EXPECT_EQ(world.Home(id).members(0).balances(0).balance().amount(), "0.00");
  EXPECT_EQ(world.Home(id).members(1).balances(0).balance().amount(), "7200.00");
}

TEST_F(StoryTest, ARefusalTakesTheReferralBackToWork) {
  const std::string id = world.Refer();
  Accept(id);
  Propose(id, "100.00");
  ASSERT_TRUE(Answers(id, 1, 1, true).ok());
  ASSERT_TRUE(Answers(id, 2, 2, false).ok());
  EXPECT_EQ(world.States(id), "IN_PROGRESS/IN_PROGRESS");
  EXPECT_TRUE(world.Home(id).members(0).agreed());
  EXPECT_EQ(ReasonOf(Answers(id, 3, 3, true).status()), "PROPOSAL_NOT_CURRENT");
}

TEST_F(StoryTest, EachIsOwedWhatHeAgreedToAndNotWhatOthersWereOfferedLater) {
  const std::string id = world.Refer();
  Accept(id);
  Propose(id, "100.00");
  ASSERT_TRUE(Answers(id, 1, 1, true).ok());
  ASSERT_TRUE(Answers(id, 2, 2, false).ok());
  Propose(id, "200.00");
  ASSERT_TRUE(Answers(id, 2, 3, true).ok());

  EXPECT_EQ(world.States(id), "RESOLVED/RESOLVED");
  EXPECT_EQ(world.Home(id).balances(0).balance().amount(), "500.00");
  EXPECT_EQ(world.Destination(id).balances(0).balance().amount(), "500.00");
  ASSERT_TRUE(world.Run(SettleWithIntake(world.kh->parts, world.kh->disclosures)).ok());
  std::map<std::string, std::string> agreed;
  for (const auto& entry : world.kh->intake.ledger) {
    agreed[entry.member_id()] = entry.kind() + " " + entry.amount().amount();
  }
  EXPECT_EQ(agreed,
            (std::map<std::string, std::string>{{FakeIntake::MemberIdOf(1), "AGREED 100.00"},
                                                {FakeIntake::MemberIdOf(2), "AGREED 200.00"},
                                                {FakeIntake::MemberIdOf(3), "AGREED 200.00"}}));
}

TEST_F(StoryTest, WhatSomeAgreedToStaysOwedWhenTheRestIsUnresolved) {
  const std::string id = world.Refer();
  Accept(id);
  Propose(id, "100.00");
  ASSERT_TRUE(Answers(id, 1, 1, true).ok());
  ASSERT_TRUE(Answers(id, 2, 2, false).ok());
  auto conclude = RequestOn<v1::ConcludeReferralRequest>(world, world.Destination(id));
  conclude.set_reason("RESPONDENT_NOT_FOUND");
  conclude.mutable_outcome();
  auto ended = world.Run(world.my->receiver.ConcludeReferral(world.contact, conclude));
  ASSERT_TRUE(ended.ok()) << ended.status();
  world.Settle();

  EXPECT_EQ(world.States(id), "UNRESOLVED/UNRESOLVED");
  EXPECT_EQ(world.Home(id).balances(0).balance().amount(), "100.00");
  ASSERT_TRUE(world.Run(SettleWithIntake(world.kh->parts, world.kh->disclosures)).ok());
  ASSERT_EQ(world.kh->intake.ledger.size(), 1u);
  EXPECT_EQ(world.kh->intake.ledger[0].member_id(), FakeIntake::MemberIdOf(1));
}

TEST_F(StoryTest, ADeclineNeedsAReasonAndThenGoesToTheNextBody) {
  const std::string id = world.Refer();
  auto decline = RequestOn<v1::DeclineReferralRequest>(world, world.Destination(id));
  decline.set_reason("IRREGULAR_STATUS");
  EXPECT_EQ(
      ReasonOf(world.Run(world.my->receiver.DeclineReferral(world.contact, decline)).status()),
      "IRREGULAR_STATUS_IS_NO_REASON");
  decline.set_reason("NO_CAPACITY");
  ASSERT_TRUE(world.Run(world.my->receiver.DeclineReferral(world.contact, decline)).ok());
  world.Settle();
  EXPECT_EQ(world.States(id), "DECLINED/DECLINED");
  v1::ReferComplaintRequest again = world.ReferRequest();
  again.set_receiver_body_id("my:tenaganita");
  again.set_ad_hoc(true);
  again.set_previous_referral_id(id);
  auto second = world.Run(world.kh->home.ReferComplaint(world.ministry, again));
  ASSERT_TRUE(second.ok()) << second.status();
  EXPECT_EQ(second->change().referral_id(), world.case_number + "/R2");
  world.Settle();
  EXPECT_EQ(world.At(*world.my, world.other_contact, world.case_number + "/R2").state(),
            v1::REFERRAL_STATE_DELIVERED);
}

TEST_F(StoryTest, WhatIsForeignIsAsIfItWereAbsent) {
  const std::string id = world.Refer();
  v1::GetReferralRequest get;
  get.set_referral_id(id);
  EXPECT_TRUE(absl::IsNotFound(
      world.Run(world.my->queries.GetReferral(world.other_contact, get)).status()));
  auto request = RequestOn<v1::StartReferralRequest>(world, world.Destination(id));
  const absl::Status foreign =
      world.Run(world.my->receiver.StartReferral(world.other_contact, request)).status();
  request.set_referral_id(world.case_number + "/R9");
  const absl::Status absent =
      world.Run(world.my->receiver.StartReferral(world.contact, request)).status();
  EXPECT_EQ(foreign, absent);
}

TEST_F(StoryTest, AVerbOfTheOtherSideIsRefusedAsSuch) {
  const std::string id = world.Refer();
  auto request = RequestOn<v1::StartReferralRequest>(world, world.Home(id));
  EXPECT_EQ(ReasonOf(world.Run(world.kh->receiver.StartReferral(world.ministry, request)).status()),
            "WRONG_SIDE");
}

TEST_F(StoryTest, AStaleEtagIsRefusedWithTheCurrentOne) {
  const std::string id = world.Refer();
  auto request = RequestOn<v1::StartReferralRequest>(world, world.Destination(id));
  request.set_etag("1.0");
  const absl::Status stale =
      world.Run(world.my->receiver.StartReferral(world.contact, request)).status();
  EXPECT_TRUE(absl::IsAborted(stale));
  EXPECT_EQ(GetRefusal(stale)->metadata.at("etag"), world.Destination(id).etag());
}

TEST_F(StoryTest, TheSameRequestIsAnsweredAgainByteForByte) {
  const std::string id = world.Refer();
  auto request = RequestOn<v1::AcknowledgeReferralRequest>(world, world.Destination(id));
  auto first = world.Run(world.my->receiver.AcknowledgeReferral(world.contact, request));
  ASSERT_TRUE(first.ok());
  world.Advance(absl::Minutes(5));
  auto again = world.Run(world.my->receiver.AcknowledgeReferral(world.contact, request));
  ASSERT_TRUE(again.ok());
  EXPECT_EQ(first->SerializeAsString(), again->SerializeAsString());
  request.set_focal_point_id("my:mtuc/f1");
  EXPECT_EQ(
      ReasonOf(world.Run(world.my->receiver.AcknowledgeReferral(world.contact, request)).status()),
      "REQUEST_ID_REUSED");
}

TEST_F(StoryTest, AReferralIsRememberedByItsRequestToo) {
  const v1::ReferComplaintRequest request = world.ReferRequest();
  auto first = world.Run(world.kh->home.ReferComplaint(world.ministry, request));
  ASSERT_TRUE(first.ok()) << first.status();
  auto again = world.Run(world.kh->home.ReferComplaint(world.ministry, request));
  ASSERT_TRUE(again.ok()) << again.status();
  EXPECT_EQ(first->SerializeAsString(), again->SerializeAsString());
  EXPECT_EQ(world.kh->intake.disclosed.size(), 1u);
}

TEST_F(StoryTest, TheTransitionThatTheTableLacksLeavesOnlyALineInTheAuditLog) {
  const std::string id = world.Refer();
  const v1::Referral before = world.Destination(id);
  auto request = RequestOn<v1::ResumeReferralRequest>(world, before);
  EXPECT_EQ(ReasonOf(world.Run(world.my->receiver.ResumeReferral(world.contact, request)).status()),
            "TRANSITION_NOT_ALLOWED");
  EXPECT_EQ(world.Destination(id).history_size(), before.history_size());
}

TEST_F(StoryTest, ARecallIsConfirmedByTheDestination) {
  const std::string id = world.Refer();
  Accept(id);
  auto recall = RequestOn<v1::RecallReferralRequest>(world, world.Home(id));
  recall.set_reason("WRONG_RECEIVER");
  auto recalled = world.Run(world.kh->home.RecallReferral(world.ministry, recall));
  ASSERT_TRUE(recalled.ok()) << recalled.status();
  world.Settle();
  EXPECT_EQ(world.States(id), "RECALLED/RECALLED");
}

TEST_F(StoryTest, AnOutcomeThatCrossesARecallWinsOnBothNodes) {
  const std::string id = world.Refer();
  Accept(id);
  world.weather.down = true;
  auto recall = RequestOn<v1::RecallReferralRequest>(world, world.Home(id));
  recall.set_reason("CONSENT_REVOKED");
  ASSERT_TRUE(world.Run(world.kh->home.RecallReferral(world.ministry, recall)).ok());
  auto conclude = RequestOn<v1::ConcludeReferralRequest>(world, world.Destination(id));
  conclude.set_reason("RESPONDENT_NOT_FOUND");
  ASSERT_TRUE(world.Run(world.my->receiver.ConcludeReferral(world.contact, conclude)).ok());
  EXPECT_EQ(world.States(id), "RECALL_REQUESTED/UNRESOLVED");
  world.weather.down = false;
  world.Advance(absl::Minutes(10));
  EXPECT_EQ(world.States(id), "UNRESOLVED/UNRESOLVED");
  bool lost = false;
  const v1::Referral shown = world.Home(id);
  for (const v1::HistoryEntry& entry : shown.history()) lost = lost || entry.lost();
  EXPECT_TRUE(lost);
}

// Referrals that were made since the backup are at their destinations, under numbers unknown here.
TEST_F(StoryTest, ARestoredNodeLeavesNumbersOutAndOthersAfterEachRestoreOfOneBackup) {
  const auto id_after = [](uint32_t new_restores, absl::Duration unseen) {
    TwoNodes restored;
    restored.kh->parts.restored = journal::RestoredMark{.restores = new_restores,
                                                        .new_restores = new_restores,
                                                        .generation = 1'790'000'000,
                                                        .taken_at = restored.clock.Now() - unseen,
                                                        .restored_at = restored.clock.Now(),
                                                        .version = 1'000'000};
    const std::string id = restored.Refer();
    return id.substr(id.find('/'));
  };
  EXPECT_EQ(id_after(1, absl::ZeroDuration()), "/R11");
  EXPECT_EQ(id_after(2, absl::ZeroDuration()), "/R21");
  EXPECT_EQ(id_after(1, absl::Hours(3)), "/R14");
  EXPECT_EQ(id_after(1, absl::Hours(-3)), "/R11");
  EXPECT_EQ(id_after(1, absl::Hours(24 * 365)), "/R1011");
}

TEST_F(StoryTest, ACaseWhoseReferralNumbersAreUsedUpIsReferredNoMore) {
  world.kh->parts.restored = journal::RestoredMark{.new_restores = 1'000,
                                                   .generation = 1'790'000'000,
                                                   .taken_at = world.clock.Now(),
                                                   .restored_at = world.clock.Now(),
                                                   .version = 1'000'000};
  const auto refused =
      world.Run(world.kh->home.ReferComplaint(world.ministry, world.ReferRequest()));
  EXPECT_EQ(refused.status().code(), absl::StatusCode::kResourceExhausted) << refused.status();
}

}  // namespace
}  // namespace redress::referral
