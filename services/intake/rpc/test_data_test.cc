// Holds the files of tests/data against the rules: every complaint is valid, and of the bad ones
// every fault is named where it stands.
#include <filesystem>
#include <fstream>
#include <sstream>
#include <string>
#include <vector>

#include "gmock/gmock.h"
#include "google/protobuf/util/json_util.h"
#include "gtest/gtest.h"
#include "nlohmann/json.hpp"
#include "services/intake/domain/testing/sample_filing.h"
#include "services/intake/domain/validate_complaint.h"
#include "services/intake/rpc/complaint_conversion.h"

namespace redress::intake {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::SizeIs;

std::string Contents(const std::filesystem::path& path) {
  std::ifstream file(path, std::ios::binary);
  std::stringstream contents;
  contents << file.rdbuf();
  return contents.str();
}

// The fields that are wrong; nothing when the JSON is no filing.
std::optional<std::vector<std::string>> WrongFields(const std::string& json) {
  v1::ComplaintFiling proto;
  if (!google::protobuf::util::JsonStringToMessage(json, &proto).ok()) return std::nullopt;
  FieldViolations violations;
  const ValidationContext context{SampleCodes(), kSampleToday};
  ValidateFiling(FromProto(std::move(proto)), "", context, violations);
  std::vector<std::string> fields;
  for (const FieldViolation& violation : violations.list()) fields.push_back(violation.field);
  return fields;
}

TEST(TestDataTest, EveryComplaintIsValid) {
  int files = 0;
  for (const auto& entry : std::filesystem::directory_iterator(REDRESS_TEST_DATA "/complaints")) {
    const auto wrong = WrongFields(Contents(entry.path()));
    ASSERT_TRUE(wrong.has_value()) << entry.path();
    EXPECT_THAT(*wrong, IsEmpty()) << entry.path();
    ++files;
  }
  EXPECT_GE(files, 40);
}

TEST(TestDataTest, EveryBadLineIsRefusedForWhatIsWrongWithIt) {
  const nlohmann::json expected = nlohmann::json::parse(
      Contents(REDRESS_TEST_DATA "/bad/import_bad_lines.expected.json"), nullptr, false);
  std::ifstream lines(REDRESS_TEST_DATA "/bad/import_bad_lines.jsonl", std::ios::binary);
  std::string line;
  ASSERT_THAT(expected, SizeIs(13));
  for (const nlohmann::json& one : expected) {
    ASSERT_TRUE(std::getline(lines, line));
    const auto wrong = WrongFields(line);
    if (one["caughtBy"] == "parser") {
      EXPECT_FALSE(wrong.has_value()) << one;
    } else {
      ASSERT_TRUE(wrong.has_value()) << one;
      EXPECT_THAT(*wrong, ElementsAre(one["field"].get<std::string>())) << one;
    }
  }
}

TEST(TestDataTest, FiveWrongFieldsAreAllNamed) {
  const auto wrong = WrongFields(Contents(REDRESS_TEST_DATA "/bad/five_wrong_fields.json"));
  ASSERT_TRUE(wrong.has_value());
  EXPECT_THAT(*wrong, SizeIs(5)) << ::testing::PrintToString(*wrong);
}

TEST(TestDataTest, WhatIsNoFilingIsNotRead) {
  for (const char* file : {"truncated", "unknown_field"}) {
    EXPECT_FALSE(
        WrongFields(Contents(std::string(REDRESS_TEST_DATA "/bad/") + file + ".json")).has_value())
        << file;
  }
}

}  // namespace
}  // namespace redress::intake
