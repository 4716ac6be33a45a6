// Who can take a case, by what intake shows of it in numbers: consents, languages, unions.
#include "services/platform/crypto/name_digest.h"
#include "services/platform/status/field_violations.h"
#include "services/referral/app/past_referrals.h"
#include "services/referral/app/testing/story_fixture.h"

namespace redress::referral {
namespace {

using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::Not;
using ::testing::Pair;
using ::testing::StrEq;

class SuggestionTest : public StoryTest {
 protected:
  intake::v1::Case& Shown() { return world.kh->intake.cases[world.case_number].shown; }

  void Consent(const std::string& body, uint32_t members) {
    intake::v1::ReceiverConsents* one = Shown().mutable_members()->add_consented_receivers();
    one->set_receiver_body_id(body);
    one->set_member_count(members);
  }

  v1::Suggestion Of(const std::string& body) {
    v1::SuggestRecipientsRequest request;
    request.set_case_number(world.case_number);
    auto answer = world.Run(world.kh->directory.SuggestRecipients(world.ministry, request));
    EXPECT_TRUE(answer.ok()) << answer.status();
    for (const v1::Suggestion& one : answer->suggestions()) {
      if (one.body_id() == body) return one;
    }
    return {};
  }

  static std::vector<std::string> Codes(const v1::Suggestion& suggestion) {
    std::vector<std::string> codes;
    for (const auto& reason : suggestion.reasons_for()) codes.push_back(reason.code());
    for (const auto& reason : suggestion.reasons_against()) codes.push_back(reason.code());
    return codes;
  }

  // CUF and Tenaganita agree on members of unions only.
  void AgreeOnMembersOnly() {
    for (TestNode* node : {world.kh.get(), world.my.get()}) {
      v1::PutAgreementRequest request;
      request.set_request_id(world.RequestId());
      request.set_agreement_id("kh-my:cuf-tenaganita");
      request.set_party_body_id(node == world.kh.get() ? "kh:cuf" : "my:tenaganita");
      request.set_version(1);
      request.mutable_terms()->add_party_body_ids("kh:cuf");
      request.mutable_terms()->add_party_body_ids("my:tenaganita");
      request.mutable_terms()->mutable_in_force()->set_from("2020-01-01");
      request.mutable_terms()->add_groups_allowed(intake::v1::FIELD_GROUP_IDENTITY);
      request.mutable_terms()->set_title("For members");
      const Caller admin =
          TwoNodes::MakeCaller(node->parts.node.ToString(), "root", "", {auth::Role::kAdmin});
      auto answer = world.Run(node->directory.PutAgreement(admin, request));
      ASSERT_TRUE(answer.ok()) << answer.status();
    }
    world.Settle();
  }

