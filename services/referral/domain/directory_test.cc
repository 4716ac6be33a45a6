#include "services/referral/domain/directory.h"

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "services/platform/status/refusal.h"
#include "services/referral/domain/directory_samples.h"
#include "services/referral/domain/referral_checks.h"

namespace redress::referral {
namespace {

using samples::CodesOf;
using samples::CufMtuc;
using samples::Facts;
using samples::Id;
using samples::kToday;
using samples::Mtuc;
using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::UnorderedElementsAre;

ReferCheck Check() {
  return {.facts = Facts(),
          .case_open = true,
          .case_number = "KH-26-0000417-X",
          .receiver = Mtuc(),
          .referring_body = Id("kh:ministry"),
          .agreements = {CufMtuc()},
          .today = kToday};
}

std::string ReasonOf(const ReferCheck& check) {
  const absl::StatusOr<ReferDecision> decision = CheckRefer(check);
  if (decision.ok()) return "OK";
  EXPECT_EQ(decision.status().code(), absl::StatusCode::kFailedPrecondition);
  return GetRefusal(decision.status())->reason;
}

TEST(ReferCheckTest, TheMinistryRefersUnderTheAgreementOfItsUnion) {
  const absl::StatusOr<ReferDecision> decision = CheckRefer(Check());
  ASSERT_TRUE(decision.ok()) << decision.status();
  EXPECT_EQ(decision->agreement_id, "kh-my:cuf-mtuc");
  EXPECT_EQ(decision->agreement_version, 1u);
  EXPECT_THAT(decision->warnings, IsEmpty());
}

TEST(ReferCheckTest, EachPreconditionHasItsReason) {
  ReferCheck check = Check();
  check.case_open = false;
  EXPECT_EQ(ReasonOf(check), "CASE_NOT_OPEN");

  check = Check();
  check.receiver.active = false;
  EXPECT_EQ(ReasonOf(check), "RECEIVER_INACTIVE");

  check = Check();
  check.facts.respondent_bodies = {Id("my:mtuc")};
  EXPECT_EQ(ReasonOf(check), "RECEIVER_IS_RESPONDENT");

  check = Check();
  check.agreements[0].terms.groups_allowed.reset();
  EXPECT_EQ(ReasonOf(check), "DATA_GROUP_NOT_ALLOWED") << "nothing may leave under it";

  check = Check();
  check.past = {
      {ReferralId(CaseNumber("KH", 26, 417), 1), Id("my:mtuc"), ReferralState::kAccepted}};
  EXPECT_EQ(ReasonOf(check), "ALREADY_REFERRED");
  check.past[0].state = ReferralState::kDeclined;
  EXPECT_EQ(ReasonOf(check), "OK");
  check.path = {Id("my:mtuc")};
  EXPECT_EQ(ReasonOf(check), "FORWARD_LOOP");
}

TEST(ReferCheckTest, AnAgreementMustStandAndCover) {
  ReferCheck check = Check();
  check.agreements = {};
  EXPECT_EQ(ReasonOf(check), "AGREEMENT_MISSING");
  check.ad_hoc = true;
  EXPECT_EQ(ReasonOf(check), "OK");
  EXPECT_THAT(CodesOf(CheckRefer(check)->warnings), ElementsAre("AGREEMENT_AD_HOC"));

  check = Check();
  check.agreements[0].halves.pop_back();
  EXPECT_EQ(ReasonOf(check), "AGREEMENT_NOT_IN_FORCE");
  check = Check();
  check.agreements[0].halves[1].terms_sha256 = std::string(32, 'e');
  EXPECT_EQ(ReasonOf(check), "AGREEMENT_NOT_IN_FORCE");
  check = Check();
  check.today = {2027, 1, 1};
  EXPECT_EQ(ReasonOf(check), "AGREEMENT_EXPIRED");
  check = Check();
  check.agreements[0].terms.sectors = {"FISHING"};
  EXPECT_EQ(ReasonOf(check), "AGREEMENT_DOES_NOT_COVER");
  check.agreement_id = "kh-my:cuf-mtuc";
  EXPECT_EQ(ReasonOf(check), "AGREEMENT_DOES_NOT_COVER");
  check = Check();
  check.agreements[0].terms.covers_non_members = false;
  EXPECT_EQ(ReasonOf(check), "AGREEMENT_DOES_NOT_COVER");
  check = Check();
  check.agreements[0].terms.groups_allowed = DataGroups(0b10);
  check.groups_asked = DataGroups(0b110);
  const absl::Status refused = CheckRefer(check).status();
  EXPECT_EQ(GetRefusal(refused)->reason, "DATA_GROUP_NOT_ALLOWED");
  EXPECT_EQ(GetRefusal(refused)->metadata.at("groups"), "CONTACT");
}

TEST(ReferCheckTest, AMandateThatDoesNotFitIsAWarningOnly) {
  ReferCheck check = Check();
  check.facts.category = "TRAFFICKING";
  check.receiver.capacity = 3;
  check.receiver_open_referrals = 3;
  check.receiver.membership_required = true;
  check.receiver.focal_points.clear();
  const absl::StatusOr<ReferDecision> decision = CheckRefer(check);
  ASSERT_TRUE(decision.ok());
  EXPECT_THAT(CodesOf(decision->warnings),
              UnorderedElementsAre("CATEGORY_NOT_TAKEN", "RECEIVER_OVER_CAPACITY",
                                   "MEMBERSHIP_REQUIRED", "NO_FOCAL_POINT_IN_OFFICE"));
}

TEST(DirectoryTest, AFocalPointIsInOfficeFromTheFirstToTheLastDay) {
  const Body body = Mtuc();
  EXPECT_NE(FocalPointInOffice(body, "my:mtuc/f1", {2025, 1, 1}), nullptr);
  EXPECT_NE(FocalPointInOffice(body, "my:mtuc/f1", {2026, 12, 31}), nullptr);
  EXPECT_EQ(FocalPointInOffice(body, "my:mtuc/f1", {2024, 12, 31}), nullptr);
  EXPECT_EQ(FocalPointInOffice(body, "my:mtuc/f1", {2027, 1, 1}), nullptr);
  EXPECT_EQ(GetRefusal(CheckFocalPoint(body, "my:mtuc/f9", kToday, true, "x"))->reason,
            "FOCAL_POINT_UNKNOWN");
  EXPECT_EQ(CheckFocalPoint(body, "", kToday, true, "x").code(),
            absl::StatusCode::kInvalidArgument);
  EXPECT_TRUE(CheckFocalPoint(body, "", kToday, false, "x").ok());
}

TEST(DirectoryTest, ACopyIsReplacedOnlyByAHigherVersionFromItsOwner) {
  const NodeId my = NodeId::FromTrusted("my");
  const Provenance held = {my, 3};
  EXPECT_TRUE(CheckReplacement(&held, {my, 4}, my).ok());
  EXPECT_TRUE(CheckReplacement(nullptr, {my, 1}, my).ok());
  EXPECT_EQ(GetRefusal(CheckReplacement(&held, {my, 3}, my))->reason, "VERSION_NOT_HIGHER");
  EXPECT_EQ(GetRefusal(CheckReplacement(&held, {my, 4}, NodeId::FromTrusted("th")))->reason,
            "OWNED_BY_ANOTHER_NODE");
}

TEST(DirectoryTest, AnAgreementStandsFromItsFirstToItsLastDay) {
  const Agreement agreement = CufMtuc();
  EXPECT_EQ(StandingOf(agreement, {2025, 12, 31}), AgreementStanding::kNotYet);
  EXPECT_EQ(StandingOf(agreement, {2026, 1, 1}), AgreementStanding::kInForce);
  EXPECT_EQ(StandingOf(agreement, {2026, 12, 31}), AgreementStanding::kInForce);
  EXPECT_EQ(StandingOf(agreement, {2027, 1, 1}), AgreementStanding::kExpired);
}

}  // namespace
}  // namespace redress::referral
