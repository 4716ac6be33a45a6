#include "services/platform/ids/case_number.h"

#include <string>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "services/platform/status/field_violations.h"

namespace redress {
namespace {

using ::testing::HasSubstr;
using ::testing::StartsWith;

TEST(Mod3736Test, MatchesThePublishedExampleOfIso7064) {
  // ISO/IEC 7064, hybrid system MOD 37,36: "A12425GABC1234002" has the check character M.
  EXPECT_EQ(Mod3736CheckCharacter("A12425GABC1234002"), 'M');
}

TEST(CaseNumberTest, PrintsAndParsesBack) {
  const CaseNumber number("KH", 26, 417);
  const auto parsed = CaseNumber::Parse(number.ToString(), "case_number");
  ASSERT_TRUE(parsed.ok()) << parsed.status();
  EXPECT_EQ(*parsed, number);
  EXPECT_THAT(number.ToString(), HasSubstr("KH-26-0000417-"));
  EXPECT_EQ(number.home_node(), "kh");
}

TEST(CaseNumberTest, EveryPartHasItsWidthSoThatTheyStandInTheirOrder) {
  EXPECT_THAT(CaseNumber("KH", 5, 1).ToString(), StartsWith("KH-05-0000001-"));
  EXPECT_THAT(CaseNumber("ZZ", 99, CaseNumber::kMaxSerial).ToString(),
              StartsWith("ZZ-99-9999999-"));
}

TEST(CaseNumberTest, IsReadAsPeopleTypeIt) {
  const CaseNumber number("KH", 26, 417);
  std::string typed = "  " + number.ToString() + " ";
  for (char& c : typed) c = static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
  EXPECT_EQ(*CaseNumber::Parse(typed, "case_number"), number);
}

TEST(CaseNumberTest, AWrongCheckCharacterIsRefusedInItsOwnWords) {
  std::string text = CaseNumber("KH", 26, 417).ToString();
  text.back() = text.back() == 'A' ? 'B' : 'A';
  const absl::Status status = CaseNumber::Parse(text, "case_number").status();
  ASSERT_EQ(GetFieldViolations(status).size(), 1u);
  EXPECT_THAT(GetFieldViolations(status)[0].problem, HasSubstr("check character"));
}

TEST(CaseNumberTest, EverySwapOfNeighboursIsNoticed) {
  const std::string good = CaseNumber("KH", 26, 1234567).ToString();
  for (size_t i = 6; i + 1 < 13; ++i) {
    std::string swapped = good;
    std::swap(swapped[i], swapped[i + 1]);
    EXPECT_FALSE(CaseNumber::Parse(swapped, "case_number").ok()) << swapped;
  }
}

TEST(CaseNumberTest, WhatIsNoCaseNumberIsRefused) {
  for (const char* text : {"", "KH", "KH-26-417-X", "K1-26-0000417-X", "KH-2A-0000417-X",
                           "KH-26-0000417X-", "KH-26-0000417-XX", "KH-26-0000000-0"}) {
    EXPECT_FALSE(CaseNumber::Parse(text, "case_number").ok()) << text;
  }
}

TEST(ReferralIdTest, PrintsAndParsesBack) {
  const ReferralId id(CaseNumber("KH", 26, 417), 12);
  const auto parsed = ReferralId::Parse(id.ToString(), "referral_id");
  ASSERT_TRUE(parsed.ok()) << parsed.status();
  EXPECT_EQ(*parsed, id);
}

TEST(ReferralIdTest, WhatIsNoReferralIsRefused) {
  const std::string number = CaseNumber("KH", 26, 417).ToString();
  for (const std::string tail : {"", "/", "/R", "/R0", "/R01", "/1", "/R12345", "/R1x"}) {
    EXPECT_FALSE(ReferralId::Parse(number + tail, "referral_id").ok()) << tail;
  }
}

}  // namespace
}  // namespace redress
