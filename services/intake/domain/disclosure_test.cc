#include "services/intake/domain/disclosure.h"

#include <string>
#include <vector>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "services/intake/domain/testing/sample_filing.h"
#include "services/platform/status/refusal.h"

namespace redress::intake {
namespace {

using ::testing::ElementsAre;
using enum FieldGroup;

const MemberId kDara = MemberId::FromTrusted("00000000000000000000000001");
const MemberId kSokha = MemberId::FromTrusted("00000000000000000000000002");
const std::vector<Approval> kNoApprovals;

std::vector<ConsentBit> Consenting(FieldGroupSet groups, std::string receiver = "my:mtuc") {
  return {{"REFERRAL", std::move(receiver), "GRANTED", groups, ""}};
}

TEST(DisclosureTest, WithoutConsentOnlyWhatIdentifiesNobodyIsLeft) {
  const Complaint head = CutTo(SampleComplaint(), {});
  Complaint expected;
  const Complaint whole = SampleComplaint();
  expected.kind = whole.kind;
  expected.scope = whole.scope;
  expected.channel = whole.channel;
  expected.migration_stage = whole.migration_stage;
  expected.corridor = whole.corridor;
  expected.incident = whole.incident;
  expected.sector = whole.sector;
  expected.primary_category = whole.primary_category;
  expected.secondary_categories = {{"OTHER", "WORK_FROM_HOME", ""}};
  expected.remedies_sought = whole.remedies_sought;
  expected.received_on = whole.received_on;
  expected.assisting_organisation = whole.assisting_organisation;
  expected.province = whole.province;
  expected.district = whole.district;
  expected.affected_people = whole.affected_people;
  EXPECT_EQ(head, expected);

  const GroupMember member = CutTo(SampleMember(), {});
  GroupMember bare;
  bare.complainant.sex = "FEMALE";
  bare.complainant.nationality = "KH";
  bare.complainant.languages = {"km", "ms"};
  bare.complainant.interpreter_needed = true;
  EXPECT_EQ(member, bare);
}

TEST(DisclosureTest, WithEveryGroupOnlyTheHomeFieldsAreMissing) {
  Complaint head = CutTo(SampleComplaint(), {FieldGroupSet::All()});
  EXPECT_EQ(head.own_reference, "");
  EXPECT_EQ(head.heard_of_us, "");
  head.own_reference = SampleComplaint().own_reference;
  head.heard_of_us = SampleComplaint().heard_of_us;
  EXPECT_EQ(head, SampleComplaint());
  EXPECT_EQ(CutTo(SampleComplaint(), {FieldGroupSet::All(), true}), SampleComplaint());
  EXPECT_EQ(CutTo(SampleMember(), {FieldGroupSet::All(), true}), SampleMember());
}

TEST(DisclosureTest, EachGroupLetsOutItsOwnFieldsOnly) {
  const Complaint whole = SampleComplaint();
  EXPECT_EQ(CutTo(whole, {{kNarrative}}).narrative, whole.narrative);
  EXPECT_EQ(CutTo(whole, {{kNarrative}}).sensitive_narrative, "");
  EXPECT_EQ(CutTo(whole, {{kSensitiveNarrative}}).sensitive_narrative, whole.sensitive_narrative);
  EXPECT_EQ(CutTo(whole, {{kSensitiveNarrative}}).narrative, "");
  EXPECT_EQ(CutTo(whole, {{kEmployment}}).respondents, whole.respondents);
  EXPECT_FALSE(CutTo(whole, {{kEmployment}}).contract_clauses[0].promised_amount.has_value());
  EXPECT_TRUE(CutTo(whole, {{kMoney}}).contract_clauses.empty());
  EXPECT_TRUE(
      CutTo(whole, {{kEmployment, kMoney}}).contract_clauses[0].promised_amount.has_value());

  const GroupMember member = SampleMember();
  EXPECT_EQ(CutTo(member, {{kIdentity}}).complainant.name, member.complainant.name);
  EXPECT_EQ(CutTo(member, {{kIdentity}}).complainant.identity_documents[0].held_by, "");
  EXPECT_EQ(CutTo(member, {{kIdentity}}).representative->address, "");
  EXPECT_FALSE(CutTo(member, {{kContact}}).representative.has_value());
  EXPECT_TRUE(CutTo(member, {{kContact}}).complainant.safe_contact.has_value());
  EXPECT_EQ(CutTo(member, {{kWhereabouts}}).complainant.where_now, "DESTINATION");
  EXPECT_EQ(CutTo(member, {{kMigrationStatus}}).complainant.migration_status, "REGULAR");
  EXPECT_EQ(CutTo(member, {FieldGroupSet::All().Without({kMigrationStatus})})
                .complainant.migration_status,
            "");
  EXPECT_EQ(CutTo(member, {{kMoney}}).claim_lines, member.claim_lines);
}

TEST(DisclosureTest, OnlyConsentingMembersLeaveAndTheHeadOnlyWhatAllOfThemLetOut) {
  DisclosurePlanner planner({"my:mtuc", {}, {}}, kNoApprovals, kSampleToday);
  planner.Add(kDara, false, Consenting({kIdentity, kNarrative, kMoney}));
  planner.Add(kSokha, false, Consenting({kNarrative, kEmployment}));
  planner.Add(MemberId::FromTrusted("00000000000000000000000003"), false,
              Consenting({kIdentity}, "my:court"));
  planner.Add(MemberId::FromTrusted("00000000000000000000000004"), true, Consenting({kIdentity}));
  const auto plan = std::move(planner).Finish();
  ASSERT_TRUE(plan.ok());
  EXPECT_THAT(plan->members,
              ElementsAre(DisclosedMemberPlan{kDara, {kIdentity, kNarrative, kMoney}},
                          DisclosedMemberPlan{kSokha, {kNarrative, kEmployment}}));
  EXPECT_EQ(plan->head_groups, FieldGroupSet({kNarrative}));
  EXPECT_FALSE(plan->by_override);
}

TEST(DisclosureTest, WhoDoesNotConsentIsLeftOutWhenOnlyTheConsentingAreAskedFor) {
  for (const bool consenting_only : {false, true}) {
    DisclosurePlanner planner({"my:mtuc", {kDara, kSokha}, {}, consenting_only}, kNoApprovals,
                              kSampleToday);
    planner.Add(kDara, false, Consenting({kIdentity}));
    planner.Add(kSokha, true, Consenting({kIdentity}));
    const auto plan = std::move(planner).Finish();
    ASSERT_EQ(plan.ok(), consenting_only);
    if (!plan.ok()) continue;
    EXPECT_THAT(plan->members, ElementsAre(DisclosedMemberPlan{kDara, {kIdentity}}));
  }
}

TEST(DisclosureTest, AnAgreementLimitsWhatConsentWouldAllow) {
  DisclosurePlanner planner({"my:mtuc", {}, {kMoney}}, kNoApprovals, kSampleToday);
  planner.Add(kDara, false, Consenting({kIdentity, kMoney}));
  EXPECT_EQ((*std::move(planner).Finish()).members[0].groups, FieldGroupSet({kMoney}));
}

TEST(DisclosureTest, NobodyConsentingIsRefused) {
  DisclosurePlanner planner({"my:mtuc", {}, {}}, kNoApprovals, kSampleToday);
  planner.Add(kDara, false, {});
  const auto refusal = GetRefusal(std::move(planner).Finish().status());
  ASSERT_TRUE(refusal.has_value());
  EXPECT_EQ(refusal->reason, "CONSENT_MISSING");
  EXPECT_EQ(refusal->metadata.at("receiver"), "my:mtuc");
  EXPECT_EQ(refusal->metadata.at("member_count"), "1");
  EXPECT_EQ(refusal->metadata.at("member_ids"), kDara.ToString());
}

TEST(DisclosureTest, AMemberWhoIsAskedForMustConsent) {
  DisclosurePlanner planner({"my:mtuc", {kSokha, kDara}, {}}, kNoApprovals, kSampleToday);
  planner.Add(kDara, false, Consenting({kIdentity}));
  planner.Add(kSokha, false, {});
  EXPECT_EQ(GetRefusal(std::move(planner).Finish().status())->metadata.at("member_ids"),
            kSokha.ToString());
  DisclosurePlanner absent({"my:mtuc", {kSokha, kDara}, {}}, kNoApprovals, kSampleToday);
  absent.Add(kDara, false, Consenting({kIdentity}));
  EXPECT_FALSE(std::move(absent).Finish().ok());
  DisclosurePlanner one({"my:mtuc", {kDara}, {}}, kNoApprovals, kSampleToday);
  one.Add(kDara, false, Consenting({kIdentity}));
  one.Add(kSokha, false, {});
  EXPECT_TRUE(std::move(one).Finish().ok());
}

TEST(DisclosureTest, AnApprovedOverrideStandsInForConsentAndIsMarked) {
  Approval approval;
  approval.decision = ApprovalDecision::kApproved;
  approval.consent_override = ConsentOverride{"my:mtuc", {kWhereabouts}, "2026-11-30"};
  const std::vector<Approval> approvals = {approval};
  DisclosurePlanner planner({"my:mtuc", {}, {}}, approvals, kSampleToday);
  planner.Add(kDara, false, Consenting({kIdentity}));
  planner.Add(kSokha, false, {});
  const auto plan = std::move(planner).Finish();
  ASSERT_TRUE(plan.ok());
  EXPECT_TRUE(plan->by_override);
  EXPECT_EQ(plan->members[0].groups, FieldGroupSet({kIdentity, kWhereabouts}));
  EXPECT_EQ(plan->members[1].groups, FieldGroupSet({kWhereabouts}));
}

TEST(DisclosureTest, FilesLeaveOnlyWhenShareableAndSensitiveOnesNeedBothGroups) {
  EXPECT_TRUE(EvidenceAllowed({true, false}, {kEvidenceFiles}));
  EXPECT_FALSE(EvidenceAllowed({false, false}, {kEvidenceFiles}));
  EXPECT_FALSE(EvidenceAllowed({true, false}, {kNarrative}));
  EXPECT_FALSE(EvidenceAllowed({true, true}, {kEvidenceFiles}));
  EXPECT_TRUE(EvidenceAllowed({true, true}, {kEvidenceFiles, kSensitiveNarrative}));
}

TEST(DisclosureTest, NothingGoesToARespondent) {
  EXPECT_TRUE(CheckReceiver("my:mtuc", {"my:kilang-contoh"}).ok());
  const auto refusal = GetRefusal(CheckReceiver("my:kilang-contoh", {"my:kilang-contoh"}));
  EXPECT_EQ(refusal->reason, "RECEIVER_IS_RESPONDENT");
}

}  // namespace
}  // namespace redress::intake
