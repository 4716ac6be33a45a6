#include <unistd.h>

#include <fstream>
#include <string>

#include "gtest/gtest.h"
#include "services/platform/time/clock.h"
#include "services/platform/time/date.h"
#include "services/platform/time/file_clock.h"

namespace redress {
namespace {

TEST(DateTest, APartlyKnownDateIsKeptAsKnown) {
  for (const char* text : {"2024-03-01", "2024-03", "2024"}) {
    ASSERT_TRUE(Date::Parse(text).has_value()) << text;
    EXPECT_EQ(Date::Parse(text)->ToString(), text);
  }
}

TEST(DateTest, WhatIsNoDateIsRefused) {
  for (const char* text : {"", "24", "2024-13", "2024-00", "2024-02-30", "2023-02-29", "2024-3-1",
                           "2024/03/01", "01-03-2024", "1899", "2200", "2024-03-00", "20a4"}) {
    EXPECT_FALSE(Date::Parse(text).has_value()) << text;
  }
}

TEST(DateTest, APartlyKnownDateSpansItsMonthOrYear) {
  EXPECT_EQ(Date::Parse("2024-02")->Latest().ToString(), "2024-02-29");
  EXPECT_EQ(Date::Parse("2024-12")->Latest().ToString(), "2024-12-31");
  EXPECT_EQ(Date::Parse("2024")->Earliest().ToString(), "2024-01-01");
  EXPECT_EQ(Date::Parse("2024")->Latest().ToString(), "2024-12-31");
}

TEST(DateTest, DaysAreAddedAcrossMonths) {
  EXPECT_EQ(AddDays(*Date::Parse("2024-02-28"), 2).ToString(), "2024-03-01");
}

TEST(DateTest, ATimeHasItsDateInUtc) {
  const Date date = *Date::Parse("2026-11-22");
  EXPECT_EQ(DateOf(StartOf(date)), date);
  EXPECT_EQ(DateOf(StartOf(date) - absl::Nanoseconds(1)), *Date::Parse("2026-11-21"));
}

TEST(ManualClockTest, StandsStillUntilMoved) {
  ManualClock clock(absl::FromUnixSeconds(100));
  EXPECT_EQ(clock.Now(), clock.Now());
  clock.Advance(absl::Hours(24));
  EXPECT_EQ(clock.Now(), absl::FromUnixSeconds(100) + absl::Hours(24));
}

TEST(FileClockTest, TheFileMovesIt) {
  const std::string path = testing::TempDir() + "/file_clock_" + std::to_string(getpid());
  const FileClock clock(path);
  EXPECT_LT(clock.Now() - absl::Now(), absl::Hours(1));
  std::ofstream(path) << 7 * 24 * 3600;
  EXPECT_GT(clock.Now() - absl::Now(), absl::Hours(7 * 24 - 1));
}

}  // namespace
}  // namespace redress
