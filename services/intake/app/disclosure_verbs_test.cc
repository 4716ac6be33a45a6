#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "services/intake/app/testing/intake_fixture.h"

namespace redress::intake {
namespace {

using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::Field;
using ::testing::IsEmpty;
using ::testing::SizeIs;

class DisclosureVerbsTest : public IntakeTest {
 protected:
  static ReferralId Referred(const VerbAnswer& filed, uint32_t ordinal = 1) {
    return ReferralId(filed.case_number, ordinal);
  }
  absl::StatusOr<DisclosurePage> Disclose(const VerbAnswer& filed, PageRequest page = {},
                                          std::string receiver = "my:mtuc", uint32_t number = 1) {
    DiscloseCommand command{Referred(filed), number, filed.case_number, std::move(receiver), {}, {},
                            std::move(page)};
    return Run(app_.disclosures().DiscloseComplaint(Referral(), std::move(command)));
  }
  absl::StatusOr<DisclosurePage> Reopen(const VerbAnswer& filed, uint32_t number) {
    DiscloseCommand command{.referral_id = Referred(filed),
                            .disclosure_number = number,
                            .case_number = filed.case_number,
                            .receiver_body_id = "my:mtuc",
                            .reopen = true};
    return Run(app_.disclosures().DiscloseComplaint(Referral(), std::move(command)));
  }
  absl::StatusOr<VerbAnswer> Revoke(Caller caller, const VerbAnswer& at,
                                    std::vector<std::string> members) {
    RevokeConsentCommand command{At(at), std::move(members), "REFERRAL", "my:mtuc", ByPhone()};
    return Run(app_.consents().RevokeConsent(std::move(caller), Mark(), std::move(command)));
  }
  absl::StatusOr<VerbAnswer> Consenting(const VerbAnswer& at, std::vector<std::string> members,
                                        Consent consent) {
    RecordConsentCommand command{At(at), std::move(members), {std::move(consent)}};
    return Run(app_.consents().RecordConsent(Desk(), Mark(), std::move(command)));
  }
};

TEST_F(DisclosureVerbsTest, WhatLeavesIsWhatWasConsentedToFieldByField) {
  const VerbAnswer filed = FileGroup(2);
  Admit(filed);
  const auto page = Disclose(filed);
  ASSERT_TRUE(page.ok()) << page.status();
  ASSERT_TRUE(page->head.has_value());
  const Complaint& head = page->head->complaint;
  EXPECT_EQ(head.narrative, SampleComplaint().narrative);  // NARRATIVE was granted,
  EXPECT_EQ(head.sensitive_narrative, "");                 // that part was not,
  EXPECT_EQ(head.own_reference, "");                       // and this stays at home.
  EXPECT_EQ(head.respondents[0].name, "Kilang Contoh Sdn. Bhd.");
  EXPECT_EQ(page->head->urgency, "NORMAL");
  EXPECT_EQ(page->head->member_count, 2u);
  ASSERT_THAT(page->members, SizeIs(2));
  const GroupMember& member = page->members[0].member;
  EXPECT_EQ(member.member_id, filed.member_ids[0]);
  EXPECT_EQ(member.complainant.name, "Sok Dara 1");
  EXPECT_EQ(member.complainant.migration_status, "");
  EXPECT_EQ(member.complainant.whereabouts, "");
  EXPECT_FALSE(member.complainant.safe_contact.has_value());
  EXPECT_THAT(member.claim_lines, SizeIs(1));
  EXPECT_THAT(member.consents, IsEmpty());
  EXPECT_TRUE(LastEvent().has_disclosure_opened());
}

TEST_F(DisclosureVerbsTest, APreviewShowsWhatWouldLeaveAndOpensNothing) {
  const VerbAnswer filed = FileGroup(2);
  const VerbAnswer admitted = Admit(filed);
  DiscloseCommand command{.referral_id = Referred(filed),
                          .disclosure_number = 1,
                          .case_number = filed.case_number,
                          .receiver_body_id = "my:mtuc",
                          .preview = true};
  const auto shown = Run(app_.disclosures().DiscloseComplaint(Referral(), command));
  ASSERT_TRUE(shown.ok()) << shown.status();
  EXPECT_EQ(shown->head->member_count, 2u);
  EXPECT_THAT(shown->members, SizeIs(2));
  EXPECT_EQ(shown->case_version, admitted.version);
  EXPECT_EQ(shown->commit_number, 0u);
  EXPECT_FALSE(LastEvent().has_disclosure_opened());
  // It can be previewed as often as one likes, and opened afterwards.
  ASSERT_TRUE(Run(app_.disclosures().DiscloseComplaint(Referral(), command)).ok());
  EXPECT_TRUE(Disclose(filed).ok());
}

TEST_F(DisclosureVerbsTest, OnlyMembersWhoConsentAreDisclosed) {
  ComplaintFiling filing = SampleFiling(3);
  Consent refused = SampleConsent("REFERRAL", "my:mtuc");
  refused.status = "REFUSED";
  refused.groups.clear();
  filing.members[1].consents = {refused};
  const VerbAnswer filed = File(filing);
  Admit(filed);
  const auto page = Disclose(filed);
  ASSERT_TRUE(page.ok()) << page.status();
  EXPECT_EQ(page->head->member_count, 2u);
  EXPECT_THAT(page->members, SizeIs(2));
  EXPECT_EQ(page->members[1].member.member_id, filed.member_ids[2]);
}

TEST_F(DisclosureVerbsTest, AGroupIsReadPageByPageUnderOneVersion) {
  const VerbAnswer filed = FileGroup(5);
  Admit(filed);
  const auto first = Disclose(filed, PageRequest{2, ""});
  ASSERT_TRUE(first.ok()) << first.status();
  const auto second = Disclose(filed, PageRequest{2, first->next_page_token});
  const auto third = Disclose(filed, PageRequest{2, second->next_page_token});
  EXPECT_FALSE(second->head.has_value());
  EXPECT_EQ(second->case_version, first->case_version);
  EXPECT_EQ(second->commit_number, first->commit_number);
  EXPECT_THAT(third->members, SizeIs(1));
  EXPECT_EQ(third->members[0].member.member_id, filed.member_ids[4]);
  EXPECT_EQ(third->next_page_token, "");
}

TEST_F(DisclosureVerbsTest, AskingAgainChangesNothing) {
  const VerbAnswer filed = FileGroup(1);
  Admit(filed);
  const auto first = Disclose(filed);
  const size_t events = Events().size();
  const auto again = Disclose(filed);
  EXPECT_EQ(again->commit_number, first->commit_number);
  EXPECT_THAT(Events(), SizeIs(events));
}

TEST_F(DisclosureVerbsTest, WithoutConsentNothingLeaves) {
  const VerbAnswer filed = FileGroup(1);
  Admit(filed);
  EXPECT_EQ(ReasonOf(Disclose(filed, {}, "th:serc")), "CONSENT_MISSING");
}

TEST_F(DisclosureVerbsTest, NothingGoesToThoseComplainedAbout) {
  const VerbAnswer filed = FileGroup(1);
  Admit(filed);
  EXPECT_EQ(ReasonOf(Disclose(filed, {}, "my:kilang-contoh")), "RECEIVER_IS_RESPONDENT");
}

TEST_F(DisclosureVerbsTest, ACaseThatIsNotOpenIsNotDisclosed) {
  EXPECT_EQ(ReasonOf(Disclose(FileGroup(1))), "CASE_NOT_OPEN");
}

TEST_F(DisclosureVerbsTest, AnOpenDisclosureKeepsTheCaseFromClosingUntilSettled) {
  const VerbAnswer filed = FileGroup(1);
  Admit(filed);
  const auto page = Disclose(filed);
  CloseCommand command{{filed.case_number, page->case_version},
                       {CaseState::kClosedResolved, {"WAGES_PAID"}, {}, "", ""}};
  EXPECT_EQ(ReasonOf(Run(app_.cases().CloseComplaint(Ministry(), Mark(), command))),
            "DISCLOSURE_OPEN");
  const auto settled =
      Run(app_.disclosures().SettleDisclosure(Referral(), Referred(filed), "RESOLVED"));
  ASSERT_TRUE(settled.ok()) << settled.status();
  EXPECT_THAT(settled->open_referral_ids, IsEmpty());
  const auto again =
      Run(app_.disclosures().SettleDisclosure(Referral(), Referred(filed), "DECLINED"));
  EXPECT_EQ(again->commit_number, settled->commit_number);
  EXPECT_EQ(View(Ministry(), filed).disclosures[0].outcome, "RESOLVED");
  EXPECT_EQ(ReasonOf(Disclose(filed)), "DISCLOSURE_SETTLED");
  command.target.version = settled->case_version;
  EXPECT_TRUE(Run(app_.cases().CloseComplaint(Ministry(), Mark(), command)).ok());
}

TEST_F(DisclosureVerbsTest, WhatWasSettledAsUndeliveredCanBeOpenedAgainWhileTheCaseIsOpen) {
  const VerbAnswer filed = FileGroup(1);
  Admit(filed);
  ASSERT_TRUE(Disclose(filed).ok());
  const auto given_up =
      Run(app_.disclosures().SettleDisclosure(Referral(), Referred(filed), "UNDELIVERED"));
  ASSERT_TRUE(given_up.ok()) << given_up.status();
  EXPECT_THAT(given_up->open_referral_ids, IsEmpty());

  // An update that was under way when it was given up does not bring it back.
  EXPECT_EQ(ReasonOf(Disclose(filed, {}, "my:mtuc", 2)), "DISCLOSURE_SETTLED");
  const auto again = Reopen(filed, 2);
  ASSERT_TRUE(again.ok()) << again.status();
  EXPECT_EQ(View(Ministry(), filed).disclosures[0].outcome, "");
  CloseCommand command{{filed.case_number, again->case_version},
                       {CaseState::kClosedResolved, {"WAGES_PAID"}, {}, "", ""}};
  EXPECT_EQ(ReasonOf(Run(app_.cases().CloseComplaint(Ministry(), Mark(), command))),
            "DISCLOSURE_OPEN");

  const auto settled =
      Run(app_.disclosures().SettleDisclosure(Referral(), Referred(filed), "UNDELIVERED"));
  command.target.version = settled->case_version;
  ASSERT_TRUE(Run(app_.cases().CloseComplaint(Ministry(), Mark(), command)).ok());
  EXPECT_EQ(ReasonOf(Reopen(filed, 3)), "CASE_NOT_OPEN");
}

TEST_F(DisclosureVerbsTest, WhatWasSettledAsUndeliveredOrRecalledGivesWayToAnEndThatWasReached) {
  const VerbAnswer filed = FileGroup(1);
  Admit(filed);
  ASSERT_TRUE(Disclose(filed).ok());
  for (const std::string outcome : {"UNDELIVERED", "RECALLED", "DECLINED"}) {
    ASSERT_TRUE(
        Run(app_.disclosures().SettleDisclosure(Referral(), Referred(filed), outcome)).ok());
    EXPECT_EQ(View(Ministry(), filed).disclosures[0].outcome, outcome);
  }
  ASSERT_TRUE(
      Run(app_.disclosures().SettleDisclosure(Referral(), Referred(filed), "RECALLED")).ok());
  EXPECT_EQ(View(Ministry(), filed).disclosures[0].outcome, "DECLINED");
}

TEST_F(DisclosureVerbsTest, SettlingWhatWasNeverDisclosedIsNotFound) {
  const VerbAnswer filed = FileGroup(1);
  EXPECT_EQ(Run(app_.disclosures().SettleDisclosure(Referral(), Referred(filed), "ABANDONED"))
                .status()
                .code(),
            absl::StatusCode::kNotFound);
}

TEST_F(DisclosureVerbsTest, ARevokedConsentNamesTheReferralsItConcerns) {
  const VerbAnswer filed = FileGroup(2);
  Admit(filed);
  const auto page = Disclose(filed);
  VerbAnswer now = filed;
  now.version = page->case_version;
  const VerbAnswer revoked = Must(Revoke(Desk(), now, {filed.member_ids[0].ToString()}));
  EXPECT_EQ(revoked.member_count, 1u);
  EXPECT_THAT(revoked.referral_ids, ElementsAre(Referred(filed).ToString()));
  EXPECT_EQ(LastEvent().consent_changed().status(), "WITHDRAWN");
  EXPECT_THAT(LastEvent().consent_changed().affected_referral_ids(), SizeIs(1));
  const auto update = Disclose(filed, {}, "my:mtuc", 2);
  ASSERT_TRUE(update.ok()) << update.status();
  EXPECT_EQ(update->head->member_count, 1u);
  EXPECT_EQ(update->members[0].member.member_id, filed.member_ids[1]);
}

TEST_F(DisclosureVerbsTest, RevokingWhatWasNeverGivenIsRememberedAsARefusal) {
  const VerbAnswer filed = FileGroup(1);
  RevokeConsentCommand command{At(filed), {}, "EMBASSY", "", ByPhone()};
  const VerbAnswer revoked = Must(Run(app_.consents().RevokeConsent(Desk(), Mark(), command)));
  EXPECT_THAT(revoked.warnings, Contains(Field(&Warning::code, "NOTHING_TO_REVOKE")));
  EXPECT_EQ(revoked.member_count, 0u);
}

TEST_F(DisclosureVerbsTest, AnAttacheSeesOnlyTheMembersWhoAgreed) {
  const VerbAnswer filed = FileGroup(3);
  EXPECT_EQ(Run(app_.queries().GetComplaint(Attache(), filed.case_number)).status().code(),
            absl::StatusCode::kNotFound);
  Consent embassy = SampleConsent("EMBASSY", "");
  embassy.groups = {FieldGroup::kIdentity};
  const VerbAnswer agreed = Must(Consenting(filed, {filed.member_ids[1].ToString()}, embassy));
  EXPECT_EQ(agreed.member_count, 1u);
  const CaseView view = View(Attache(), filed);
  EXPECT_EQ(view.complaint.narrative, "");
  EXPECT_EQ(view.complaint.corridor.destination, "MY");
  const auto members = Run(app_.queries().ListGroupMembers(Attache(), filed.case_number, {}, {}));
  ASSERT_THAT(members->members, SizeIs(1));
  EXPECT_EQ(members->members[0].complainant.name, "Sok Dara 2");
  EXPECT_EQ(members->members[0].complainant.migration_status, "");
  const auto list = Run(app_.queries().ListComplaints(Attache(), {}, {}));
  EXPECT_THAT(list->cases, SizeIs(1));
}

TEST_F(DisclosureVerbsTest, AnAttacheSeesACaseNoLongerThanTheConsentSays) {
  const VerbAnswer filed = FileGroup(2);
  Consent embassy = SampleConsent("EMBASSY", "");
  embassy.expires_on = "2026-11-24";
  Must(Consenting(filed, {filed.member_ids[0].ToString()}, embassy));
  EXPECT_EQ(LastEvent().consent_changed().expires_on(), "2026-11-24");
  const auto listed = [this] {
    return Run(app_.queries().ListComplaints(Attache(), {}, {}))->cases.size();
  };
  EXPECT_EQ(listed(), 1u);
  clock_.Advance(absl::Hours(24 * 2));
  EXPECT_EQ(listed(), 1u) << "on its last day";
  clock_.Advance(absl::Hours(24));
  EXPECT_EQ(listed(), 0u);
  EXPECT_EQ(Run(app_.queries().GetComplaint(Attache(), filed.case_number)).status().code(),
            absl::StatusCode::kNotFound);
}

TEST_F(DisclosureVerbsTest, AFilingTellsUntilWhenAttachesMaySeeAMember) {
  ComplaintFiling filing = SampleFiling(1);
  Consent embassy = SampleConsent("EMBASSY", "");
  embassy.expires_on = "2026-12-24";
  filing.members[0].consents.push_back(embassy);
  File(filing);
  const v1::MemberDimensions member = LastEvent().case_filed().members(0);
  EXPECT_TRUE(member.embassy_consent());
  EXPECT_EQ(member.embassy_expires_on(), "2026-12-24");
}

TEST_F(DisclosureVerbsTest, ALifeAtRiskLetsDataOutAfterASecondPerson) {
  const VerbAnswer filed = FileGroup(1);
  const VerbAnswer admitted = Admit(filed);
  RequestApprovalCommand command{At(admitted), {}, "beaten, no answer since", {}, {}};
  command.consent_override =
      ConsentOverride{"th:serc", {FieldGroup::kIdentity, FieldGroup::kWhereabouts}, "2026-12-01"};
  const VerbAnswer asked =
      Must(Run(app_.approvals().RequestApproval(Ministry("a"), Mark(), command)));
  EXPECT_EQ(ReasonOf(Disclose(filed, {}, "th:serc")), "CONSENT_MISSING");
  ApproveCommand approve{At(asked), asked.created_id.ToString(), "APPROVED", ""};
  Must(Run(app_.approvals().Approve(Ministry("b"), Mark(), approve)));
  const auto page = Disclose(filed, {}, "th:serc");
  ASSERT_TRUE(page.ok()) << page.status();
  EXPECT_TRUE(page->head->by_override);
  EXPECT_EQ(page->members[0].member.complainant.whereabouts, "hostel behind the factory");
  EXPECT_THAT(page->members[0].member.claim_lines, IsEmpty());
  EXPECT_EQ(page->head->complaint.narrative, "");
}

}  // namespace
}  // namespace redress::intake
