#include "services/platform/kv/testing/short_page_store.h"
#include "services/platform/status/field_violations.h"
#include "services/referral/app/loaded_referral.h"
#include "services/referral/app/testing/story_fixture.h"
#include "services/referral/app/verb_runner.h"

namespace redress::referral {
namespace {

class SidePathsTest : public StoryTest {
 protected:
  void AddWithdrawal(uint64_t commit = 0) {
    intake::v1::Event event;
    event.set_number(world.kh->intake.events.size() + 1);
    event.set_commit_number(commit);
    event.set_case_number(world.case_number);
    event.set_state(intake::v1::CASE_STATE_WITHDRAWN);
    event.mutable_case_withdrawn()->set_reason("VOLUNTARY");
    world.kh->intake.events.push_back(event);
  }
  void AddConsentTakenBack(const std::string& member_id, uint64_t commit = 0) {
    intake::v1::Event event;
    event.set_number(world.kh->intake.events.size() + 1);
    event.set_commit_number(commit);
    event.set_case_number(world.case_number);
    event.mutable_consent_changed()->set_purpose("REFERRAL");
    event.mutable_consent_changed()->set_status("WITHDRAWN");
    event.mutable_consent_changed()->add_member_ids(member_id);
    world.kh->intake.events.push_back(event);
  }
  absl::StatusOr<int> Follow() {
    auto followed = world.Run(FollowIntakeOnce(world.kh->parts, world.kh->disclosures,
                                               absl::ZeroDuration(), async::CancellationToken()));
    world.Settle();
    return followed;
  }
};

TEST_F(SidePathsTest, AForwardIsSentByHomeAndThenTheParentIsTransferred) {
  const std::string id = world.Refer();
  auto forward = RequestOn<v1::ForwardReferralRequest>(world, world.Destination(id));
  forward.set_to_body_id("my:tenaganita");
  forward.set_reason("OUT_OF_MANDATE");
  ASSERT_TRUE(world.Run(world.my->receiver.ForwardReferral(world.contact, forward)).ok());
  world.Settle();
  EXPECT_EQ(world.States(id), "FORWARDED/FORWARDED");
  // No agreement covers the other body, so home refuses, and says why.
  ASSERT_TRUE(world.Run(DecideForwards(world.kh->parts, world.kh->disclosures)).ok());
  world.Settle();
  EXPECT_EQ(world.States(id), "DELIVERED/DELIVERED");

  auto again = RequestOn<v1::ForwardReferralRequest>(world, world.Destination(id));
  again.set_to_body_id("my:tenaganita");
  again.set_reason("OUT_OF_MANDATE");
  ASSERT_TRUE(world.Run(world.my->receiver.ForwardReferral(world.contact, again)).ok());
  world.Settle();
  v1::ReferComplaintRequest child = world.ReferRequest();
  child.set_receiver_body_id("my:tenaganita");
  child.set_ad_hoc(true);
  child.set_parent_referral_id(id);
  auto sent = world.Run(world.kh->home.ReferComplaint(world.ministry, child));
  ASSERT_TRUE(sent.ok()) << sent.status();
  world.Settle();
  ASSERT_TRUE(world.Run(DecideForwards(world.kh->parts, world.kh->disclosures)).ok());
  world.Settle();
  EXPECT_EQ(world.States(id), "TRANSFERRED/TRANSFERRED");
  EXPECT_EQ(world.Home(id).child_referral_id(), sent->change().referral_id());
}

TEST_F(SidePathsTest, ARangeThatDoesNotFitIntoAPageIsReadWhole) {
  const std::string id = world.Refer();
  kv::ShortPageStore short_pages(world.kh->store);
  Repository repository(short_pages, *world.keys, world.kh->node_key.Derive("unused"), "unused",
                        world.kh->random);
  const ReferralRef ref{Side::kHome, ReferralId::Parse(id, "").value()};
  RowRange range{.of = RowRange::Of::kMembers, .ref = ref, .disclosure = 1};
  EXPECT_THAT(*world.Run(repository.ScanAll<MemberKey>(range)), testing::SizeIs(3));
  std::optional<MemberKey> from_start;
  const auto page = world.Run(repository.Scan<MemberKey>(range, from_start, 100));
  EXPECT_THAT(page->rows, testing::SizeIs(1));
  EXPECT_TRUE(page->more);
}

TEST_F(SidePathsTest, AWithdrawnCaseRecallsItsReferrals) {
  const std::string id = world.Refer();
  AddWithdrawal();
  for (int i = 0; i < 2; ++i) ASSERT_TRUE(Follow().ok());
  EXPECT_EQ(world.States(id), "RECALLED/RECALLED");
}

// The follower is late: what it reads was taken back and given again before the case was referred.
TEST_F(SidePathsTest, AWithdrawalThatWasUndoneBeforeTheReferralLeavesItAlone) {
  world.kh->intake.cases[world.case_number].version = 7;
  const std::string id = world.Refer();
  AddWithdrawal(5);
  AddWithdrawal(7);
  for (int i = 0; i < 2; ++i) ASSERT_TRUE(Follow().ok());
  EXPECT_EQ(world.States(id), "DELIVERED/DELIVERED");
  AddWithdrawal(world.kh->intake.cases[world.case_number].version + 1);
  for (int i = 0; i < 2; ++i) ASSERT_TRUE(Follow().ok());
  EXPECT_EQ(world.States(id), "RECALLED/RECALLED");
}

TEST_F(SidePathsTest, WhatIsRecalledBeforeItArrivesIsShownToNobodyAtTheReceiver) {
  world.weather.down = true;
  const std::string id = world.Refer();
  auto recall = RequestOn<v1::RecallReferralRequest>(world, world.Home(id));
  recall.set_reason("WRONG_RECEIVER");
  auto recalled = world.Run(world.kh->home.RecallReferral(world.ministry, recall));
  ASSERT_TRUE(recalled.ok()) << recalled.status();
  // The head and its only page get through; the recall's own envelope does not.
  world.weather.down = false;
  world.weather.envelopes_left = 2;
  world.Advance(absl::Minutes(20));
  const ReferralRef there{Side::kDestination, ReferralId::Parse(id, "").value()};
  const auto arrived = world.Run(LoadReferral(world.my->parts, there));
  ASSERT_TRUE(arrived.ok() && arrived->has_value());
  EXPECT_EQ((*arrived)->folded.state, ReferralState::kRecalled);
  EXPECT_EQ(world.Home(id).state(), v1::REFERRAL_STATE_RECALL_REQUESTED);

  world.weather = Weather();
  world.Advance(absl::Minutes(20));
  EXPECT_EQ(world.Home(id).state(), v1::REFERRAL_STATE_RECALLED);
  const Caller auditor = TwoNodes::MakeCaller("my", "lim", "", {auth::Role::kAuditor});
  const v1::Referral audited = world.At(*world.my, auditor, id);
  EXPECT_EQ(audited.state(), v1::REFERRAL_STATE_RECALLED);
  EXPECT_EQ(world.Home(id).history_size(), audited.history_size());
  EXPECT_EQ(world.Home(id).evidence_size(), audited.evidence_size());
  // The receiver was never shown it, and is not shown it now.
  v1::GetReferralRequest show;
  show.set_referral_id(id);
  EXPECT_TRUE(
      absl::IsNotFound(world.Run(world.my->queries.GetReferral(world.contact, show)).status()));
  const auto list = world.Run(world.my->queries.ListReferrals(world.contact, {}));
  EXPECT_EQ(list->referrals_size(), 0);
}

// Two turns of the follower: the first may meet the referral's commit, and is then made again.
TEST_F(SidePathsTest, AWithdrawalThatIsReadWhileTheCaseIsBeingReferredRecallsIt) {
  std::optional<absl::StatusOr<v1::ReferComplaintResponse>> referred;
  async::Spawn(world.executor,
               async::internal::StoreResult(
                   world.kh->home.ReferComplaint(world.ministry, world.ReferRequest()), referred));
  while (world.kh->intake.disclosed.empty()) ASSERT_TRUE(world.executor.RunOne());
  ASSERT_FALSE(referred.has_value());
  AddWithdrawal();
  absl::StatusOr<int> followed = Follow();
  if (absl::IsAborted(followed.status())) followed = Follow();
  ASSERT_TRUE(followed.ok()) << followed.status();
  ASSERT_TRUE(referred.has_value());
  EXPECT_EQ(world.States(world.case_number + "/R1"), "RECALLED/RECALLED");
}

TEST_F(SidePathsTest, ADisclosureThatNobodyIsInAnyMoreIsRefusedForWantOfConsent) {
  world.kh->intake.disclose_nobody = true;
  const auto refused =
      world.Run(world.kh->home.ReferComplaint(world.ministry, world.ReferRequest()));
  EXPECT_EQ(ReasonOf(refused.status()), "CONSENT_MISSING");
  EXPECT_EQ(world.kh->intake.settled.size(), 1u);
}

TEST_F(SidePathsTest, AMemberWhoRevokesConsentLeavesTheDisclosureAndTheOthersStay) {
  const std::string id = world.Refer();
  auto& members = world.kh->intake.cases[world.case_number].members;
  const std::string gone = members.back().member().member_id();
  members.pop_back();
  AddConsentTakenBack(gone);
  ASSERT_TRUE(Follow().ok());
  EXPECT_EQ(world.Destination(id).members_size(), 2);
  EXPECT_EQ(world.Destination(id).disclosure_number(), 2u);
  EXPECT_EQ(world.States(id), "DELIVERED/DELIVERED");
}

// The follower is late: what it reads was taken back and given again before the case was referred.
TEST_F(SidePathsTest, ConsentThatWasGivenAgainBeforeTheReferralLeavesItAlone) {
  auto& intake = world.kh->intake.cases[world.case_number];
  intake.version = 7;
  const std::string id = world.Refer();
  const std::string member = intake.members.back().member().member_id();
  AddConsentTakenBack(member, 7);
  ASSERT_TRUE(Follow().ok());
  EXPECT_EQ(world.Destination(id).disclosure_number(), 1u);
  intake.members.pop_back();
  AddConsentTakenBack(member, intake.version + 1);
  ASSERT_TRUE(Follow().ok());
  EXPECT_EQ(world.Destination(id).disclosure_number(), 2u);
  EXPECT_EQ(world.Destination(id).members_size(), 2);
}

TEST_F(SidePathsTest, AWithdrawalThatWasUndoneBeforeAnUpdateLeavesTheReferralAlone) {
  const std::string id = world.Refer();
  auto& intake = world.kh->intake.cases[world.case_number];
  intake.members.pop_back();
  intake.version = 9;
  const ReferralRef ref{Side::kHome, ReferralId::Parse(id, "").value()};
  ASSERT_TRUE(world.Run(world.kh->disclosures.UpdateByNode(ref)).ok());
  world.Settle();
  ASSERT_EQ(world.Destination(id).disclosure_number(), 2u);
  AddWithdrawal(9);
  for (int i = 0; i < 2; ++i) ASSERT_TRUE(Follow().ok());
  EXPECT_EQ(world.States(id), "DELIVERED/DELIVERED");
}

TEST_F(SidePathsTest, WhatWasLeftOutOfAReferralStaysOutWhenItIsUpdated) {
  v1::ReferComplaintRequest narrow = world.ReferRequest();
  narrow.add_groups(intake::v1::FIELD_GROUP_IDENTITY);
  narrow.add_member_ids(FakeIntake::MemberIdOf(1));
  narrow.add_member_ids(FakeIntake::MemberIdOf(2));
  auto sent = world.Run(world.kh->home.ReferComplaint(world.ministry, narrow));
  ASSERT_TRUE(sent.ok()) << sent.status();
  const std::string id = sent->change().referral_id();
  world.Settle();

  const ReferralRef ref{Side::kHome, ReferralId::Parse(id, "").value()};
  ASSERT_TRUE(world.Run(world.kh->disclosures.UpdateByNode(ref)).ok());
  world.Settle();
  EXPECT_THAT(world.kh->intake.last_asked.groups(),
              testing::ElementsAre(intake::v1::FIELD_GROUP_IDENTITY));
  EXPECT_TRUE(world.kh->intake.last_asked.consenting_only());
  EXPECT_EQ(world.Destination(id).members_size(), 2);

  auto update = RequestOn<v1::UpdateDisclosureRequest>(world, world.Home(id));
  update.add_member_ids(FakeIntake::MemberIdOf(3));
  auto updated = world.Run(world.kh->home.UpdateDisclosure(world.ministry, update));
  ASSERT_TRUE(updated.ok()) << updated.status();
  world.Settle();
  EXPECT_THAT(world.kh->intake.last_asked.groups(),
              testing::ElementsAre(intake::v1::FIELD_GROUP_IDENTITY));
  EXPECT_EQ(world.Destination(id).members_size(), 3);
}

TEST_F(SidePathsTest, ADisclosureThatWouldTellNothingNewIsRefusedAndOpensNoNumber) {
  const std::string id = world.Refer();
  auto update = RequestOn<v1::UpdateDisclosureRequest>(world, world.Home(id));
  EXPECT_EQ(ReasonOf(world.Run(world.kh->home.UpdateDisclosure(world.ministry, update)).status()),
            "NOTHING_NEW");
  EXPECT_TRUE(world.kh->intake.last_asked.preview());
  world.Settle();
  EXPECT_EQ(world.Destination(id).disclosure_number(), 1u);

  auto& known = world.kh->intake.cases[world.case_number];
  known.members[0].mutable_member()->mutable_complainant()->set_name("Amended");
  auto updated = world.Run(world.kh->home.UpdateDisclosure(world.ministry, update));
  ASSERT_TRUE(updated.ok()) << updated.status();
  EXPECT_EQ(updated->disclosure_number(), 2u);
}

TEST_F(SidePathsTest, AFileThatHasNotWhollyArrivedIsNotDownloaded) {
  intake::v1::EvidenceFile file;
  file.set_evidence_id("000000000000000000000000F1");
  file.set_kind("PAYSLIP");
  file.set_size_bytes(100);
  world.kh->intake.cases[world.case_number].files.push_back(file);
  v1::DownloadReferralEvidenceRequest request;
  request.set_referral_id(world.Refer());
  request.set_evidence_id(file.evidence_id());
  const auto download = world.Run(world.kh->files.Download(world.ministry, request));
  EXPECT_EQ(ReasonOf(download.status()), "FILE_NOT_WHOLE");
  EXPECT_EQ(GetRefusal(download.status())->metadata.at("size_bytes"), "100");
}

TEST_F(SidePathsTest, WhoIsNamedToBeAddedMustConsent) {
  v1::ReferComplaintRequest narrow = world.ReferRequest();
  narrow.add_member_ids(FakeIntake::MemberIdOf(1));
  auto sent = world.Run(world.kh->home.ReferComplaint(world.ministry, narrow));
  ASSERT_TRUE(sent.ok()) << sent.status();
  world.Settle();
  world.kh->intake.cases[world.case_number].members.pop_back();
  auto update =
      RequestOn<v1::UpdateDisclosureRequest>(world, world.Home(sent->change().referral_id()));
  update.add_member_ids(FakeIntake::MemberIdOf(3));
  EXPECT_EQ(ReasonOf(world.Run(world.kh->home.UpdateDisclosure(world.ministry, update)).status()),
            "CONSENT_MISSING");
}

// A disclosure is stored before it can be refused for what else was asked for with it.
class GivenUpDisclosureTest : public testing::Test {
 protected:
  // More than a page of members.
  TwoNodes world{201};
  const std::string id = world.Refer();
  const ReferralRef ref{Side::kHome, ReferralId::Parse(id, "").value()};

