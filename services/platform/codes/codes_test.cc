#include <filesystem>
#include <fstream>
#include <string>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "services/platform/codes/code_list.h"
#include "services/platform/codes/field_checks.h"
#include "services/platform/codes/iso_codes.h"
#include "services/platform/codes/normal_name.h"
#include "services/platform/codes/utf8.h"

namespace redress {
namespace {

const IsoCodes& Codes() {
  static const IsoCodes* const codes = new IsoCodes(IsoCodes::Load().value());
  return *codes;
}

TEST(IsoCodesTest, CountriesAndTerritoriesAreKnownByAlpha2InUpperCase) {
  for (const char* code : {"KH", "MY", "VN", "TH", "LA", "MM", "HK", "TW", "MO"}) {
    EXPECT_TRUE(Codes().HasCountry(code)) << code;
  }
  for (const char* code : {"kh", "KHM", "XX", "", "K", "ZZ"}) {
    EXPECT_FALSE(Codes().HasCountry(code)) << code;
  }
  EXPECT_EQ(Codes().CountryName("VN"), "Vietnam");
  EXPECT_EQ(Codes().CountryName("QQ"), "");
}

TEST(IsoCodesTest, ProvincesAreKnownByIso3166Part2) {
  EXPECT_TRUE(Codes().HasSubdivision("KH-2"));
  EXPECT_FALSE(Codes().HasSubdivision("KH-99"));
  EXPECT_FALSE(Codes().SubdivisionName("KH-2").empty());
}

TEST(IsoCodesTest, LanguagesAreKnownByTwoLettersAndByThree) {
  for (const char* code : {"km", "ms", "vi", "th", "my", "khm", "ahk"}) {
    EXPECT_TRUE(Codes().HasLanguage(code)) << code;
  }
  for (const char* code : {"KM", "xx", "", "khmer"}) {
    EXPECT_FALSE(Codes().HasLanguage(code)) << code;
  }
  EXPECT_EQ(Codes().LanguageName("ms"), "Malay (macrolanguage)");
}

TEST(IsoCodesTest, DecimalsAreThoseOfIso4217AndNotOfEverydayPrices) {
  const std::pair<const char*, int> cases[] = {
      {"MYR", 2}, {"USD", 2}, {"THB", 2}, {"VND", 0}, {"JPY", 0}, {"KRW", 0}, {"KWD", 3},
      {"BHD", 3}, {"OMR", 3}, {"JOD", 3}, {"MMK", 2}, {"LAK", 2}, {"IQD", 3}, {"CLF", 4}};
  for (const auto& [code, decimals] : cases) {
    EXPECT_EQ(Codes().CurrencyDecimals(code), decimals) << code;
  }
  EXPECT_EQ(Codes().CurrencyDecimals("RM"), std::nullopt);
  EXPECT_EQ(Codes().CurrencyName("MYR"), "Malaysian Ringgit");
}

TEST(IsoCodesTest, WhatHasNoMinorUnitIsNoCurrency) {
  for (const char* code : {"XAU", "XXX", "XTS", "XDR", "myr", ""}) {
    EXPECT_FALSE(Codes().HasCurrency(code)) << code;
  }
}

TEST(IsoCodesTest, AnAbsentPackageIsNamed) {
  const auto codes = IsoCodes::Load(testing::TempDir() + "/no-such-directory");
  EXPECT_EQ(codes.status().code(), absl::StatusCode::kNotFound);
  EXPECT_THAT(std::string(codes.status().message()), testing::HasSubstr("iso-codes"));
}

TEST(IsoCodesTest, ADamagedListIsRefused) {
  const std::string directory = testing::TempDir() + "/damaged-iso-codes";
  std::filesystem::create_directories(directory);
  std::ofstream(directory + "/iso_3166-1.json") << "{\"3166-1\": [{\"alpha_2\":";
  EXPECT_EQ(IsoCodes::Load(directory).status().code(), absl::StatusCode::kDataLoss);
  std::filesystem::remove_all(directory);
}

inline constexpr std::string_view kShortCodes[] = {"ONE", "TWO_THREE"};
inline constexpr CodeList kShort(kShortCodes);

TEST(CodeListTest, HoldsItsCodesExactlyAndPrintsThem) {
  static_assert(kShort.Contains("TWO_THREE"));
  EXPECT_FALSE(kShort.Contains("one"));
  EXPECT_FALSE(kShort.Contains(""));
  EXPECT_EQ(kShort.Accepted(), "ONE, TWO_THREE");
}

TEST(CodeListTest, TheShapeOfACodeIsChecked) {
  for (const char* code : {"WORK_FROM_HOME", "A", "A1", "H1B_VISA"}) {
    EXPECT_TRUE(IsUpperSnake(code)) << code;
  }
  for (const char* code : {"", "_A", "A_", "A__B", "a", "1A", "A B", "É"}) {
    EXPECT_FALSE(IsUpperSnake(code)) << code;
  }
  EXPECT_TRUE(IsUpperSnake(std::string(64, 'A')));
  EXPECT_FALSE(IsUpperSnake(std::string(65, 'A')));
}

TEST(Utf8Test, WellFormedTextOfAnyScriptIsAccepted) {
  for (const char* text :
       {"", "plain", "ខ្មែរ", "Tiếng Việt", "မြန်မာ", "日本", "🇰🇭", "\xf4\x8f\xbf\xbf"}) {
    EXPECT_TRUE(IsValidUtf8(text)) << text;
  }
}

TEST(Utf8Test, IllFormedTextIsRefused) {
  for (const char* text :
       {"\x80", "\xc3", "\xc0\xaf", "\xc1\xbf", "\xe0\x80\xaf", "\xe1\x80", "\xed\xa0\x80",
        "\xf0\x80\x80\xaf", "\xf4\x90\x80\x80", "\xf5\x80\x80\x80", "\xff", "a\xe1\x9e"}) {
    EXPECT_FALSE(IsValidUtf8(text));
  }
}

TEST(Utf8Test, OnlyControlCharactersThatPeopleTypeAreLetThrough) {
  EXPECT_FALSE(HasControlCharacters("two\r\nlines\tand a tab"));
  EXPECT_TRUE(HasControlCharacters("\x1b[31m"));
  EXPECT_TRUE(HasControlCharacters(std::string_view("a\0b", 3)));
  EXPECT_TRUE(HasControlCharacters("\x7f"));
}

TEST(FieldChecksTest, TextIsBoundedUtf8WithoutControlCharactersAndIsNeverQuoted) {
  FieldViolations violations;
  CheckText("note", "ប្រាក់ឈ្នួល\n\tunpaid", 64, violations);
  EXPECT_TRUE(violations.empty());
  CheckText("note", "too long", 4, violations);
  CheckText("note", "\xff", 4, violations);
  CheckText("note", std::string_view("a\0", 2), 4, violations);
  ASSERT_EQ(violations.list().size(), 3u);
  EXPECT_EQ(violations.list()[0].problem, "has 8 bytes; at most 4");
}

TEST(FieldChecksTest, AnEmptyCodeIsNoFaultAndAnUnknownOneIsShownWithWhatIsAccepted) {
  FieldViolations violations;
  constexpr std::string_view kCodes[] = {"ONE", "TWO"};
  CheckCode("code", "", CodeList(kCodes), violations);
  CheckCode("code", "TWO", CodeList(kCodes), violations);
  EXPECT_TRUE(violations.empty());
  CheckCode("code", "two", CodeList(kCodes), violations);
  ASSERT_EQ(violations.list().size(), 1u);
  EXPECT_EQ(violations.list()[0].problem, "was \"two\"; accepted: ONE, TWO");
}

TEST(FieldChecksTest, APageSizeOutOfRangeIsAFaultAndNotCutToFit) {
  FieldViolations violations;
  EXPECT_EQ(ReadPageSize("page_size", 0, violations), kDefaultPageSize);
  EXPECT_EQ(ReadPageSize("page_size", 200, violations), 200u);
  EXPECT_TRUE(violations.empty());
  ReadPageSize("page_size", -1, violations);
  ReadPageSize("page_size", 201, violations);
  EXPECT_EQ(violations.list().size(), 2u);
}

TEST(NormalNameTest, NamesAreComparedAsPeopleMeanThem) {
  EXPECT_EQ(NormaliseName("KILANG Jaya SDN. BHD."), NormaliseName("jaya, kilang"));
  EXPECT_EQ(NormaliseName("Chan'thou"), "chanthou");
  EXPECT_EQ(NormaliseName("សុខ ដារា"), NormaliseName("ដារា សុខ"));
  EXPECT_EQ(NormaliseName(" .,- "), "");
}

}  // namespace
}  // namespace redress
