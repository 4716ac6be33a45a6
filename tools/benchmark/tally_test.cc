#include "tools/benchmark/tally.h"

#include <unistd.h>

#include <string>
#include <vector>

#include "gtest/gtest.h"
#include "tools/benchmark/filings.h"
#include "tools/benchmark/records.h"

namespace redress::benchmark {
namespace {

TEST(TallyTest, APercentileIsTheValueThatSoManyDoNotExceed) {
  std::vector<float> values = {5, 1, 4, 2, 3};
  EXPECT_EQ(Percentile(values, 0.5), 3);
  EXPECT_EQ(Percentile(values, 0.99), 5);
  EXPECT_EQ(Percentile(values, 0), 1);
  std::vector<float> none;
  EXPECT_EQ(Percentile(none, 0.5), 0);
}

TEST(TallyTest, RatesAreOfWhatWasDoneOnly) {
  Tally tally;
  tally.done = 2;
  tally.latencies_us = {10, 30};
  tally.turned_away = 6;
  tally.turned_away_us = {1, 2, 3, 4, 5, 6};
  tally.elapsed = absl::Seconds(4);
  tally.server_cpu = absl::Microseconds(100);
  const nlohmann::ordered_json json = tally.ToJson();
  EXPECT_EQ(json["per_second"], 0.5);
  EXPECT_EQ(json["server_cpu_us"], 50);
  EXPECT_EQ(json["turned_away"], 6);
  EXPECT_EQ(json["turned_away_p50_us"], 3);
}

TEST(TallyTest, ProcessorTimeIsThatOfAProcessThatIsThere) {
  EXPECT_TRUE(CpuTimeOf(getpid()).has_value());
  EXPECT_FALSE(CpuTimeOf(0).has_value());
}

TEST(RecordMakerTest, RecordsAreOfTheSizeAndDifferFromEachOther) {
  RecordMaker maker(1024);
  const Record first = maker.Next();
  const Record& second = maker.Next();
  EXPECT_EQ(first.content.size(), 1024u);
  EXPECT_NE(first.content, second.content);
  EXPECT_NE(first.key, second.key);
  EXPECT_NE(first.index_keys[0], second.index_keys[0]);
}

TEST(FilingsTest, WhatWasWrittenIsReadAndOfTheSizeAskedFor) {
  const std::string path = testing::TempDir() + "/filings-" + std::to_string(getpid());
  const FilingsSettings settings{.count = 50, .bytes = 1024};
  ASSERT_TRUE(WriteFilings(settings, path).ok());
  const absl::StatusOr<std::vector<std::string>> filings = ReadFilings(path);
  ASSERT_TRUE(filings.ok());
  ASSERT_EQ(filings->size(), 50u);
  for (const std::string& filing : *filings) {
    EXPECT_GE(filing.size(), 1024u);
    EXPECT_LE(filing.size(), 1026u);
  }
  unlink(path.c_str());
}

TEST(FilingsTest, AFileThatIsNotThereIsNotFound) {
  EXPECT_TRUE(absl::IsNotFound(ReadFilings(testing::TempDir() + "/no filings").status()));
}

}  // namespace
}  // namespace redress::benchmark
