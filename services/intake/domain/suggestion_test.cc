#include "services/intake/domain/suggestion.h"

#include <string>
#include <vector>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "services/intake/domain/code_lists.h"
#include "services/intake/domain/forced_labour.h"
#include "services/intake/domain/testing/sample_filing.h"
#include "services/intake/domain/urgency.h"

namespace redress::intake {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

Complaint About(const std::string& category) {
  Complaint complaint;
  complaint.primary_category.code = category;
  return complaint;
}

std::vector<std::string> Indicators(const Complaint& complaint, const MemberFacts& members = {}) {
  std::vector<std::string> codes;
  for (const auto& one : SuggestIndicators(complaint, members)) codes.push_back(one.indicator);
  return codes;
}

TEST(UrgencyTest, EachCategoryIsSuggestedAsTheReferralFormHasIt) {
  const std::vector<std::string> emergency = {
      "PHYSICAL_VIOLENCE", "SEXUAL_ABUSE",      "CONFINEMENT", "MISSING_PERSON",
      "CHILD_LABOUR",      "INJURY_OR_ILLNESS", "TRAFFICKING"};
  const std::vector<std::string> urgent = {"DOCUMENT_RETENTION", "DETAINED_OR_DEPORTED",
                                           "RETALIATION"};
  const auto holds = [](const auto& list, std::string_view code) {
    return std::find(list.begin(), list.end(), code) != list.end();
  };
  for (std::string_view code : kCategories.codes()) {
    const std::string expected =
        holds(emergency, code) ? "EMERGENCY" : (holds(urgent, code) ? "URGENT" : "NORMAL");
    EXPECT_EQ(SuggestUrgency(About(std::string(code)), {}).urgency, expected) << code;
  }
}

TEST(UrgencyTest, EachCircumstanceCounts) {
  const std::vector<std::pair<std::string, std::string>> cases = {
      {"LIFE_AT_RISK", "EMERGENCY"},   {"NEEDS_MEDICAL_CARE", "EMERGENCY"},
      {"CHILD_INVOLVED", "EMERGENCY"}, {"IMMINENT_DEPORTATION", "EMERGENCY"},
      {"CANNOT_LEAVE", "EMERGENCY"},   {"NO_FOOD_OR_SHELTER", "URGENT"},
      {"DETAINED", "URGENT"},          {"THREAT_OF_RETALIATION", "URGENT"},
      {"DECEIVED", "NORMAL"},          {"EXCESSIVE_OVERTIME", "NORMAL"}};
  for (const auto& [code, urgency] : cases) {
    Complaint complaint = About("WAGE_UNDERPAYMENT");
    complaint.circumstances = {code};
    EXPECT_EQ(SuggestUrgency(complaint, {}).urgency, urgency) << code;
  }
}

TEST(MemberFactsTest, UnionMembersAndLanguagesAreCountedPersonByPerson) {
  GroupMember first = SampleMember(1);
  first.complainant.languages = {"km", "th", "km"};
  GroupMember second = SampleMember(2);
  second.complainant.languages = {"th"};
  second.complainant.union_membership = "";
  MemberFacts facts = FactsOf({first, second}, kSampleToday);
  EXPECT_EQ(facts.union_members, 1u);
  EXPECT_THAT(facts.languages, ElementsAre(LanguageCount{"km", 1}, LanguageCount{"th", 2}));
  facts.Remove(first, kSampleToday);
  EXPECT_EQ(facts.union_members, 0u);
  EXPECT_THAT(facts.languages, ElementsAre(LanguageCount{"th", 1}));
  facts.Remove(second, kSampleToday);
  EXPECT_EQ(facts, MemberFacts());
}

TEST(MemberFactsTest, LanguagesBeyondTheLimitAreNotCounted) {
  MemberFacts facts;
  GroupMember member = SampleMember();
  for (char letter = 'a'; letter <= 'z'; ++letter) {
    member.complainant.languages = {std::string("a") + letter, std::string("b") + letter};
    facts.Add(member, kSampleToday);
  }
  EXPECT_EQ(facts.languages.size(), MemberFacts::kMostLanguages);
}

TEST(UrgencyTest, ReasonsSayWhereTheFactStandsAndForHowMany) {
  Complaint complaint = About("WAGE_UNDERPAYMENT");
  complaint.secondary_categories = {{"DOCUMENT_RETENTION", "", ""}};
  MemberFacts members;
  members.papers_with_employer = 12;
  members.permit_expires_soon = 3;
  const UrgencySuggestion suggestion = SuggestUrgency(complaint, members);
  EXPECT_EQ(suggestion.urgency, "URGENT");
  EXPECT_THAT(
      suggestion.reasons,
      ElementsAre(
          SuggestionReason{"complaint.secondary_categories", "DOCUMENT_RETENTION", 0},
          SuggestionReason{"members.complainant.identity_documents.held_by", "EMPLOYER", 12},
          SuggestionReason{"members.complainant.migration_status_expires_on",
                           "PERMIT_EXPIRES_WITHIN_7_DAYS", 3}));
}

TEST(UrgencyTest, AnEmergencyGoesBeforeWhatIsUrgentAndConfirmingLessIsWarnedAbout) {
  Complaint complaint = About("DOCUMENT_RETENTION");
  complaint.secondary_categories = {{"CONFINEMENT", "", ""}};
  const UrgencySuggestion suggestion = SuggestUrgency(complaint, {});
  EXPECT_EQ(suggestion.urgency, "EMERGENCY");
  EXPECT_EQ(UrgencyWarnings(suggestion, "URGENT").at(0).code, "URGENCY_BELOW_SUGGESTION");
  EXPECT_THAT(UrgencyWarnings(suggestion, "EMERGENCY"), IsEmpty());
  EXPECT_THAT(UrgencyWarnings(SuggestUrgency(About("NO_CONTRACT"), {}), "URGENT"), IsEmpty());
}

TEST(MemberFactsTest, CountsWhoIsUnderEighteenToday) {
  const std::vector<std::pair<std::string, uint32_t>> cases = {
      {"2008-11-23", 1}, {"2008-11-22", 0}, {"2008-11", 0}, {"2009", 1}, {"1990", 0}, {"", 0}};
  for (const auto& [born, minors] : cases) {
    GroupMember member;
    member.complainant.birth_date = born;
    EXPECT_EQ(FactsOf({member}, kSampleToday).minors, minors) << born;
  }
  GroupMember banded;
  banded.complainant.age_band = "15_17";
  EXPECT_EQ(FactsOf({banded}, kSampleToday).minors, 1u);
}

TEST(MemberFactsTest, CountsPermitsThatEndWithinSevenDaysAndLeavesOutWhoWithdrew) {
  const std::vector<std::pair<std::string, uint32_t>> cases = {
      {"2026-11-21", 0}, {"2026-11-22", 1}, {"2026-11-29", 1}, {"2026-11-30", 0}, {"", 0}};
  for (const auto& [expires, soon] : cases) {
    GroupMember member;
    member.complainant.migration_status_expires_on = expires;
    EXPECT_EQ(FactsOf({member}, kSampleToday).permit_expires_soon, soon) << expires;
    member.withdrawn = true;
    EXPECT_EQ(FactsOf({member}, kSampleToday), MemberFacts()) << expires;
  }
}

TEST(ForcedLabourTest, EachIndicatorHasFactsThatPointToIt) {
  Complaint complaint = About("CONFINEMENT");
  for (const char* code : {"CONTRACT_SUBSTITUTION", "PHYSICAL_VIOLENCE", "RETALIATION",
                           "DOCUMENT_RETENTION", "WAGE_NONPAYMENT", "OVERCHARGED_FEES",
                           "HOUSING_CONDITIONS", "EXCESSIVE_HOURS_NO_REST", "CHILD_LABOUR"}) {
    complaint.secondary_categories.push_back({code, "", ""});
  }
  complaint.circumstances = {"ISOLATED"};
  const std::vector<std::string> found = Indicators(complaint);
  const std::vector<std::string> all(kForcedLabourIndicators.codes().begin(),
                                     kForcedLabourIndicators.codes().end());
  EXPECT_EQ(found, all);
}

TEST(ForcedLabourTest, AnUnderpaymentAloneIsNoIndicator) {
  EXPECT_THAT(Indicators(About("WAGE_UNDERPAYMENT")), IsEmpty());
}

TEST(ForcedLabourTest, IrregularStatusCountsOnlyBesideAnotherIndicator) {
  MemberFacts members;
  members.irregular = 5;
  EXPECT_THAT(Indicators(About("WAGE_UNDERPAYMENT"), members), IsEmpty());
  EXPECT_THAT(Indicators(About("CONFINEMENT"), members),
              ElementsAre("ABUSE_OF_VULNERABILITY", "RESTRICTION_OF_MOVEMENT"));
}

TEST(ForcedLabourTest, PapersHeldByTheEmployerPointToRetention) {
  MemberFacts members;
  members.papers_with_employer = 2;
  const auto found = SuggestIndicators(About("WAGE_UNDERPAYMENT"), members);
  ASSERT_EQ(found.size(), 1u);
  EXPECT_EQ(found[0].indicator, "RETENTION_OF_IDENTITY_DOCUMENTS");
  EXPECT_EQ(found[0].reasons[0].member_count, 2u);
  EXPECT_EQ(IndicatorWarnings(found, {}).at(0).code, "INDICATORS_NOT_CONFIRMED");
  EXPECT_THAT(IndicatorWarnings(found, {"RETENTION_OF_IDENTITY_DOCUMENTS"}), IsEmpty());
}

}  // namespace
}  // namespace redress::intake
