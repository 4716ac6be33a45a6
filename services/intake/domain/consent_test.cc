#include "services/intake/domain/consent.h"

#include <string>
#include <vector>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "services/intake/domain/approval.h"
#include "services/intake/domain/testing/sample_filing.h"
#include "services/platform/status/refusal.h"

namespace redress::intake {
namespace {

using ::testing::ElementsAre;
using enum FieldGroup;

const MemberId kDara = MemberId::FromTrusted("00000000000000000000000001");
const MemberId kSokha = MemberId::FromTrusted("00000000000000000000000002");

TEST(ConsentTest, NothingSaidIsNo) {
  EXPECT_EQ(DisclosableGroups({}, "REFERRAL", "my:mtuc", kSampleToday), std::nullopt);
  EXPECT_FALSE(HasConsent({}, kEmbassyPurpose, kSampleToday));
}

TEST(ConsentTest, ConsentToOneReceiverSaysNothingAboutAnother) {
  const auto bits = BitsOf({SampleConsent("REFERRAL", "my:mtuc")});
  EXPECT_EQ(DisclosableGroups(bits, "REFERRAL", "my:mtuc", kSampleToday),
            FieldGroupSet({kIdentity, kNarrative, kEmployment, kMoney}));
  EXPECT_EQ(DisclosableGroups(bits, "REFERRAL", "my:labour-office", kSampleToday), std::nullopt);
  EXPECT_EQ(DisclosableGroups(bits, "EMBASSY", "", kSampleToday), std::nullopt);
}

TEST(ConsentTest, TheNarrativeNeverImpliesTheSensitiveOne) {
  const auto bits = BitsOf({SampleConsent("REFERRAL", "my:mtuc")});
  const auto groups = DisclosableGroups(bits, "REFERRAL", "my:mtuc", kSampleToday);
  EXPECT_TRUE(groups->Has(kNarrative));
  EXPECT_FALSE(groups->Has(kSensitiveNarrative));
}

TEST(ConsentTest, TheLatestWordHolds) {
  Consent refused = SampleConsent("REFERRAL", "my:mtuc");
  refused.status = "REFUSED";
  auto bits = BitsOf({SampleConsent("REFERRAL", "my:mtuc"), refused});
  ASSERT_EQ(bits.size(), 1u);
  EXPECT_EQ(DisclosableGroups(bits, "REFERRAL", "my:mtuc", kSampleToday), std::nullopt);
  RecordConsent(bits, BitOf(SampleConsent("REFERRAL", "my:mtuc")));
  EXPECT_TRUE(DisclosableGroups(bits, "REFERRAL", "my:mtuc", kSampleToday).has_value());
}

TEST(ConsentTest, AMembersOwnWordGoesBeforeTheCommonOne) {
  ComplaintFiling filing = SampleFiling(2);
  Consent refused = SampleConsent("REFERRAL", "my:mtuc");
  refused.status = "REFUSED";
  filing.members[1].consents = {refused};
  SpreadConsents(filing);
  EXPECT_TRUE(filing.consents.empty());
  EXPECT_TRUE(HasConsent(BitsOf(filing.members[0].consents), "REFERRAL", kSampleToday));
  EXPECT_FALSE(HasConsent(BitsOf(filing.members[1].consents), "REFERRAL", kSampleToday));
}

TEST(ConsentTest, ConsentHoldsThroughItsLastDay) {
  ConsentBit bit = BitOf(SampleConsent("EMBASSY", ""));
  bit.expires_on = "2026-11-22";
  EXPECT_EQ(StatusOn(bit, {2026, 11, 22}), "GRANTED");
  EXPECT_EQ(StatusOn(bit, {2026, 11, 23}), "EXPIRED");
  bit.expires_on = "";
  EXPECT_EQ(StatusOn(bit, {2199, 12, 31}), "GRANTED");
  bit.expires_on = "damaged";
  EXPECT_EQ(StatusOn(bit, {2026, 1, 1}), "EXPIRED");
}

TEST(ConsentTest, AnEmbassyConsentWithoutGroupsLetsStateAndDatesBeSeen) {
  Consent consent = SampleConsent("EMBASSY", "");
  consent.groups.clear();
  const auto groups = DisclosableGroups(BitsOf({consent}), "EMBASSY", "", kSampleToday);
  ASSERT_TRUE(groups.has_value());
  EXPECT_TRUE(groups->empty());
}

TEST(ConsentTest, RevokingEndsItAndIsRemembered) {
  auto bits = BitsOf({SampleConsent("FILING", ""), SampleConsent("REFERRAL", "my:mtuc"),
                      SampleConsent("REFERRAL", "my:court")});
  EXPECT_TRUE(RevokeConsent(bits, "REFERRAL", "my:mtuc", kSampleToday));
  EXPECT_FALSE(DisclosableGroups(bits, "REFERRAL", "my:mtuc", kSampleToday).has_value());
  EXPECT_TRUE(DisclosableGroups(bits, "REFERRAL", "my:court", kSampleToday).has_value());
  EXPECT_TRUE(RevokeConsent(bits, "REFERRAL", "", kSampleToday));
  EXPECT_FALSE(HasConsent(bits, "REFERRAL", kSampleToday));
  EXPECT_TRUE(HasConsent(bits, "FILING", kSampleToday));
  EXPECT_FALSE(RevokeConsent(bits, "EMBASSY", "", kSampleToday));
  EXPECT_EQ(bits.back().purpose, "EMBASSY");
  EXPECT_EQ(bits.back().status, "REFUSED");
}

TEST(ConsentTest, ADeskFilesOnlyForThoseWhoAgreed) {
  ComplaintFiling filing = SampleFiling(3);
  EXPECT_TRUE(CheckFilingConsent(filing.members, filing.consents, kSampleToday).ok());
  Consent refused = SampleConsent("FILING", "");
  refused.status = "REFUSED";
  filing.members[2].consents = {refused};
  const auto refusal =
      GetRefusal(CheckFilingConsent(filing.members, filing.consents, kSampleToday));
  EXPECT_EQ(refusal->reason, "CONSENT_MISSING");
  EXPECT_EQ(refusal->metadata.at("member_count"), "1");
}

TEST(FieldGroupTest, NamesAndNumbersBelongTogether) {
  for (int number = 1; number <= 11; ++number) {
    const auto group = static_cast<FieldGroup>(number);
    EXPECT_EQ(FieldGroupNamed(FieldGroupName(group)), group);
  }
  EXPECT_EQ(FieldGroupNamed("EVERYTHING"), std::nullopt);
  EXPECT_EQ(FieldGroupName(static_cast<FieldGroup>(200)), "UNSPECIFIED");
  EXPECT_EQ(FieldGroupSet::All().ToVector().size(), 9u);
}

TEST(FieldGroupTest, AlwaysIsInEverySetAndNeverInNone) {
  FieldGroupSet set = FieldGroupSet::Of({kNever, kAlways, kUnspecified, kMoney});
  EXPECT_THAT(set.ToVector(), ElementsAre(kMoney));
  EXPECT_TRUE(set.Has(kAlways));
  EXPECT_FALSE(FieldGroupSet::All().Has(kNever));
  EXPECT_EQ(set.ToString(), "MONEY");
}

Approval Override(const std::string& by) {
  Approval approval;
  approval.approval_id = RandomId::FromTrusted("0000000000000000000000000A");
  approval.requested_by = by;
  approval.consent_override = ConsentOverride{"my:mtuc", {kIdentity, kWhereabouts}, "2026-11-30"};
  return approval;
}

TEST(ApprovalTest, OnlyAnotherPersonCanApprove) {
  Approval approval = Override("kh/officer-1");
  const auto refusal = GetRefusal(Decide(approval, ApprovalDecision::kApproved, "kh/officer-1"));
  EXPECT_EQ(refusal->reason, "SECOND_PERSON_REQUIRED");
  EXPECT_EQ(approval.decision, ApprovalDecision::kPending);
  EXPECT_TRUE(Decide(approval, ApprovalDecision::kApproved, "kh/officer-2").ok());
  const auto again = GetRefusal(Decide(approval, ApprovalDecision::kRefused, "kh/officer-3"));
  EXPECT_EQ(again->reason, "APPROVAL_DECIDED");
  EXPECT_EQ(again->metadata.at("decision"), "APPROVED");
}

TEST(ApprovalTest, ThePersonWhoAskedMayTakeItBack) {
  Approval approval = Override("kh/officer-1");
  EXPECT_TRUE(Decide(approval, ApprovalDecision::kRefused, "kh/officer-1").ok());
}

TEST(ApprovalTest, AnOverrideLetsOutOnlyWhatWasApprovedWhileItLasts) {
  Approval approval = Override("kh/officer-1");
  approval.member_ids = {kDara};
  EXPECT_TRUE(OverriddenGroups({approval}, kDara, "my:mtuc", kSampleToday).empty());
  ASSERT_TRUE(Decide(approval, ApprovalDecision::kApproved, "kh/officer-2").ok());
  EXPECT_EQ(OverriddenGroups({approval}, kDara, "my:mtuc", kSampleToday),
            FieldGroupSet({kIdentity, kWhereabouts}));
  EXPECT_TRUE(OverriddenGroups({approval}, kSokha, "my:mtuc", kSampleToday).empty());
  EXPECT_TRUE(OverriddenGroups({approval}, kDara, "my:court", kSampleToday).empty());
  EXPECT_FALSE(OverriddenGroups({approval}, kDara, "my:mtuc", {2026, 11, 30}).empty());
  EXPECT_TRUE(OverriddenGroups({approval}, kDara, "my:mtuc", {2026, 12, 1}).empty());
  approval.member_ids.clear();
  EXPECT_FALSE(OverriddenGroups({approval}, kSokha, "my:mtuc", kSampleToday).empty());
}

TEST(ApprovalTest, AnOverrideIsShortAndNamesWhatItLetsOut) {
  const ValidationContext context{SampleCodes(), kSampleToday};
  const auto faults = [&context](const ConsentOverride& requested) {
    FieldViolations violations;
    FieldChecker check(context, violations);
    CheckOverride(check, FieldPath("consent_override"), requested);
    std::vector<std::string> fields;
    for (const auto& one : violations.list()) fields.push_back(one.field);
    return fields;
  };
  EXPECT_THAT(faults({"my:mtuc", {kIdentity}, "2026-12-22"}), ElementsAre());
  EXPECT_THAT(faults({"my:mtuc", {kIdentity}, "2026-12-23"}),
              ElementsAre("consent_override.expires_on"));
  EXPECT_THAT(faults({"my:mtuc", {kIdentity}, "2026-11-21"}),
              ElementsAre("consent_override.expires_on"));
  EXPECT_THAT(faults({"mtuc", {}, ""}),
              ElementsAre("consent_override.receiver_body_id", "consent_override.groups",
                          "consent_override.expires_on"));
  EXPECT_THAT(faults({"my:mtuc", {kNever, kMoney, kMoney}, "2026-11-23"}),
              ElementsAre("consent_override.groups[0]", "consent_override.groups[2]"));
}

TEST(ApprovalTest, AWriteOffNamesMemberAndAmount) {
  const ValidationContext context{SampleCodes(), kSampleToday};
  FieldViolations violations;
  FieldChecker check(context, violations);
  const auto amounts = CheckWriteOff(
      check, FieldPath("write_off"),
      {{kDara.ToString(), WrittenMoney{"MYR", "100"}}, {"nobody", WrittenMoney{"MYR", "0"}}});
  ASSERT_EQ(amounts.size(), 1u);
  EXPECT_EQ(amounts[0], (MemberAmount{kDara, {"MYR", 10'000}}));
  ASSERT_EQ(violations.list().size(), 2u);
  EXPECT_EQ(violations.list()[0].field, "write_off.amounts[1].member_id");
  EXPECT_EQ(violations.list()[1].field, "write_off.amounts[1].amount.amount");
}

}  // namespace
}  // namespace redress::intake
