#include "services/intake/storage/keys.h"

#include "gtest/gtest.h"
#include "services/platform/kv/key_codec.h"

namespace redress::intake {
namespace {

const CaseNumber kNumber("KH", 26, 417);

std::string Hex(std::string_view bytes) {
  std::string text;
  for (unsigned char byte : bytes) {
    constexpr char kDigits[] = "0123456789abcdef";
    text += kDigits[byte >> 4];
    text += kDigits[byte & 15];
  }
  return text;
}

TEST(IntakeKeysTest, KeysLieOnDiskAsTheyDidInVersion1) {
  const std::string number = Hex(kNumber.ToString()) + "0001";
  EXPECT_EQ(Hex(keys::OfCase(keys::kCaseTable, kNumber)), "10" + number);
  EXPECT_EQ(Hex(keys::OfCase(keys::kMemberTable, kNumber, 7)), "15" + number + "0000000000000007");
  EXPECT_EQ(Hex(keys::Narrative(kNumber, keys::kSensitiveNarrative, 3)),
            "13" + number + "02" + "0000000000000003");
  EXPECT_EQ(Hex(keys::Disclosure(ReferralId(kNumber, 2))), "1b" + number + "0000000000000002");
  EXPECT_EQ(Hex(keys::SimilarPrefix(0x0102030405060708)), "1e0102030405060708");
}

TEST(IntakeKeysTest, TheCasesOfAYearStandInTheOrderOfTheirSerials) {
  const std::string year = keys::CasesOfYear("KH", 26);
  const std::string first = keys::OfCase(keys::kCaseTable, CaseNumber("KH", 26, 9));
  const std::string later = keys::OfCase(keys::kCaseTable, CaseNumber("KH", 26, 10));
  EXPECT_TRUE(first.starts_with(year));
  EXPECT_LT(first, later);
  EXPECT_FALSE(keys::OfCase(keys::kCaseTable, CaseNumber("KH", 27, 9)).starts_with(year));
}

TEST(IntakeKeysTest, AListHoldsTheLatestFirst) {
  const ListScope scope{ListScope::Kind::kBody, "kh:lscw", {}};
  const std::string old = keys::List(scope, absl::FromUnixSeconds(100), kNumber);
  const std::string late = keys::List(scope, absl::FromUnixSeconds(200), kNumber);
  EXPECT_LT(late, old);
  EXPECT_TRUE(old.starts_with(keys::ListPrefix(scope)));
  const ListScope longer{ListScope::Kind::kBody, "kh:lscw-2", {}};
  EXPECT_FALSE(
      keys::List(longer, absl::FromUnixSeconds(1), kNumber).starts_with(keys::ListPrefix(scope)));
}

TEST(IntakeKeysTest, WhatAKeySaysIsReadBack) {
  EXPECT_EQ(*keys::RowNumber(keys::kMoneyTable, keys::OfCase(keys::kMoneyTable, kNumber, 42)), 42u);
  EXPECT_EQ(*keys::CaseOfSimilar(keys::Similar(7, kNumber)), kNumber);
}

TEST(IntakeKeysTest, OtherKeysAreNotTakenForTheirs) {
  const std::string member = keys::OfCase(keys::kMemberTable, kNumber, 1);
  EXPECT_EQ(keys::RowNumber(keys::kMoneyTable, member).status().code(),
            absl::StatusCode::kDataLoss);
  EXPECT_EQ(
      keys::RowNumber(keys::kMemberTable, member.substr(0, member.size() - 1)).status().code(),
      absl::StatusCode::kDataLoss);
  EXPECT_EQ(keys::RowNumber(keys::kMemberTable, member + "x").status().code(),
            absl::StatusCode::kDataLoss);
  EXPECT_EQ(keys::CaseOfSimilar(
                kv::KeyWriter(keys::kSimilarTable).U64(1).String("KH-26-0000417-0").Take())
                .status()
                .code(),
            absl::StatusCode::kDataLoss);
}

}  // namespace
}  // namespace redress::intake
