#include "tools/sample/complaint_writer.h"

#include <algorithm>
#include <cmath>
#include <functional>
#include <map>
#include <optional>
#include <sstream>
#include <string>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "services/platform/codes/case_codes.h"
#include "services/platform/codes/iso_codes.h"
#include "tools/sample/sample_stream.h"

namespace redress::sample {
namespace {

using Json = nlohmann::ordered_json;

constexpr uint64_t kMany = 20'000;

ComplaintWriter WriterOf(std::string node, uint64_t seed = 1, uint32_t max_members = kMaxMembers) {
  SampleSettings settings;
  settings.node = std::move(node);
  settings.seed = seed;
  settings.max_members = max_members;
  return *ComplaintWriter::Make(std::move(settings));
}

// Every object in `json` that looks like an amount.
void ForEachMoney(const Json& json, const std::function<void(const Json&)>& visit) {
  if (json.is_object() && json.contains("currencyCode")) visit(json);
  for (const Json& inner : json) {
    if (inner.is_structured()) ForEachMoney(inner, visit);
  }
}

int DecimalsOf(const std::string& amount) {
  const size_t point = amount.find('.');
  return point == std::string::npos ? 0 : static_cast<int>(amount.size() - point - 1);
}

// The share of `part` in `whole` lies within four standard deviations of what is expected.
void ExpectShare(uint64_t part, uint64_t whole, double expected, std::string_view what) {
  const double tolerance = 4 * std::sqrt(expected * (1 - expected) / static_cast<double>(whole));
  EXPECT_NEAR(static_cast<double>(part) / static_cast<double>(whole), expected, tolerance) << what;
}

TEST(ComplaintWriterTest, TheSameSeedGivesTheSameLines) {
  const ComplaintWriter one = WriterOf("kh", 7);
  const ComplaintWriter again = WriterOf("kh", 7);
  const ComplaintWriter other = WriterOf("kh", 8);
  for (uint64_t index : {0, 1, 2, 999, 1'999'999}) {
    EXPECT_EQ(one.Line(index), again.Line(index));
    EXPECT_NE(one.Line(index), other.Line(index));
    EXPECT_NE(one.Line(index), one.Line(index + 1));
  }
}

TEST(ComplaintWriterTest, ALongSampleBeginsWithTheShorterOne) {
  const ComplaintWriter writer = WriterOf("my", 3);
  std::ostringstream five, head, tail, progress;
  ASSERT_TRUE(WriteSample(writer, 0, 5, five, progress).ok());
  ASSERT_TRUE(WriteSample(writer, 0, 2, head, progress).ok());
  ASSERT_TRUE(WriteSample(writer, 2, 3, tail, progress).ok());
  EXPECT_EQ(five.str(), head.str() + tail.str());
  EXPECT_EQ(std::ranges::count(five.str(), '\n'), 5);
  EXPECT_EQ(progress.str(), "");
}

TEST(ComplaintWriterTest, AStreamThatTakesNoMoreIsAnErrorAndNotASilence) {
  std::ostringstream out, progress;
  out.setstate(std::ios::badbit);
  EXPECT_EQ(WriteSample(WriterOf("kh"), 0, 3, out, progress).code(), absl::StatusCode::kDataLoss);
}

TEST(ComplaintWriterTest, AnUnknownNodeIsRefusedWithTheKnownOnes) {
  SampleSettings settings;
  settings.node = "zz";
  const absl::StatusOr<ComplaintWriter> writer = ComplaintWriter::Make(settings);
  ASSERT_EQ(writer.status().code(), absl::StatusCode::kInvalidArgument);
  EXPECT_THAT(std::string(writer.status().message()), testing::HasSubstr("kh, my, vn"));
}

TEST(ComplaintWriterTest, MembersOverTheLimitAreCountedAndNotListed) {
  const ComplaintWriter all = WriterOf("kh");
  const ComplaintWriter few = WriterOf("kh", 1, 3);
  int cut = 0;
  for (uint64_t i = 0; i < 300; ++i) {
    const Json whole = all.Filing(i);
    const Json part = few.Filing(i);
    ASSERT_EQ(part["members"].size(), std::min<size_t>(3, whole["members"].size()));
    EXPECT_EQ(part["members"][0], whole["members"][0]);
    if (whole["members"].size() > 3) {
      EXPECT_EQ(part["complaint"]["affectedPeople"], whole["members"].size());
      ++cut;
    }
  }
  EXPECT_GT(cut, 30);
}

TEST(ComplaintWriterTest, CategoriesAtAMalaysianDeskComeAsPublished) {
  const ComplaintWriter writer = WriterOf("my", 5, 1);
  std::map<std::string, uint64_t> seen;
  for (uint64_t i = 0; i < kMany; ++i) {
    const Json category = writer.Filing(i)["complaint"]["primaryCategory"];
    ASSERT_TRUE(kCategories.Contains(category["code"].get<std::string>()));
    ++seen[category.value("sourceCategoryCode", category["code"].get<std::string>())];
  }
  for (const Share& share : ProportionsOf("my")->categories.published) {
    ExpectShare(seen[std::string(share.value)], kMany, share.weight / 34156.0, share.value);
  }
}

TEST(ComplaintWriterTest, CambodianCasesComeAsPublishedInCategoryCorridorAndSize) {
  const ComplaintWriter writer = WriterOf("kh", 5, 1);
  uint64_t delayed = 0, to_thailand = 0, abroad = 0, people = 0;
  for (uint64_t i = 0; i < kMany; ++i) {
    const Json complaint = writer.Filing(i)["complaint"];
    delayed += complaint["primaryCategory"]["code"] == "DEPLOYMENT_DELAY";
    to_thailand += complaint["corridor"]["destination"] == "TH";
    abroad += complaint["corridor"]["destination"] != complaint["corridor"]["origin"];
    people += complaint.value("affectedPeople", 1u);
  }
  ExpectShare(delayed, kMany, 0.61, "delay");
  // Cases among locals are drawn again for most categories, so Thailand's share is of the others.
  ExpectShare(to_thailand, abroad, 56.0 / 98, "Thailand");
  // 7,643 workers in 1,014 cases are 7.54; some categories are never complained of in groups.
  EXPECT_NEAR(static_cast<double>(people) / kMany, 7643.0 / 1014, 0.6);
}

TEST(ComplaintWriterTest, IndonesianCasesComeAsPublishedByDestinationAndByLetter) {
  const ComplaintWriter writer = WriterOf("id", 5, 1);
  std::map<std::string, uint64_t> to;
  uint64_t by_letter = 0;
  for (uint64_t i = 0; i < kMany; ++i) {
    const Json complaint = writer.Filing(i)["complaint"];
    ++to[complaint["corridor"]["destination"].get<std::string>()];
    by_letter += complaint["channel"] == "LETTER";
  }
  ExpectShare(to["SA"], kMany, 261 / 898.0, "SA");
  ExpectShare(to["MY"], kMany, 137 / 898.0, "MY");
  ExpectShare(to["HK"], kMany, 117 / 898.0, "HK");
  ExpectShare(by_letter, kMany, 647 / 1702.0, "letters");
}

TEST(ComplaintWriterTest, AmountsHaveTheirCurrencysDecimalsAndClaimsAreAboveZero) {
  absl::StatusOr<IsoCodes> codes = IsoCodes::Load();
  ASSERT_TRUE(codes.ok()) << codes.status();
  std::map<int, int> seen;
  for (std::string_view node : KnownNodes()) {
    const ComplaintWriter writer = WriterOf(std::string(node), 2, 5);
    for (uint64_t i = 0; i < 300; ++i) {
      const Json filing = writer.Filing(i);
      ForEachMoney(filing, [&](const Json& money) {
        const std::string currency = money["currencyCode"];
        const std::string amount = money["amount"];
        const std::optional<int> decimals = codes->CurrencyDecimals(currency);
        ASSERT_TRUE(decimals.has_value()) << currency;
        EXPECT_EQ(DecimalsOf(amount), *decimals) << currency << " " << amount;
        EXPECT_NE(amount[0], '-');
        ++seen[*decimals];
      });
      for (const Json& member : filing["members"]) {
        for (const Json& line : member.value("claimLines", Json::array())) {
          const std::string claimed = line["claimed"]["amount"];
          EXPECT_NE(claimed.find_first_of("123456789"), std::string::npos) << line.dump();
        }
      }
    }
  }
  EXPECT_GT(seen[0], 100);
  EXPECT_GT(seen[2], 1000);
  EXPECT_GT(seen[3], 100);
}

TEST(ComplaintWriterTest, LinesAreJsonThatFitsOneFilingAndKeepsTheRulesOfScope) {
  for (std::string_view node : KnownNodes()) {
    const ComplaintWriter writer = WriterOf(std::string(node), 4);
    for (uint64_t i = 0; i < 60; ++i) {
      const std::string line = writer.Line(i);
      EXPECT_EQ(line.find('\n'), std::string::npos);
      EXPECT_LE(line.size(), 512u * 1024);
      const Json filing = Json::parse(line, nullptr, false);
      ASSERT_FALSE(filing.is_discarded());
      const bool group = filing["complaint"]["scope"] == "GROUP";
      EXPECT_EQ(group, filing["members"].size() > 1);
      EXPECT_FALSE(filing["complaint"]["respondents"].empty());
    }
  }
}

}  // namespace
}  // namespace redress::sample
