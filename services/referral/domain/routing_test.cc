#include "services/referral/domain/routing.h"

#include <algorithm>
#include <functional>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "services/referral/domain/directory_samples.h"

namespace redress::referral {
namespace {

using samples::CodesOf;
using samples::CufMtuc;
using samples::Facts;
using samples::Id;
using samples::kToday;
using samples::Mtuc;
using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::Not;
using ::testing::UnorderedElementsAre;

RoutingQuestion Question() {
  return {.facts = Facts(), .referring_body = Id("kh:ministry"), .now = StartOf(kToday)};
}

// A case, the body that is weighed for it, and the agreements.
struct Asked {
  RoutingQuestion question = Question();
  Body body = Mtuc();
  std::vector<Agreement> agreements = {CufMtuc()};

  ResponseRecord& record() { return question.records[body.body_id]; }
  Suggestion Answer() const { return SuggestRecipients(question, {body}, agreements, {}).front(); }
  std::vector<std::string> For() const { return CodesOf(Answer().reasons_for); }
  std::vector<std::string> Against() const { return CodesOf(Answer().reasons_against); }
};

// Codes that are in `now` and were not in `before`.
std::vector<std::string> Added(const std::vector<std::string>& before,
                               const std::vector<std::string>& now) {
  std::vector<std::string> added;
  for (const std::string& code : now) {
    if (std::find(before.begin(), before.end(), code) == before.end()) added.push_back(code);
  }
  return added;
}

using Change = std::function<void(Asked&)>;

// What has to be different from the case that fits in every way for each reason to be given.
const std::vector<std::pair<std::string, Change>>& ReasonsFor() {
  static const auto* const changes = new std::vector<std::pair<std::string, Change>>{
      {"IN_TERRITORY",
       [](Asked& asked) {
         asked.body.territories = {"MY-05", "MY-10"};
         asked.question.facts.territories = {"MY-10"};
       }},
      {"HAS_CAPACITY",
       [](Asked& asked) {
         asked.body.capacity = 3;
         asked.record().open = 2;
       }},
      {"ASSURED_RECENTLY", [](Asked& asked) { asked.body.assured_on = Date{2026, 1, 31}; }},
      {"AROUND_THE_CLOCK", [](Asked& asked) { asked.question.facts.urgency = "EMERGENCY"; }},
      {"ANSWERED_BEFORE", [](Asked& asked) { asked.record() = {.answered = 3, .silent = 3}; }},
  };
  return *changes;
}

const std::vector<std::pair<std::string, Change>>& ReasonsAgainst() {
  static const auto* const changes = new std::vector<std::pair<std::string, Change>>{
      {"INACTIVE", [](Asked& asked) { asked.body.active = false; }},
      {"IS_RESPONDENT",
       [](Asked& asked) { asked.question.facts.respondent_bodies = {asked.body.body_id}; }},
      {"CATEGORY_NOT_TAKEN", [](Asked& asked) { asked.body.categories = {"TRAFFICKING"}; }},
      {"SECTOR_NOT_TAKEN", [](Asked& asked) { asked.body.sectors = {"FISHING"}; }},
      {"OUTSIDE_TERRITORY",
       [](Asked& asked) {
         asked.body.territories = {"MY-05"};
         asked.question.facts.territories = {"MY-10"};
       }},
      {"NATIONALITY_NOT_TAKEN",
       [](Asked& asked) {
         asked.body.nationalities = {"KH"};
         asked.question.facts.nationalities = {"KH", "VN"};
       }},
      {"NO_COMMON_LANGUAGE", [](Asked& asked) { asked.question.facts.languages = {"km"}; }},
      {"NO_AGREEMENT", [](Asked& asked) { asked.agreements.clear(); }},
      {"AGREEMENT_EXPIRED",
       [](Asked& asked) { asked.agreements[0].terms.in_force.to = Date{2026, 11, 21}; }},
      {"CONSENT_MISSING",
       [](Asked& asked) { asked.question.facts.consented_receivers = {{Id("my:jtksm"), 2}}; }},
      {"OVER_CAPACITY",
       [](Asked& asked) {
         asked.body.capacity = 3;
         asked.record().open = 3;
       }},
      {"MEMBERSHIP_REQUIRED", [](Asked& asked) { asked.body.membership_required = true; }},
      {"NO_FOCAL_POINT", [](Asked& asked) { asked.body.focal_points.clear(); }},
      {"DID_NOT_ANSWER", [](Asked& asked) { asked.record() = {.answered = 3, .silent = 4}; }},
      {"COPY_STALE",
       [](Asked& asked) {
         asked.body.provenance.as_of = asked.question.now - absl::Hours(30 * 24 + 1);
       }},
  };
  return *changes;
}

TEST(RoutingReasonTest, EachSpeaksForABodyWhenItsFactIsThereAndForNothingElse) {
  const Asked fits;
  for (const auto& [code, change] : ReasonsFor()) {
    Asked asked;
    change(asked);
    EXPECT_THAT(Added(fits.For(), asked.For()), ElementsAre(code));
    EXPECT_THAT(Added(fits.Against(), asked.Against()), IsEmpty()) << code;
    EXPECT_GT(asked.Answer().score, fits.Answer().score) << code;
  }
}

TEST(RoutingReasonTest, EachSpeaksAgainstABodyWhenItsFactIsThereAndForNothingElse) {
  const Asked fits;
  ASSERT_THAT(fits.Against(), IsEmpty());
  for (const auto& [code, change] : ReasonsAgainst()) {
    Asked asked;
    change(asked);
    EXPECT_THAT(asked.Against(), ElementsAre(code));
    EXPECT_THAT(Added(fits.For(), asked.For()), IsEmpty()) << code;
    EXPECT_LT(asked.Answer().score, fits.Answer().score) << code;
  }
}

TEST(RoutingReasonTest, OnlyWhatWouldBeRefusedCannotBeReferred) {
  for (const auto& [code, change] : ReasonsAgainst()) {
    Asked asked;
    change(asked);
    const bool excluded = code == "INACTIVE" || code == "IS_RESPONDENT";
    const bool refused = excluded || code == "NO_AGREEMENT" || code == "AGREEMENT_EXPIRED" ||
                         code == "CONSENT_MISSING";
    EXPECT_EQ(asked.Answer().can_refer, !refused) << code;
    EXPECT_EQ(asked.Answer().excluded, excluded) << code;
  }
}

TEST(RoutingReasonTest, WhereTheWorkWasIsWeighedOnlyWhenBothSidesSay) {
  Asked asked;
  asked.body.territories = {"MY-05"};
  EXPECT_THAT(asked.Against(), IsEmpty()) << "nobody knows where it was";
  asked.body.territories.clear();
  asked.question.facts.territories = {"MY-10"};
  EXPECT_THAT(asked.Against(), IsEmpty()) << "it acts everywhere";
  EXPECT_THAT(asked.For(), Not(Contains("IN_TERRITORY")));
}

TEST(RoutingReasonTest, WhoSaysNoCapacityIsNotCounted) {
  Asked asked;
  asked.record().open = 400;
  EXPECT_EQ(asked.Answer(), Asked().Answer());
}

TEST(RoutingReasonTest, AnEntryIsAssuredForAYear) {
  Asked asked;
  asked.body.assured_on = AddDays(kToday, -365);
  EXPECT_THAT(asked.For(), Contains("ASSURED_RECENTLY"));
  asked.body.assured_on = AddDays(kToday, -366);
  EXPECT_THAT(asked.For(), Not(Contains("ASSURED_RECENTLY")));
}

TEST(RoutingReasonTest, ACopyIsStaleAfterThirtyDaysAndAnOwnEntryNever) {
  Asked asked;
  asked.body.provenance.as_of = asked.question.now - absl::Hours(30 * 24);
  EXPECT_THAT(asked.Against(), IsEmpty());
  asked.body.provenance.as_of = absl::InfinitePast();
  EXPECT_THAT(asked.Against(), ElementsAre("COPY_STALE"));
  asked.body.provenance.owner = NodeId::FromTrusted("kh");
  EXPECT_THAT(asked.Against(), IsEmpty());
}

TEST(RoutingReasonTest, WhoCanBeReachedAtAnyHourCountsOnlyInOffice) {
  Asked asked;
  asked.question.facts.urgency = "EMERGENCY";
  asked.body.focal_points[0].in_office.to = AddDays(kToday, -1);
  EXPECT_THAT(asked.For(), Not(Contains("AROUND_THE_CLOCK")));
  EXPECT_THAT(asked.Against(), ElementsAre("NO_FOCAL_POINT"));
}

TEST(RoutingReasonTest, MembersOfAUnionMeetWhoActsForMembersOnly) {
  Asked asked;
  asked.body.membership_required = true;
  asked.agreements[0].terms.covers_non_members = false;
  EXPECT_THAT(asked.Against(), UnorderedElementsAre("MEMBERSHIP_REQUIRED", "NO_AGREEMENT"));
  asked.question.facts.union_member = true;
  EXPECT_THAT(asked.Against(), IsEmpty());
  EXPECT_EQ(asked.Answer().agreement_id, "kh-my:cuf-mtuc");
}

TEST(RoutingReasonTest, ConsentIsToldWithHowManyGaveIt) {
  Asked asked;
  asked.question.facts.members = 70;
  asked.question.facts.consented_receivers = {{Id("my:mtuc"), 69}, {Id("my:jtksm"), 70}};
  const Suggestion suggestion = asked.Answer();
  EXPECT_THAT(
      suggestion.reasons_for,
      Contains(RoutingReason{"CONSENT_GIVEN", "69 of 70 members consent to this receiver.", 20}));
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
  RoutingQuestion question = Question();
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
  RoutingQuestion question = Question();
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
  RoutingQuestion question = Question();
  EXPECT_THAT(CodesOf(SuggestRecipients(question, {embassy}, {}, {})[0].reasons_against),
              Contains("NO_FOCAL_POINT"));
  Posting posting = {.mission = embassy.body_id};
  posting.days = {{2026, 1, 1}, {}};
  EXPECT_THAT(CodesOf(SuggestRecipients(question, {embassy}, {}, {posting})[0].reasons_against),
              ::testing::Not(Contains("NO_FOCAL_POINT")));
}

TEST(ResponseTest, ARecalledReferralSaysNothingOfItsReceiverAndALateAnswerIsOne) {
  using State = ReferralState;
  for (const State state : {State::kUndelivered, State::kRecalled}) {
    EXPECT_EQ(ResponseIn(state), ResponseRecord()) << ReferralStateName(state);
  }
  for (const State state :
       {State::kSent, State::kDelivered, State::kAcknowledged, State::kRecallRequested}) {
    EXPECT_EQ(ResponseIn(state), (ResponseRecord{.open = 1})) << ReferralStateName(state);
  }
  EXPECT_EQ(ResponseIn(State::kNoResponse), (ResponseRecord{.silent = 1, .open = 1}));
  EXPECT_EQ(ResponseIn(State::kAccepted), (ResponseRecord{.answered = 1, .open = 1}));
  EXPECT_EQ(ResponseIn(State::kDeclined), (ResponseRecord{.answered = 1}));
}

}  // namespace
}  // namespace redress::referral
