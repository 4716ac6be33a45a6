#include "services/platform/money/money.h"

#include <rapidcheck.h>

#include <cstdlib>
#include <limits>
#include <string>

#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace redress {
namespace {

using ::testing::HasSubstr;

const IsoCodes& Codes() {
  static const IsoCodes* const codes = new IsoCodes(IsoCodes::Load().value());
  return *codes;
}

std::string ProblemOf(std::string_view text, int decimals) {
  const auto parsed = ParseMinorUnits(text, decimals);
  EXPECT_EQ(parsed.status().code(), absl::StatusCode::kInvalidArgument) << text;
  return std::string(parsed.status().message());
}

TEST(MoneyTest, ReadsExactlyWhatIsWritten) {
  EXPECT_EQ(*ParseMinorUnits("504000.00", 2), 50'400'000);
  EXPECT_EQ(*ParseMinorUnits("504000", 2), 50'400'000);
  EXPECT_EQ(*ParseMinorUnits("504000.5", 2), 50'400'050);
  EXPECT_EQ(*ParseMinorUnits("0.07", 2), 7);
  EXPECT_EQ(*ParseMinorUnits("007.10", 2), 710);
  EXPECT_EQ(*ParseMinorUnits("0", 0), 0);
  EXPECT_EQ(*ParseMinorUnits("1.234", 3), 1'234);
  EXPECT_EQ(*ParseMinorUnits("92233720368547758.07", 2), std::numeric_limits<int64_t>::max());
}

TEST(MoneyTest, SaysWhatIsWrong) {
  EXPECT_THAT(ProblemOf("", 2), HasSubstr("required"));
  EXPECT_THAT(ProblemOf("-5", 2), HasSubstr("negative"));
  EXPECT_THAT(ProblemOf("1.234", 2), HasSubstr("has 3 decimals; the currency has 2"));
  EXPECT_THAT(ProblemOf("5.0", 0), HasSubstr("has 1 decimals; the currency has 0"));
  EXPECT_THAT(ProblemOf("92233720368547758.08", 2), HasSubstr("above 92233720368547758.07"));
  EXPECT_THAT(ProblemOf("99999999999999999999999", 0), HasSubstr("above"));
  EXPECT_THAT(ProblemOf("1.2.3", 2), HasSubstr("more than one decimal point"));
  for (const char* text : {"1,000", "+1", "1e3", " 1", "1 ", "RM5", "0x1f", "NaN", "１"}) {
    EXPECT_THAT(ProblemOf(text, 2), HasSubstr("decimal number")) << text;
  }
  for (const char* text : {".5", "5.", "."}) {
    EXPECT_THAT(ProblemOf(text, 2), HasSubstr("digit before and after")) << text;
  }
}

TEST(MoneyTest, TheCurrencyDecidesTheDecimals) {
  EXPECT_EQ(ParseMoney("MYR", "450", Codes())->minor_units, 45'000);
  EXPECT_EQ(ParseMoney("VND", "450", Codes())->minor_units, 450);
  EXPECT_EQ(ParseMoney("KWD", "450", Codes())->minor_units, 450'000);
  EXPECT_FALSE(ParseMoney("VND", "450.5", Codes()).ok());
  EXPECT_FALSE(ParseMoney("RM", "450", Codes()).ok());
  EXPECT_EQ(FormatMoney({"MYR", 50'400'000}, Codes()), "MYR 504000.00");
  EXPECT_EQ(FormatMoney({"JPY", 5}, Codes()), "JPY 5");
  EXPECT_EQ(FormatAmount({"OMR", -5}, Codes()), "-0.005");
}

TEST(MoneyTest, TheSmallestNumberIsPrintedWhole) {
  EXPECT_EQ(FormatMinorUnits(std::numeric_limits<int64_t>::min(), 2), "-92233720368547758.08");
}

TEST(MoneyTest, TwoCurrenciesAreNeverAdded) {
  EXPECT_EQ(Add({"MYR", 1}, {"KHR", 1}).status().code(), absl::StatusCode::kFailedPrecondition);
  EXPECT_EQ(Subtract({"MYR", 1}, {"KHR", 1}).status().code(),
            absl::StatusCode::kFailedPrecondition);
  EXPECT_EQ(*Subtract({"MYR", 1}, {"MYR", 3}), (MoneyAmount{"MYR", -2}));
}

TEST(MoneyTest, ASumThatDoesNotFitIsRefused) {
  const int64_t max = std::numeric_limits<int64_t>::max();
  EXPECT_EQ(Add({"MYR", max}, {"MYR", 1}).status().code(), absl::StatusCode::kOutOfRange);
  EXPECT_EQ(Subtract({"MYR", -max}, {"MYR", 2}).status().code(), absl::StatusCode::kOutOfRange);
}

TEST(MoneyTest, WhatIsPrintedReadsBackTheSame) {
  EXPECT_TRUE(rc::check([](uint64_t any) {
    const int64_t units = static_cast<int64_t>(any >> 1);
    const int decimals = *rc::gen::inRange(0, 5);
    RC_ASSERT(ParseMinorUnits(FormatMinorUnits(units, decimals), decimals).value() == units);
  }));
}

}  // namespace
}  // namespace redress
