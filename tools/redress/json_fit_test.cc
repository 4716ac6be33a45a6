#include "tools/redress/json_fit.h"

#include <string>

#include "gmock/gmock.h"
#include "google/protobuf/util/json_util.h"
#include "gtest/gtest.h"
#include "redress/intake/v1/filing_requests.pb.h"
#include "redress/referral/v1/fact_details.pb.h"

namespace redress::cli {
namespace {

using redress::intake::v1::ComplaintFiling;
using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::Not;
using ::testing::StartsWith;

std::string Explain(const std::string& text) {
  ComplaintFiling filing;
  EXPECT_FALSE(google::protobuf::util::JsonStringToMessage(text, &filing).ok()) << text;
  return ExplainMisfit(text, *ComplaintFiling::descriptor());
}

TEST(JsonFitTest, AMistypedFieldIsFoundByLineAndColumnAndTheRightOneNamed) {
  EXPECT_EQ(Explain("{\n  \"complaint\": {\n    \"secter\": \"CARE\"\n  }\n}"),
            "line 3, column 5: complaint: no such field; did you mean \"sector\"?");
}

TEST(JsonFitTest, AFieldThatIsNothingLikeOneIsAnsweredWithThoseThatThereAre) {
  EXPECT_THAT(Explain("{\"Sok Dara, 012 345 678\": 1}"),
              AllOf(HasSubstr("complaint, members"), Not(HasSubstr("Sok"))));
}

TEST(JsonFitTest, AValueOfTheWrongKindIsAnsweredWithTheKindThatFits) {
  EXPECT_EQ(Explain("{\"members\": \"Sok Dara\"}"),
            "line 1, column 13: members: a list in [ ] is expected");
  EXPECT_EQ(Explain("{\"members\": [{}, {\"complainant\": \"Sok Dara\"}]}"),
            "line 1, column 34: members[1].complainant: { is expected");
  EXPECT_EQ(Explain("{\"complaint\": {\"narrative\": {\"text\": \"beaten\"}}}"),
            "line 1, column 29: complaint.narrative: text in double quotes is expected");
}

TEST(JsonFitTest, ACodeOfTheApiIsAnsweredWithThoseThatThereAre) {
  EXPECT_THAT(Explain("{\"consents\": [{\"groups\": [\"Sok Dara\"]}]}"),
              AllOf(StartsWith("line 1, column 27: consents[0].groups[0]: one of \"FIELD_GROUP_"),
                    Not(HasSubstr("Sok"))));
}

TEST(JsonFitTest, BrokenJsonIsFoundWhereItBreaks) {
  EXPECT_EQ(Explain("{\"complaint\": {\"narrative\": \"beaten\" \"twice\"}}"),
            "line 1, column 38: complaint: a comma or } is expected");
  EXPECT_EQ(Explain("{\"complaint\": {\"narrative\": \"beaten"),
            "line 1, column 36: complaint.narrative: the closing \" is expected, and the text ends "
            "here");
  EXPECT_EQ(Explain("{} {}"), "line 1, column 4: nothing more is expected after the last }");
  EXPECT_EQ(Explain("name: Sok Dara"), "line 1, column 1: { is expected");
}

TEST(JsonFitTest, ColumnsCountCharactersAsEditorsDo) {
  EXPECT_THAT(Explain("{\"complaint\": {\"narrative\": \"ថៅកែ\", \"kind\": 7.5}}"),
              StartsWith("line 1, column 45: "));
}

TEST(JsonFitTest, AnotherEncodingIsNamedAsSuch) {
  EXPECT_THAT(Explain("{\"complaint\": {\"narrative\": \"\xff\xfe\"}}"), HasSubstr("UTF-8"));
}

TEST(JsonFitTest, TimesAndNumbersHaveAForm) {
  using redress::referral::v1::StepDetails;
  EXPECT_THAT(
      ExplainMisfit("{\"heldAt\": \"yesterday\"}", *StepDetails::descriptor()),
      AllOf(StartsWith("line 1, column 12: heldAt: a time such as"), Not(HasSubstr("yesterday"))));
  EXPECT_EQ(ExplainMisfit("{\"announced\": \"yes\"}", *StepDetails::descriptor()),
            "line 1, column 15: announced: true or false is expected");
}

TEST(JsonFitTest, WhatFitsIsLeftAlone) {
  EXPECT_EQ(ExplainMisfit("{\"complaint\": {\"kind\": \"COMPLAINT\"}, \"members\": [{}], "
                          "\"consents\": null}",
                          *ComplaintFiling::descriptor()),
            "");
}

}  // namespace
}  // namespace redress::cli
