#include "services/platform/kv/rocksdb_backup.h"

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <memory>
#include <string>
#include <vector>

#include "fmt/format.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "services/platform/async/manual_executor.h"
#include "services/platform/kv/rocksdb_store.h"
#include "services/platform/kv/sentinel.h"
#include "services/platform/kv/store_guard.h"
#include "services/platform/kv/testing/store_folder.h"

namespace redress::kv {
namespace {

using ::testing::HasSubstr;

class RocksDbBackupTest : public testing::Test {
 protected:
  RocksDbBackupTest() {
    options_.path = folder_.store();
    options_.points = &points_;
    store_ = OpenRocksDbStore(options_, executor_).value();
  }

  std::string Beside(const std::string& name) const { return folder_.store() + "-" + name; }

  void Put(const std::string& key, const std::string& value) {
    Change change;
    change.mutations.push_back(Mutation::Put(key, value));
    change.appends.push_back({.log = "L", .value = value});
    const CommitResult result = async::RunToEnd(executor_, store_->Commit(std::move(change)));
    ASSERT_EQ(result.outcome, CommitOutcome::kCommitted);
  }
  // Values that do not compress, so that what is copied can be told by its size.
  void PutMany(const std::string& prefix, int count) {
    uint32_t state = 1;
    for (int i = 0; i < count; ++i) {
      std::string value(8 << 10, '\0');
      for (char& byte : value)
        byte = static_cast<char>((state = state * 1664525u + 1013904223u) >> 24);
      Put(fmt::format("{}{:06}", prefix, i), value);
    }
  }

  uint32_t Copy() {
    const std::string point = Beside("point");
    std::filesystem::remove_all(point);
    EXPECT_EQ(points_.Flush(), absl::OkStatus());
    EXPECT_EQ(points_.Take(point), absl::OkStatus());
    absl::StatusOr<uint32_t> id =
        AddStoreCopy(point, Beside("copies"), [](uint64_t) { return true; });
    EXPECT_TRUE(id.ok()) << id.status();
    return id.value_or(0);
  }

  uint64_t CopiedBytes() const {
    uint64_t bytes = 0;
    for (const auto& file : std::filesystem::recursive_directory_iterator(Beside("copies"))) {
      if (file.is_regular_file()) bytes += file.file_size();
    }
    return bytes;
  }

  std::string ValueIn(const std::string& path, const std::string& key) {
    const std::unique_ptr<Store> store = OpenRocksDbReadOnly(path).value();
    const auto found = async::RunToEnd(executor_, store->Get(key)).value();
    return found.has_value() ? found->value : "absent";
  }