  GivenUpDisclosureTest() {
    auto update = RequestOn<v1::UpdateDisclosureRequest>(world, world.Home(id));
    update.add_evidence_ids(NewRandomId(world.kh->random).ToString());
    EXPECT_EQ(ReasonOf(world.Run(world.kh->home.UpdateDisclosure(world.ministry, update)).status()),
              "EVIDENCE_NOT_SHAREABLE");
    EXPECT_EQ(world.Home(id).disclosure_number(), 1u);
  }
};

TEST_F(GivenUpDisclosureTest, WhatItStoredIsNoPartOfTheNextOne) {
  auto& members = world.kh->intake.cases[world.case_number].members;
  const MemberId gone = MemberId::FromTrusted(members.front().member().member_id());
  members.erase(members.begin());
  ASSERT_TRUE(world.Run(world.kh->disclosures.UpdateByNode(ref)).ok());
  world.Settle();

  EXPECT_EQ(world.Home(id).disclosure_number(), 2u);
  const auto disclosed = world.Run(DisclosedMembers(world.kh->parts, ref, 2));
  EXPECT_THAT(*disclosed, testing::SizeIs(200));
  EXPECT_FALSE(disclosed->contains(gone));
  RowRange pages{.of = RowRange::Of::kPages, .ref = ref, .disclosure = 2};
  const auto kept = world.Run(world.kh->repository.ScanAll<PageKey>(std::move(pages)));
  EXPECT_THAT(*kept, testing::SizeIs(1));
  EXPECT_EQ(world.Destination(id).member_count(), 200u);
  EXPECT_EQ(world.Destination(id).disclosure_number(), 2u);
}

TEST_F(GivenUpDisclosureTest, OneAtATimeStoresADisclosureOfTheSameReferral) {
  const auto loaded = world.Run(LoadReferral(world.kh->parts, ref));
  {
    auto first = world.Run(world.kh->disclosures.PrepareUpdate(**loaded, Joining::kNobody,
                                                               std::vector<std::string>()));
    ASSERT_TRUE(first.ok()) << first.status();
    EXPECT_TRUE(absl::IsUnavailable(world.Run(world.kh->disclosures.UpdateByNode(ref)).status()));
    EXPECT_EQ(world.Home(id).disclosure_number(), 1u);
  }
  ASSERT_TRUE(world.Run(world.kh->disclosures.UpdateByNode(ref)).ok());
  EXPECT_EQ(world.Home(id).disclosure_number(), 2u);
  // Nor is what is part of the referral by now written over.
  EXPECT_TRUE(absl::IsUnavailable(
      world.Run(world.kh->disclosures.PrepareUpdate(**loaded, Joining::kNobody, {})).status()));
}

// Each of these commits waits for the disk, one after the other, before a contact sees the case.
TEST_F(SidePathsTest, AReferralOfAFewPeopleIsTwoCommitsAtHomeAndTwoAtItsDestination) {
  const auto version_of = [&](TestNode& node, auto key) {
    return (*world.Run(node.repository.Find(std::move(key))))->version;
  };
  const auto answer =
      world.Run(world.kh->home.ReferComplaint(world.ministry, world.ReferRequest()));
  ASSERT_TRUE(answer.ok()) << answer.status();
  const ReferralId id = ReferralId::Parse(answer->change().referral_id(), "").value();
  const kv::Version numbered = version_of(*world.kh, CaseSequenceKey{id.case_number()});
  EXPECT_EQ(version_of(*world.kh, CaseKeyKey{id.case_number()}), numbered);
  EXPECT_EQ(answer->change().commit_number(), numbered + 1);
  world.Settle();
  const FactKey sent{{Side::kDestination, id}, Side::kHome, 1};
  EXPECT_EQ(version_of(*world.my, sent), version_of(*world.my, CaseKeyKey{id.case_number()}) + 1);
}

TEST_F(SidePathsTest, AGroupThatIsNoneIsRefusedByItsPlace) {
  v1::ReferComplaintRequest request = world.ReferRequest();
  request.add_groups(static_cast<intake::v1::FieldGroup>(77));
  const absl::Status status =
      world.Run(world.kh->home.ReferComplaint(world.ministry, request)).status();
  EXPECT_EQ(GetFieldViolations(status).front().field, "groups[0]");
}

TEST_F(SidePathsTest, AReferralToABodyOfTheOwnNodeTakesTheSamePath) {
  v1::ReferComplaintRequest request = world.ReferRequest();
  request.set_receiver_body_id("kh:cuf");
  request.set_ad_hoc(true);
  auto sent = world.Run(world.kh->home.ReferComplaint(world.ministry, request));
  ASSERT_TRUE(sent.ok()) << sent.status();
  world.Settle();
  const Caller union_contact =
      TwoNodes::MakeCaller("kh", "vuthy", "kh:cuf", {auth::Role::kContact});
  const v1::Referral there = world.At(*world.kh, union_contact, sent->change().referral_id());
  EXPECT_EQ(there.state(), v1::REFERRAL_STATE_DELIVERED);
  EXPECT_EQ(there.local_side(), v1::SIDE_DESTINATION);
  EXPECT_EQ(world.Home(sent->change().referral_id()).state(), v1::REFERRAL_STATE_DELIVERED);
}

TEST_F(SidePathsTest, ARefusedDisclosureLeavesNothingBehind) {
  world.kh->intake.refuse_disclosure = RefusePrecondition("CONSENT_MISSING", "no consent");
  EXPECT_EQ(
      ReasonOf(
          world.Run(world.kh->home.ReferComplaint(world.ministry, world.ReferRequest())).status()),
      "CONSENT_MISSING");
  v1::ListReferralsRequest list;
  auto listed = world.Run(world.kh->queries.ListReferrals(world.ministry, list));
  ASSERT_TRUE(listed.ok());
  EXPECT_EQ(listed->referrals_size(), 0);
}

TEST_F(SidePathsTest, ConsentTakenBackWhileAnUpdateIsMadeIsNotDisclosedByIt) {
  const std::string id = world.Refer();
  const ReferralRef ref{Side::kHome, ReferralId::Parse(id, "").value()};
  auto loaded = world.Run(LoadReferral(world.kh->parts, ref));
  std::vector<std::string> everybody;
  auto prepared = world.Run(
      world.kh->disclosures.PrepareUpdate(**loaded, Joining::kWhoConsents, std::move(everybody)));
  ASSERT_TRUE(prepared.ok()) << prepared.status();
  // Somebody who was to join by it, so that nothing that is there is narrowed.
  AddConsentTakenBack(FakeIntake::MemberIdOf(77));
  ASSERT_TRUE(Follow().ok());

  ReferralEdit edit(world.kh->parts, **std::move(loaded));
  ASSERT_TRUE(Disclosures::ApplyUpdate(edit, *prepared, {}).ok());
  journal::ChangeSet changes;
  ASSERT_TRUE(edit.Stage(changes).ok());
  EXPECT_TRUE(
      absl::IsAborted(world.Run(CommitChanges(world.kh->parts, std::move(changes))).status()));
}

}  // namespace
}  // namespace redress::referral
