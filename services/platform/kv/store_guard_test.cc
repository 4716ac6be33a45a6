// What is lost beside RocksDB's back is noticed at the next start, and a full disk can be started
// on.
#include "services/platform/kv/store_guard.h"

#include <sys/stat.h>

#include <cstdint>
#include <filesystem>
#include <fstream>
#include <memory>
#include <string>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "services/platform/async/manual_executor.h"
#include "services/platform/kv/rocksdb_store.h"
#include "services/platform/kv/sentinel.h"
#include "services/platform/kv/testing/store_folder.h"

namespace redress::kv {
namespace {

namespace fs = std::filesystem;
using ::testing::AllOf;
using ::testing::HasSubstr;

class StoreGuardTest : public testing::Test {
 protected:
  StoreGuardTest() { options_.path = folder_.store(); }

  absl::StatusOr<std::unique_ptr<Store>> TryOpen() { return OpenRocksDbStore(options_, executor_); }

  // Makes `count` commits and closes the store.
  void Fill(int count) {
    const std::unique_ptr<Store> store = TryOpen().value();
    for (int i = 0; i < count; ++i) EXPECT_NE(Put(*store), 0u);
  }
  Version Put(Store& store) {
    Change change;
    change.mutations.push_back(Mutation::Put("a", "1"));
    return async::RunToEnd(executor_, store.Commit(std::move(change))).version;
  }

  // The log that holds the newest commits.
  fs::path NewestLog() const {
    fs::path newest;
    for (const auto& file : fs::directory_iterator(options_.path)) {
      const bool holds = file.path().extension() == ".log" && file.file_size() > 0;
      if (holds && newest < file.path()) newest = file.path();
    }
    return newest;
  }
  void CutInHalf(const fs::path& file) { fs::resize_file(file, fs::file_size(file) / 2); }
  void Damage(std::streamoff place) {
    std::fstream file(SentinelPath(options_.path), std::ios::in | std::ios::out | std::ios::binary);
    file.seekp(place);
    file.write("damage", 6);
  }

  void ExpectLoss(const std::string& what) {
    const absl::Status status = TryOpen().status();
    EXPECT_EQ(status.code(), absl::StatusCode::kDataLoss) << status;
    EXPECT_THAT(std::string(status.message()),
                AllOf(HasSubstr(what), HasSubstr("docs/runbook.md")));
  }