  const StoreFolder folder_;
  async::ManualExecutor executor_;
  StorePoints points_;
  RocksDbOptions options_;
  std::unique_ptr<Store> store_;
};

TEST_F(RocksDbBackupTest, ARestoredCopyHoldsWhatWasThereWhenItsPointWasTaken) {
  Put("a", "first");
  const uint32_t first = Copy();
  Put("a", "second");
  const uint32_t second = Copy();
  Put("a", "third");
  ASSERT_EQ(RestoreStoreCopy(Beside("copies"), first, Beside("one")), absl::OkStatus());
  ASSERT_EQ(RestoreStoreCopy(Beside("copies"), second, Beside("two")), absl::OkStatus());
  EXPECT_EQ(ValueIn(Beside("one"), "a"), "first");
  EXPECT_EQ(ValueIn(Beside("two"), "a"), "second");
  EXPECT_EQ(ReadStoreState(Beside("two")).value(),
            (StoreState{.last_commit = 2, .schema = 1, .logs = {{"L", 2}}}));
}

TEST_F(RocksDbBackupTest, WhatLiesInTheLogAloneIsInThePointToo) {
  Put("a", "unflushed");
  ASSERT_EQ(points_.Take(Beside("point")), absl::OkStatus());
  EXPECT_EQ(ValueIn(Beside("point"), "a"), "unflushed");
}

TEST_F(RocksDbBackupTest, ALaterCopySharesTheTablesOfAnEarlierOne) {
  PutMany("many", 300);
  Copy();
  const uint64_t after_first = CopiedBytes();
  PutMany("more", 10);
  Copy();
  EXPECT_GT(after_first, uint64_t{2} << 20);
  EXPECT_LT(CopiedBytes() - after_first, after_first / 10);
}

TEST_F(RocksDbBackupTest, AFlippedByteIsFoundByTheCheckAndStopsTheRestore) {
  PutMany("many", 50);
  const uint32_t id = Copy();
  EXPECT_EQ(CheckStoreCopy(Beside("copies"), id), absl::OkStatus());
  std::filesystem::path largest;
  for (const auto& file : std::filesystem::recursive_directory_iterator(Beside("copies"))) {
    if (file.path().extension() == ".sst") largest = file.path();
  }
  std::fstream file(largest, std::ios::in | std::ios::out | std::ios::binary);
  file.seekg(1000);
  const char byte = static_cast<char>(file.get());
  file.seekp(1000);
  file.put(static_cast<char>(byte ^ 1));
  file.close();
  const absl::Status checked = CheckStoreCopy(Beside("copies"), id);
  EXPECT_EQ(checked.code(), absl::StatusCode::kDataLoss);
  EXPECT_THAT(std::string(checked.message()), HasSubstr(".sst"));
  EXPECT_EQ(RestoreStoreCopy(Beside("copies"), id, Beside("one")).code(),
            absl::StatusCode::kDataLoss);
}

TEST_F(RocksDbBackupTest, ACopyThatIsToldToStopLeavesTheEarlierOnes) {
  Put("a", "first");
  const uint32_t first = Copy();
  PutMany("many", 300);
  ASSERT_EQ(points_.Flush(), absl::OkStatus());
  std::filesystem::remove_all(Beside("point"));
  ASSERT_EQ(points_.Take(Beside("point")), absl::OkStatus());
  const absl::StatusOr<uint32_t> stopped =
      AddStoreCopy(Beside("point"), Beside("copies"), [](uint64_t) { return false; });
  EXPECT_EQ(stopped.status().code(), absl::StatusCode::kCancelled) << stopped.status();
  EXPECT_EQ(CheckStoreCopy(Beside("copies"), first), absl::OkStatus());
  EXPECT_LT(CopiedBytes(), uint64_t{1} << 20);
}

TEST_F(RocksDbBackupTest, OnlyTheCopiesThatAreKeptCanBeRestored) {
  Put("a", "first");
  const uint32_t first = Copy();
  Put("a", "second");
  const uint32_t second = Copy();
  ASSERT_EQ(KeepStoreCopies(Beside("copies"), {second}, [] { return true; }).value(), 1u);
  EXPECT_EQ(CheckStoreCopy(Beside("copies"), first).code(), absl::StatusCode::kDataLoss);
  EXPECT_EQ(CheckStoreCopy(Beside("copies"), second), absl::OkStatus());
}

// What a restore does so that no commit number is used twice.
TEST_F(RocksDbBackupTest, ARestoredStoreGoesOnFarAboveWhatItHolds) {
  Put("a", "first");
  const uint32_t id = Copy();
  const std::string path = Beside("one");
  ASSERT_EQ(RestoreStoreCopy(Beside("copies"), id, path), absl::OkStatus());
  constexpr Version kJump = 1'000'000'000'000;
  ASSERT_TRUE(Sentinel::Begin(SentinelPath(path), kJump).ok());
  RocksDbOptions options;
  options.path = path;
  EXPECT_EQ(OpenRocksDbStore(options, executor_).status().code(), absl::StatusCode::kDataLoss);
  options.accepted_loss = 1;
  const std::unique_ptr<Store> store = OpenRocksDbStore(options, executor_).value();
  Change change;
  change.mutations.push_back(Mutation::Put("b", ""));
  EXPECT_EQ(async::RunToEnd(executor_, store->Commit(std::move(change))).version, kJump + 1);
}

TEST(StorePointsTest, AStoreThatIsClosedHasNoPoint) {
  StorePoints points;
  EXPECT_EQ(points.Flush().code(), absl::StatusCode::kUnavailable);
  EXPECT_EQ(points.Take("/nowhere").code(), absl::StatusCode::kUnavailable);
}

}  // namespace
}  // namespace redress::kv
