// What a case says of its members in numbers, as verbs change it: to whom they consented, what they
// speak, who is of a union.

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "services/intake/app/testing/intake_fixture.h"
#include "services/platform/crypto/name_digest.h"

namespace redress::intake {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::UnorderedElementsAre;

class MembersSummaryTest : public IntakeTest {
 protected:
  VerbAnswer Consent(const VerbAnswer& at, std::vector<std::string> members, std::string receiver,
                     std::string expires_on = "", std::string status = "GRANTED") {
    intake::Consent consent = SampleConsent("REFERRAL", std::move(receiver));
    consent.expires_on = std::move(expires_on);
    consent.status = std::move(status);
    RecordConsentCommand command{Anytime(at), std::move(members), {std::move(consent)}};
    return Must(Run(app_.consents().RecordConsent(Desk(), Mark(), std::move(command))));
  }
  VerbAnswer Revoke(const VerbAnswer& at, std::vector<std::string> members, std::string receiver) {
    RevokeConsentCommand command{Anytime(at), std::move(members), "REFERRAL", std::move(receiver),
                                 ByPhone()};
    return Must(Run(app_.consents().RevokeConsent(Desk(), Mark(), std::move(command))));
  }
  std::vector<ReceiverConsents> Receivers(const VerbAnswer& of, Caller caller = Ministry()) {
    return View(std::move(caller), of).members.consented_receivers;
  }
  std::string IdOf(const VerbAnswer& filed, size_t member) {
    return filed.member_ids[member].ToString();
  }
};

TEST_F(MembersSummaryTest, EachReceiverIsShownWithTheMembersWhoConsentedToIt) {
  const VerbAnswer filed = FileGroup(3);
  EXPECT_THAT(Receivers(filed), ElementsAre(ReceiverConsents{"my:mtuc", 3}));
  Consent(filed, {IdOf(filed, 0), IdOf(filed, 1)}, "my:tenaganita");
  EXPECT_THAT(Receivers(filed),
              ElementsAre(ReceiverConsents{"my:mtuc", 3}, ReceiverConsents{"my:tenaganita", 2}));
  Consent(filed, {IdOf(filed, 0)}, "my:tenaganita");
  Consent(filed, {IdOf(filed, 1)}, "my:tenaganita", "", "REFUSED");
  EXPECT_THAT(Receivers(filed),
              ElementsAre(ReceiverConsents{"my:mtuc", 3}, ReceiverConsents{"my:tenaganita", 1}))
      << "saying it again counts once, and a refusal takes back what was granted";
}

TEST_F(MembersSummaryTest, AConsentTakenBackCountsForNobodyAnyMore) {
  const VerbAnswer filed = FileGroup(3);
  Consent(filed, {}, "my:tenaganita");
  Revoke(filed, {IdOf(filed, 0)}, "my:mtuc");
  EXPECT_THAT(Receivers(filed),
              ElementsAre(ReceiverConsents{"my:tenaganita", 3}, ReceiverConsents{"my:mtuc", 2}));
  Revoke(filed, {IdOf(filed, 0)}, "");
  EXPECT_THAT(Receivers(filed),
              ElementsAre(ReceiverConsents{"my:mtuc", 2}, ReceiverConsents{"my:tenaganita", 2}));
  EXPECT_EQ(View(Desk(), filed).members.referral_consents, 2u);
  Revoke(filed, {}, "");
  EXPECT_THAT(Receivers(filed), IsEmpty());
  EXPECT_EQ(View(Desk(), filed).members.referral_consents, 0u);
}

TEST_F(MembersSummaryTest, AConsentThatRunsOutStopsCountingByItself) {
  const VerbAnswer filed = FileGroup(2);
  Consent(filed, {IdOf(filed, 0)}, "my:mtuc", "2026-11-23");
  EXPECT_THAT(Receivers(filed), ElementsAre(ReceiverConsents{"my:mtuc", 2}));
  clock_.Advance(absl::Hours(24));
  EXPECT_THAT(Receivers(filed), ElementsAre(ReceiverConsents{"my:mtuc", 2}));
  clock_.Advance(absl::Hours(24));
  EXPECT_THAT(Receivers(filed), ElementsAre(ReceiverConsents{"my:mtuc", 1}));
  EXPECT_EQ(View(Desk(), filed).members.referral_consents, 1u);
  // Whoever takes back what has run out takes nothing from those whose consent holds.
  Revoke(filed, {IdOf(filed, 0)}, "my:mtuc");
  EXPECT_THAT(Receivers(filed), ElementsAre(ReceiverConsents{"my:mtuc", 1}));
  Consent(filed, {IdOf(filed, 0)}, "my:mtuc", "2027-01-01");
  EXPECT_THAT(Receivers(filed), ElementsAre(ReceiverConsents{"my:mtuc", 2}));
}

TEST_F(MembersSummaryTest, MembersWhoJoinLeaveOrComeBackAreCountedWithTheirConsents) {
  const VerbAnswer filed = FileGroup(2);
  AddMembersCommand add{
      Anytime(filed), {}, {SampleConsent("FILING", ""), SampleConsent("REFERRAL", "my:jtksm")}};
  for (int i = 0; i < 5; ++i) add.members.push_back(SampleMember(100 + i));
  const VerbAnswer added = Must(Run(app_.filing().AddGroupMembers(Desk(), Mark(), add)));
  EXPECT_THAT(Receivers(filed),
              ElementsAre(ReceiverConsents{"my:jtksm", 5}, ReceiverConsents{"my:mtuc", 2}));
  WithdrawCommand leave{Anytime(filed), {}};
  leave.decision.member_ids = {IdOf(added, 0), IdOf(filed, 0)};
  leave.decision.reason = "VOLUNTARY";
  leave.decision.instruction = ByPhone();
  Must(Run(app_.cases().WithdrawComplaint(Desk(), Mark(), leave)));
  EXPECT_THAT(Receivers(filed),
              ElementsAre(ReceiverConsents{"my:jtksm", 4}, ReceiverConsents{"my:mtuc", 1}));
  ReopenCommand back{Anytime(filed), {}};
  back.decision.kind = ReopenKind::kUndoWithdrawal;
  back.decision.member_ids = {IdOf(filed, 0)};
  back.decision.reason = "changed their mind";
  back.decision.instruction = ByPhone();
  Must(Run(app_.cases().ReopenComplaint(Desk(), Mark(), back)));
  EXPECT_THAT(Receivers(filed),
              ElementsAre(ReceiverConsents{"my:jtksm", 4}, ReceiverConsents{"my:mtuc", 2}));
}

TEST_F(MembersSummaryTest, LanguagesAndUnionMembersFollowAmendmentsAndWithdrawals) {
  const VerbAnswer filed = FileGroup(3);
  const MembersSummary first = View(Ministry(), filed).members;
  EXPECT_THAT(first.by_language, UnorderedElementsAre(CodeCount{"km", 3}, CodeCount{"ms", 3}));
  EXPECT_EQ(first.union_members, 3u);
  AmendCommand amend{Anytime(filed), {"complainant"}, {}, SampleMember(), "asked again"};
  amend.member->member_id = filed.member_ids[0];
  amend.member->complainant.languages = {"ms"};
  amend.member->complainant.union_membership = "";
  Must(Run(app_.cases().AmendComplaint(Desk(), Mark(), amend)));
  const MembersSummary amended = View(Ministry(), filed).members;
  EXPECT_THAT(amended.by_language, ElementsAre(CodeCount{"ms", 3}, CodeCount{"km", 2}));
  EXPECT_EQ(amended.union_members, 2u);
  WithdrawCommand leave{Anytime(filed), {}};
  leave.decision.member_ids = {IdOf(filed, 0)};
  leave.decision.reason = "VOLUNTARY";
  leave.decision.instruction = ByPhone();
  Must(Run(app_.cases().WithdrawComplaint(Desk(), Mark(), leave)));
  const MembersSummary left = View(Ministry(), filed).members;
  EXPECT_THAT(left.by_language, UnorderedElementsAre(CodeCount{"km", 2}, CodeCount{"ms", 2}));
  EXPECT_EQ(left.union_members, left.total - left.withdrawn);
}

TEST_F(MembersSummaryTest, AServiceLearnsWhichBodiesAreRespondentsAndNothingElseOfThem) {
  ComplaintFiling filing = SampleFiling(1);
  ASSERT_EQ(filing.complaint.respondents.size(), 1u);
  filing.complaint.respondents[0].name = "Kilang Contoh Sdn. Bhd.";
  filing.complaint.respondents[0].aliases = {"Contoh Garments"};
  filing.consents.push_back(SampleConsent("EMBASSY", ""));
  const VerbAnswer filed = File(filing);
  const CaseView seen = View(Referral(), filed);
  EXPECT_THAT(seen.respondent_body_ids, ElementsAre("my:kilang-contoh"));
  EXPECT_THAT(seen.complaint.respondents, IsEmpty());
  const std::string number = filed.case_number.ToString();
  EXPECT_THAT(seen.respondent_name_digests,
              ElementsAre(crypto::NameDigest(number, "kilang contoh"),
                          crypto::NameDigest(number, "CONTOH GARMENTS")));
  EXPECT_EQ(seen.members.union_members, 1u);
  for (const Caller& caller : {Desk(), Ministry(), Worker(filed), Attache()}) {
    EXPECT_THAT(View(caller, filed).respondent_name_digests, IsEmpty());
  }
}

TEST_F(MembersSummaryTest, OnlyHomeStaffAndServicesSeeTheReceivers) {
  ComplaintFiling filing = SampleFiling(2);
  filing.consents.push_back(SampleConsent("EMBASSY", ""));
  const VerbAnswer filed = File(filing);
  for (const Caller& caller : {Desk(), Ministry(), Referral()}) {
    EXPECT_THAT(Receivers(filed, caller), ElementsAre(ReceiverConsents{"my:mtuc", 2}));
  }
  for (const Caller& caller : {Worker(filed), Attache()}) {
    EXPECT_THAT(Receivers(filed, caller), IsEmpty());
    EXPECT_EQ(View(caller, filed).members.referral_consents, 2u);
  }
}

}  // namespace
}  // namespace redress::intake