  const StoreFolder folder_;
  async::ManualExecutor executor_;
  RocksDbOptions options_;
};

TEST_F(StoreGuardTest, AStoreThatLostNothingOpens) {
  Fill(5);
  EXPECT_EQ(Sentinel::Read(SentinelPath(options_.path))->value(), 5u);
  EXPECT_EQ(Put(*TryOpen().value()), 6u);
}

TEST_F(StoreGuardTest, ADeletedLogIsNoticed) {
  Fill(5);
  fs::remove(NewestLog());
  ExpectLoss("commit 5 was acknowledged");
}

TEST_F(StoreGuardTest, ALogThatWasCutIsNoticed) {
  Fill(5);
  CutInHalf(NewestLog());
  ExpectLoss("commit 5 was acknowledged");
}

TEST_F(StoreGuardTest, AFolderThatWasPutBackToAnOlderStateIsNoticed) {
  Fill(3);
  fs::copy(options_.path, options_.path + ".old", fs::copy_options::recursive);
  Fill(2);
  fs::remove_all(options_.path);
  fs::rename(options_.path + ".old", options_.path);
  ExpectLoss("it ends with commit 3, and commit 5 was acknowledged");
}

TEST_F(StoreGuardTest, AFolderThatWasDeletedIsNoticed) {
  Fill(3);
  fs::remove_all(options_.path);
  ExpectLoss("it ends with commit 0, and commit 3 was acknowledged");
}

TEST_F(StoreGuardTest, AMissingSentinelIsNoticed) {
  Fill(3);
  fs::remove(SentinelPath(options_.path));
  ExpectLoss("its sentinel is missing");
}

TEST_F(StoreGuardTest, OneDamagedSlotOfTheSentinelLeavesTheOther) {
  Fill(3);
  Damage(20);
  EXPECT_TRUE(TryOpen().ok());
}

TEST_F(StoreGuardTest, ASentinelWithBothSlotsDamagedIsNoticed) {
  Fill(3);
  Damage(20);
  Damage(4096 + 20);
  ExpectLoss("its sentinel is damaged");
}

TEST_F(StoreGuardTest, ASentinelThatCannotBeReadIsNotTakenForDamage) {
  Fill(3);
  fs::remove(SentinelPath(options_.path));
  fs::create_directory(SentinelPath(options_.path));
  const absl::Status status = TryOpen().status();
  EXPECT_EQ(status.code(), absl::StatusCode::kUnavailable) << status;
  EXPECT_THAT(std::string(status.message()),
              AllOf(HasSubstr("Is a directory"), HasSubstr("A store cannot be opened")));
}

TEST_F(StoreGuardTest, ALossIsAcceptedOnlyByItsExactPlace) {
  Fill(5);
  fs::remove(NewestLog());
  options_.accepted_loss = 4;
  ExpectLoss("it ends with commit 0");
  options_.accepted_loss = 0;
  EXPECT_TRUE(TryOpen().ok());
}

TEST_F(StoreGuardTest, AfterAnAcceptedLossNoNumberIsUsedTwice) {
  Fill(5);
  fs::remove(NewestLog());
  options_.accepted_loss = 0;
  EXPECT_EQ(Put(*TryOpen().value()), 6u);
  options_.accepted_loss.reset();
  EXPECT_EQ(Put(*TryOpen().value()), 7u);
}

TEST_F(StoreGuardTest, AMigrationAfterAnAcceptedLossUsesNoneOfTheLostNumbers) {
  Fill(2);
  ASSERT_TRUE(Sentinel::Begin(SentinelPath(options_.path), 100).ok());
  options_.accepted_loss = 2;
  options_.schema_version = 2;
  options_.migrations = {{2, "a", [](const Entry& entry) -> absl::StatusOr<Change> {
                            return Change{.mutations = {Mutation::Put(entry.key, "2")}};
                          }}};
  const std::unique_ptr<Store> store = TryOpen().value();
  EXPECT_EQ(async::RunToEnd(executor_, store->Get("a")).value()->version, 101u);
  EXPECT_EQ(Put(*store), 102u);
}

TEST_F(StoreGuardTest, AnAcceptedLossNeedNotBeAcceptedAgain) {
  Fill(5);
  fs::remove(NewestLog());
  options_.accepted_loss = 0;
  ASSERT_TRUE(TryOpen().ok());
  options_.accepted_loss.reset();
  EXPECT_TRUE(TryOpen().ok());
}

TEST_F(StoreGuardTest, AStoreThatIsNotThereOrWasClosedIsOpenNowhere) {
  EXPECT_FALSE(IsStoreOpen(options_.path).value());
  Fill(1);
  EXPECT_FALSE(IsStoreOpen(options_.path).value());
  EXPECT_FALSE(IsStoreOpen(SentinelPath(options_.path)).value());
}

TEST_F(StoreGuardTest, ALockThatCannotBeAskedIsNotTakenForOneThatNobodyHolds) {
  Fill(1);
  fs::remove(options_.path + "/LOCK");
  fs::create_symlink("LOCK", options_.path + "/LOCK");
  EXPECT_EQ(IsStoreOpen(options_.path).status().code(), absl::StatusCode::kUnavailable);
}

TEST_F(StoreGuardTest, TheBallastIsGivenUpWhenThereIsTooLittleRoomToOpen) {
  uint64_t free_bytes = 10 << 20;
  options_.ballast_bytes = 1 << 20;
  options_.free_space_floor_bytes = 4 << 20;
  options_.free_bytes = [&free_bytes](const std::string&) { return free_bytes; };
  const std::string ballast = BallastPath(options_.path);
  Fill(1);
  EXPECT_EQ(fs::file_size(ballast), options_.ballast_bytes);
  struct stat found{};
  ASSERT_EQ(::stat(ballast.c_str(), &found), 0);
  constexpr uint64_t kBlock = 512;
  EXPECT_GE(static_cast<uint64_t>(found.st_blocks) * kBlock, options_.ballast_bytes)
      << "a file of holes would free nothing";

  free_bytes = 1000;
  ASSERT_TRUE(TryOpen().ok());
  EXPECT_FALSE(fs::exists(ballast));

  free_bytes = (5 << 20) - 1;  // It would reach into the floor.
  ASSERT_TRUE(TryOpen().ok());
  EXPECT_FALSE(fs::exists(ballast));

  free_bytes = 5 << 20;
  ASSERT_TRUE(TryOpen().ok());
  EXPECT_EQ(fs::file_size(ballast), options_.ballast_bytes);
}

}  // namespace
}  // namespace redress::kv
