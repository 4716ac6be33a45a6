#include "services/intake/domain/similar.h"

#include <string>
#include <vector>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "services/intake/domain/testing/sample_filing.h"

namespace redress::intake {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

SimilarityFacts FactsOf(const ComplaintFiling& filing) {
  return SimilarityFactsOf(filing.complaint, filing.members);
}

TEST(SimilarTest, TheSameWorkerFilingTwiceIsSeen) {
  ComplaintFiling first = SampleFiling(1);
  first.members[0].complainant.birth_date = "1994-05-02";
  ComplaintFiling second = first;
  second.complaint.own_reference = "another desk";
  second.members[0].complainant.name = "DARA 1  Sok";
  const Similarity similarity = Compare(FactsOf(first), FactsOf(second));
  EXPECT_TRUE(similarity.same_worker);
  EXPECT_GE(similarity.score, kLookFirst);
  EXPECT_THAT(similarity.agreeing,
              ElementsAre("NAME", "BIRTH_DATE", "DOCUMENT_NUMBER", "CONTACT", "RESPONDENT",
                          "LICENCE_NUMBER", "CORRIDOR", "CATEGORY", "INCIDENT_PERIOD"));
}

TEST(SimilarTest, AnotherWorkerOfTheSameFactoryIsAlikeButNotTheSame) {
  ComplaintFiling other = SampleFiling(1);
  other.complaint.own_reference = "";
  Complainant& person = other.members[0].complainant;
  person.name = "Chan Thou";
  person.identity_documents.clear();
  person.safe_contact.reset();
  const Similarity similarity = Compare(FactsOf(SampleFiling(1)), FactsOf(other));
  EXPECT_FALSE(similarity.same_worker);
  EXPECT_LT(similarity.score, kLookFirst);
  EXPECT_THAT(similarity.agreeing, ElementsAre("RESPONDENT", "LICENCE_NUMBER", "CORRIDOR",
                                               "CATEGORY", "INCIDENT_PERIOD"));
}

TEST(SimilarTest, ANameAloneIsNotTheSameWorker) {
  SimilarityFacts a;
  a.names = {"dara sok"};
  EXPECT_FALSE(Compare(a, a).same_worker);
  a.contacts = {"60110000"};
  EXPECT_TRUE(Compare(a, a).same_worker);
}

TEST(SimilarTest, NothingKnownIsNothingAlike) {
  EXPECT_EQ(Compare({}, {}), Similarity());
  EXPECT_THAT(CandidateKeys({}), IsEmpty());
}

TEST(SimilarTest, PeriodsAgreeWhenTheyOverlap) {
  SimilarityFacts a;
  SimilarityFacts b;
  const auto overlap = [&](Period first, Period second) {
    a.incident = std::move(first);
    b.incident = std::move(second);
    return Compare(a, b).score > 0 && Compare(b, a).score > 0;
  };
  EXPECT_TRUE(overlap({"2024", "2025"}, {"2025-12", ""}));
  EXPECT_TRUE(overlap({"2024", ""}, {"2026", ""}));
  EXPECT_FALSE(overlap({"2024", "2025-01"}, {"2025-02", ""}));
  EXPECT_FALSE(overlap({"", ""}, {"2025", ""}));
}

TEST(SimilarTest, NumbersAreComparedAsPeopleMeanThem) {
  EXPECT_EQ(NormaliseNumber("n 123-456"), "N123456");
}

TEST(SimilarTest, CandidateKeysNameWhatTheyAreOf) {
  SimilarityFacts facts;
  facts.names = {"dara sok"};
  facts.licence_numbers = {"L17"};
  facts.own_reference = "MRC 114";
  EXPECT_THAT(CandidateKeys(facts),
              ElementsAre("name:dara sok", "licence:L17", "reference:MRC 114"));
}

}  // namespace
}  // namespace redress::intake