  absl::StatusOr<v1::ReferComplaintResponse> ReferTo(const std::string& body) {
    v1::ReferComplaintRequest request = world.ReferRequest();
    request.set_receiver_body_id(body);
    return world.Run(world.kh->home.ReferComplaint(world.ministry, request));
  }
};

TEST_F(SuggestionTest, OnlyWhoWasConsentedToHasConsent) {
  const v1::Suggestion mtuc = Of("my:mtuc");
  EXPECT_THAT(Codes(mtuc), Contains("CONSENT_GIVEN"));
  EXPECT_TRUE(mtuc.can_refer());
  const v1::Suggestion other = Of("my:tenaganita");
  EXPECT_THAT(Codes(other), Contains("CONSENT_MISSING"));
  EXPECT_THAT(Codes(other), Not(Contains("CONSENT_GIVEN")));
  EXPECT_FALSE(other.can_refer());

  Consent("my:tenaganita", 1);
  std::vector<std::string> texts;
  const v1::Suggestion partly = Of("my:tenaganita");
  for (const auto& reason : partly.reasons_for()) texts.push_back(reason.text());
  EXPECT_THAT(texts, Contains("1 of 3 members consent to this receiver."));
}

TEST_F(SuggestionTest, AnAgreementForMembersOnlyServesWhenEverybodyIsOfAUnion) {
  AgreeOnMembersOnly();
  Consent("my:tenaganita", 3);
  Shown().mutable_members()->set_union_members(2);
  EXPECT_THAT(Codes(Of("my:tenaganita")), Contains("NO_AGREEMENT"));
  const auto refused = ReferTo("my:tenaganita");
  EXPECT_EQ(ReasonOf(refused.status()), "AGREEMENT_DOES_NOT_COVER");
  EXPECT_THAT(GetRefusal(refused.status())->metadata, Contains(Pair("what", "members")));

  // The one who is of none leaves the case.
  Shown().mutable_members()->set_withdrawn(1);
  const v1::Suggestion covered = Of("my:tenaganita");
  EXPECT_THAT(Codes(covered), Contains("AGREEMENT_IN_FORCE"));
  EXPECT_THAT(covered.agreement_id(), StrEq("kh-my:cuf-tenaganita"));
  EXPECT_TRUE(covered.can_refer());
  const auto sent = ReferTo("my:tenaganita");
  EXPECT_TRUE(sent.ok()) << sent.status();
}

TEST_F(SuggestionTest, WhoActsForMembersOnlyIsWarnedOfOnlyWhenSomebodyIsOfNoUnion) {
  v1::GetBodyRequest get;
  get.set_body_id("my:mtuc");
  auto body = world.Run(world.my->directory.GetBody(world.my_admin, get));
  ASSERT_TRUE(body.ok()) << body.status();
  v1::PutBodyRequest put;
  put.set_request_id(world.RequestId());
  put.set_etag(body->etag());
  *put.mutable_body() = body->body();
  put.mutable_body()->set_membership_required(true);
  ASSERT_TRUE(world.Run(world.my->directory.PutBody(world.my_admin, put)).ok());
  world.Settle();

  EXPECT_THAT(Codes(Of("my:mtuc")), Contains("MEMBERSHIP_REQUIRED"));
  Shown().mutable_members()->set_union_members(3);
  EXPECT_THAT(Codes(Of("my:mtuc")), Not(Contains("MEMBERSHIP_REQUIRED")));
  const auto sent = ReferTo("my:mtuc");
  ASSERT_TRUE(sent.ok()) << sent.status();
  EXPECT_THAT(sent->change().warnings(), IsEmpty());
}

TEST_F(SuggestionTest, TheWorkersLanguagesAreThoseThatTheySpeak) {
  Shown().mutable_complaint()->set_narrative_language("en");
  EXPECT_THAT(Codes(Of("my:mtuc")), Not(Contains("NO_COMMON_LANGUAGE")));
  EXPECT_THAT(Codes(Of("my:mtuc")), Not(Contains("SPEAKS_LANGUAGE")));
  for (const char* language : {"km", "en"}) {
    intake::v1::CodeCount* spoken = Shown().mutable_members()->add_by_language();
    spoken->set_code(language);
    spoken->set_count(1);
    const std::string expected =
        std::string(language) == "km" ? "NO_COMMON_LANGUAGE" : "SPEAKS_LANGUAGE";
    EXPECT_THAT(Codes(Of("my:mtuc")), Contains(expected));
  }
}

TEST_F(SuggestionTest, ARespondentNamedOnlyInWordsIsKnownByTheNamesOfTheBody) {
  const std::string number = Shown().case_number();
  Shown().add_respondent_name_digests(crypto::NameDigest(number, "Somebody else"));
  EXPECT_TRUE(Of("my:mtuc").can_refer());
  Shown().add_respondent_name_digests(crypto::NameDigest(number, "BODY my:mtuc Ltd."));
  EXPECT_THAT(Codes(Of("my:mtuc")), Contains("IS_RESPONDENT"));
  EXPECT_THAT(Codes(Of("my:tenaganita")), Not(Contains("IS_RESPONDENT")));
  EXPECT_EQ(ReasonOf(ReferTo("my:mtuc").status()), "RECEIVER_IS_RESPONDENT");
}

TEST_F(SuggestionTest, NothingIsReferredToARespondentAndTheSuggestionSaysSo) {
  Shown().add_respondent_body_ids("my:mtuc");
  const v1::Suggestion respondent = Of("my:mtuc");
  EXPECT_THAT(Codes(respondent), Contains("IS_RESPONDENT"));
  EXPECT_TRUE(respondent.excluded());
  EXPECT_FALSE(respondent.can_refer());
  EXPECT_EQ(ReasonOf(ReferTo("my:mtuc").status()), "RECEIVER_IS_RESPONDENT");
}

TEST_F(SuggestionTest, EveryWrongFieldOfTheRequestIsNamedAtOnce) {
  v1::SuggestRecipientsRequest request;
  request.set_case_number("KH-26-417");
  request.set_country("XX");
  request.set_limit(51);
  const absl::Status wrong =
      world.Run(world.kh->directory.SuggestRecipients(world.ministry, request)).status();
  std::vector<std::string> fields;
  for (const FieldViolation& one : GetFieldViolations(wrong)) fields.push_back(one.field);
  EXPECT_THAT(fields, ElementsAre("case_number", "country", "limit"));
}

}  // namespace
}  // namespace redress::referral
