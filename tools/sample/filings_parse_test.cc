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
#include "redress/intake/v1/complaint.pb.h"
#include "services/intake/domain/code_lists.h"
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
    EXPECT_TRUE(intake::kSectors.Contains(complaint.sector())) << complaint.sector();
    EXPECT_TRUE(intake::kChannels.Contains(complaint.channel())) << complaint.channel();
    EXPECT_TRUE(intake::kCategories.Contains(complaint.primary_category().code()));
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
  EXPECT_EQ(categories.size(), intake::kCategories.codes().size());
  EXPECT_GE(corridors.size(), 20u);
  EXPECT_GE(sectors.size(), 12u);
  EXPECT_GE(currencies.size(), 10u);
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
