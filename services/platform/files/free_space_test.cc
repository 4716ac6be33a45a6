#include "services/platform/files/free_space.h"

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "services/platform/status/refusal.h"

namespace redress::files {
namespace {

using ::testing::HasSubstr;

FreeSpaceFloor FloorOf(uint64_t floor_bytes, uint64_t free_bytes) {
  return {"folder", floor_bytes, [free_bytes](const std::string&) { return free_bytes; }};
}

TEST(FreeSpaceTest, WhatLeavesTheFloorFreeMayCome) {
  EXPECT_TRUE(FloorOf(100, 150).Check(50).ok());
  EXPECT_TRUE(FloorOf(0, 50).Check(50).ok());
  EXPECT_TRUE(FloorOf(100, UINT64_MAX).Check(50).ok());
}

TEST(FreeSpaceTest, WhatWouldGoBelowItIsRefusedWithBothFigures) {
  const absl::Status refused = FloorOf(100, 149).Check(50);
  EXPECT_EQ(refused.code(), absl::StatusCode::kResourceExhausted);
  EXPECT_EQ(GetRefusal(refused),
            (Refusal{"STORE_FULL", {{"free_bytes", "149"}, {"floor_bytes", "100"}}}));
  EXPECT_THAT(std::string(refused.message()), HasSubstr("docs/runbook.md"));
  EXPECT_FALSE(FloorOf(100, 99).Check(0).ok());
  EXPECT_FALSE(FloorOf(100, 200).Check(UINT64_MAX).ok());
}

TEST(FreeSpaceTest, TheFileSystemIsAskedAndOneThatIsNotThereDoesNotSay) {
  EXPECT_LT(FreeBytesOf(testing::TempDir()), UINT64_MAX);
  EXPECT_EQ(FreeBytesOf(testing::TempDir() + "/no such folder"), UINT64_MAX);
}

}  // namespace
}  // namespace redress::files
