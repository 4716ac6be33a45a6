#include "services/referral/domain/directory.h"

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "services/platform/status/refusal.h"
#include "services/referral/domain/referral_checks.h"
#include "services/referral/domain/routing.h"

namespace redress::referral {
namespace {

using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::UnorderedElementsAre;

const Date kToday = {2026, 11, 22};

BodyId Id(std::string_view text) { return BodyId::FromTrusted(std::string(text)); }

Body Mtuc() {
  Body body;
  body.body_id = Id("my:mtuc");
  body.kind = "TRADE_UNION";
  body.names = {{"en", "Malaysian Trades Union Congress"}};
  body.country = "MY";
  body.categories = {"WAGE_UNDERPAYMENT", "WAGE_NONPAYMENT"};
  body.languages = {"ms", "en"};
  body.focal_points = {{.focal_point_id = "my:mtuc/f1",
                        .name = "Focal Point",
                        .in_office = {{2025, 1, 1}, Date{2026, 12, 31}},
                        .languages = {"en"},
                        .around_the_clock = true}};
  body.provenance = {NodeId::FromTrusted("my"), 1, absl::InfinitePast(), StartOf(kToday)};
  return body;
}

Agreement CufMtuc() {
  const NodeId kh = NodeId::FromTrusted("kh");
  const NodeId my = NodeId::FromTrusted("my");
  return {.agreement_id = "kh-my:cuf-mtuc",
          .terms = {.parties = {Id("kh:cuf"), Id("my:mtuc")},
                    .in_force = {{2026, 1, 1}, Date{2026, 12, 31}},
                    .covers_non_members = true,
                    .groups_allowed = DataGroups(0b1111111110)},
          .halves = {{kh, Id("kh:cuf"), 1, std::string(32, 'd')},
                     {my, Id("my:mtuc"), 1, std::string(32, 'd')}}};
}

CaseFacts Facts() {
  return {.destination = "MY",
          .category = "WAGE_UNDERPAYMENT",
          .sector = "MANUFACTURING",
          .urgency = "NORMAL",
          .nationalities = {"KH"},
          .languages = {"km", "en"},
          .consented_receivers = {Id("my:mtuc")}};
}

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

template <class Reason>
std::vector<std::string> CodesOf(const std::vector<Reason>& reasons) {
  std::vector<std::string> codes;
  for (const Reason& reason : reasons) codes.push_back(reason.code);
  return codes;
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
  check.facts.respondent_names = {"malaysian trades-union congress "};
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

TEST(RoutingTest, TheBodyThatNamesTheCategoryAndHasAnAgreementComesFirst) {
  Body general = Mtuc();
  general.body_id = Id("my:jtk");
  general.categories = {};
  Body inactive = Mtuc();
  inactive.body_id = Id("my:closed");
  inactive.active = false;
  Body abroad = Mtuc();
  abroad.body_id = Id("th:serc");
  abroad.country = "TH";
  RoutingQuestion question = {
      .facts = Facts(), .referring_body = Id("kh:ministry"), .now = StartOf(kToday)};
  const std::vector<Suggestion> suggestions =
      SuggestRecipients(question, {inactive, general, abroad, Mtuc()}, {CufMtuc()}, {});
  ASSERT_EQ(suggestions.size(), 3u);
  EXPECT_EQ(suggestions[0].body_id, Id("my:mtuc"));
  EXPECT_TRUE(suggestions[0].can_refer);
  EXPECT_EQ(suggestions[0].agreement_id, "kh-my:cuf-mtuc");
  EXPECT_THAT(CodesOf(suggestions[0].reasons_for),
              ElementsAre("TAKES_CATEGORY", "AGREEMENT_IN_FORCE", "CONSENT_GIVEN",
                          "SPEAKS_LANGUAGE", "TAKES_SECTOR"));
  EXPECT_EQ(suggestions[1].body_id, Id("my:jtk"));
  EXPECT_FALSE(suggestions[1].can_refer);
  EXPECT_THAT(CodesOf(suggestions[1].reasons_against),
              UnorderedElementsAre("NO_AGREEMENT", "CONSENT_MISSING"));
  EXPECT_TRUE(suggestions[2].excluded);
  int sum = 0;
  for (const RoutingReason& reason : suggestions[1].reasons_for) sum += reason.weight;
  for (const RoutingReason& reason : suggestions[1].reasons_against) sum += reason.weight;
  EXPECT_EQ(sum, suggestions[1].score);
}

TEST(RoutingTest, WhoDeclinedOrHoldsTheCaseFallsBack) {
  RoutingQuestion question = {
      .facts = Facts(), .referring_body = Id("kh:ministry"), .now = StartOf(kToday)};
  const ReferralId first(CaseNumber("KH", 26, 417), 1);
  question.past = {{first, Id("my:mtuc"), ReferralState::kDeclined}};
  Suggestion declined = SuggestRecipients(question, {Mtuc()}, {CufMtuc()}, {})[0];
  EXPECT_THAT(CodesOf(declined.reasons_against), Contains("DECLINED_BEFORE"));
  EXPECT_TRUE(declined.can_refer);
  question.past = {{first, Id("my:mtuc"), ReferralState::kNoResponse}};
  Suggestion silent = SuggestRecipients(question, {Mtuc()}, {CufMtuc()}, {})[0];
  EXPECT_THAT(CodesOf(silent.reasons_against), Contains("DID_NOT_ANSWER"));
  EXPECT_THAT(CodesOf(silent.reasons_against), Contains("ALREADY_REFERRED"));
  EXPECT_FALSE(silent.can_refer);
  question.limit = 0;
  EXPECT_THAT(SuggestRecipients(question, {Mtuc()}, {}, {}), IsEmpty());
}

TEST(RoutingTest, AMissionsAttacheIsItsFocalPoint) {
  Body embassy = Mtuc();
  embassy.body_id = Id("kh:embassy-kl");
  embassy.focal_points.clear();
  RoutingQuestion question = {
      .facts = Facts(), .referring_body = Id("kh:ministry"), .now = StartOf(kToday)};
  EXPECT_THAT(CodesOf(SuggestRecipients(question, {embassy}, {}, {})[0].reasons_against),
              Contains("NO_FOCAL_POINT"));
  Posting posting = {.mission = embassy.body_id};
  posting.days = {{2026, 1, 1}, {}};
  EXPECT_THAT(CodesOf(SuggestRecipients(question, {embassy}, {}, {posting})[0].reasons_against),
              ::testing::Not(Contains("NO_FOCAL_POINT")));
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
