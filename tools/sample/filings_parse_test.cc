// Everything that is told as JSON must be a ComplaintFiling to the letter: a misspelt field would
// otherwise be found only when somebody imports it.

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <set>
#include <sstream>
#include <string>
#include <vector>

#include "google/protobuf/util/json_util.h"
#include "gtest/gtest.h"
#include "nlohmann/json.hpp"
#include "redress/intake/v1/complaint.pb.h"
#include "services/intake/domain/code_lists.h"
#include "services/platform/money/money.h"
#include "tools/sample/complaint_writer.h"

namespace redress::sample {
namespace {

using intake::v1::ComplaintFiling;

std::vector<std::filesystem::path> HandMade() {
  std::vector<std::filesystem::path> files;
  for (const auto& entry : std::filesystem::directory_iterator(REDRESS_TEST_DATA "/complaints")) {
    if (entry.path().extension() == ".json") files.push_back(entry.path());
  }
  std::ranges::sort(files);
  return files;
}

std::string Contents(const std::filesystem::path& path) {
  std::ifstream file(path, std::ios::binary);
  std::ostringstream text;
  text << file.rdbuf();
  return text.str();
}

TEST(FilingsParseTest, EveryHandMadeComplaintIsAFilingWithKnownCodes) {
  const std::vector<std::filesystem::path> files = HandMade();
  EXPECT_GE(files.size(), 40u);
  for (const std::filesystem::path& path : files) {
    SCOPED_TRACE(path.filename().string());
    ComplaintFiling filing;
    const auto status = google::protobuf::util::JsonStringToMessage(Contents(path), &filing);
    ASSERT_TRUE(status.ok()) << status.ToString();
    const intake::v1::Complaint& complaint = filing.complaint();
    EXPECT_TRUE(kSectors.Contains(complaint.sector())) << complaint.sector();
    EXPECT_TRUE(intake::kChannels.Contains(complaint.channel())) << complaint.channel();
    EXPECT_TRUE(kCategories.Contains(complaint.primary_category().code()));
    EXPECT_GE(complaint.respondents_size(), 1);
    ASSERT_GE(filing.members_size(), 1);
    EXPECT_TRUE(complaint.scope() == "GROUP" || filing.members_size() == 1);
  }
}

TEST(FilingsParseTest, TheHandMadeComplaintsAreVaried) {
  std::set<std::string> categories, corridors, sectors, currencies;
  for (const std::filesystem::path& path : HandMade()) {
    ComplaintFiling filing;
    ASSERT_TRUE(google::protobuf::util::JsonStringToMessage(Contents(path), &filing).ok());
    const intake::v1::Complaint& complaint = filing.complaint();
    categories.insert(complaint.primary_category().code());
    corridors.insert(complaint.corridor().origin() + complaint.corridor().destination());
    sectors.insert(complaint.sector());
    for (const intake::v1::GroupMember& member : filing.members()) {
      for (const intake::v1::ClaimLine& line : member.claim_lines()) {
        currencies.insert(line.claimed().currency_code());
      }
    }
  }
  EXPECT_EQ(categories.size(), kCategories.codes().size());
  EXPECT_GE(corridors.size(), 20u);
  EXPECT_GE(sectors.size(), 12u);
  EXPECT_GE(currencies.size(), 10u);
}

// What is claimed in all, in minor units; the file has one currency of two decimals only.
int64_t TotalClaimed(std::string_view file) {
  ComplaintFiling filing;
  const std::string text =
      Contents(std::string(REDRESS_TEST_DATA "/complaints/") + std::string(file));
  if (!google::protobuf::util::JsonStringToMessage(text, &filing).ok()) return -1;
  int64_t total = 0;
  for (const intake::v1::GroupMember& member : filing.members()) {
    for (const intake::v1::ClaimLine& line : member.claim_lines()) {
      total += ParseMinorUnits(line.claimed().amount(), 2).value_or(-1);
    }
  }
  return total;
}

TEST(FilingsParseTest, TheGroupsOfThePublishedTablesClaimThePublishedSums) {
  EXPECT_EQ(TotalClaimed("01-kh-my-factory-70-underpaid.json"), 504'000'00);
  EXPECT_EQ(TotalClaimed("03-mm-th-tak-39-below-minimum.json"), 1'500'000'00);
}

TEST(FilingsParseTest, OfTheBadLinesTheParserRefusesOnlyThoseThatItIsExpectedTo) {
  std::ifstream lines(REDRESS_TEST_DATA "/bad/import_bad_lines.jsonl", std::ios::binary);
  const nlohmann::json expected = nlohmann::json::parse(
      Contents(REDRESS_TEST_DATA "/bad/import_bad_lines.expected.json"), nullptr, false);
  ASSERT_EQ(expected.size(), 13u);
  std::string line;
  size_t count = 0;
  for (; std::getline(lines, line); ++count) {
    ASSERT_LT(count, expected.size());
    ComplaintFiling filing;
    const bool parsed = google::protobuf::util::JsonStringToMessage(line, &filing).ok();
    EXPECT_EQ(parsed, expected[count]["caughtBy"] == "rules") << expected[count].dump();
  }
  EXPECT_EQ(count, expected.size());
  for (const char* file : {"truncated.json", "unknown_field.json"}) {
    ComplaintFiling filing;
    const std::string text = Contents(std::string(REDRESS_TEST_DATA "/bad/") + file);
    EXPECT_FALSE(google::protobuf::util::JsonStringToMessage(text, &filing).ok()) << file;
  }
}

TEST(FilingsParseTest, EverySampleIsAFiling) {
  for (std::string_view node : KnownNodes()) {
    SampleSettings settings;
    settings.node = node;
    const ComplaintWriter writer = *ComplaintWriter::Make(settings);
    for (uint64_t i = 0; i < 200; ++i) {
      ComplaintFiling filing;
      const auto status = google::protobuf::util::JsonStringToMessage(writer.Line(i), &filing);
      ASSERT_TRUE(status.ok()) << node << " " << i << ": " << status.ToString();
    }
  }
}

}  // namespace
}  // namespace redress::sample
