#include "services/platform/backup/service_copy.h"

#include <filesystem>
#include <iterator>
#include <memory>
#include <string>
#include <vector>

#include "fmt/format.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "services/platform/async/manual_executor.h"
#include "services/platform/audit/audit_log.h"
#include "services/platform/kv/rocksdb_backup.h"
#include "services/platform/kv/rocksdb_store.h"
#include "services/platform/kv/testing/store_folder.h"

namespace redress::backup {
namespace {

namespace fs = std::filesystem;

bool Always(uint64_t) { return true; }

class ServiceCopyTest : public testing::Test {
 protected:
  ServiceCopyTest() {
    EXPECT_EQ(MakeFolder(files_), absl::OkStatus());
    EXPECT_EQ(WriteWhole(files_ + "/one.rdf", "file"), absl::OkStatus());
    kv::RocksDbOptions options;
    options.path = base_.store();
    options.points = &points_;
    store_ = kv::OpenRocksDbStore(options, executor_).value();
    Put(1);
  }

  void Put(int leaves) {
    kv::Change change;
    for (int i = 0; i < leaves; ++i) change.appends.push_back({audit::AuditLog(), "leaf"});
    EXPECT_EQ(async::RunToEnd(executor_, store_->Commit(std::move(change))).outcome,
              kv::CommitOutcome::kCommitted);
  }
  void TakePoint() {
    fs::remove_all(point_);
    EXPECT_EQ(points_.Take(point_), absl::OkStatus());
  }
  absl::StatusOr<v1::ServiceCopy> Copy(const GoOn& go_on = Always) {
    TakePoint();
    return CopyService(point_, files_, folder_, "intake", go_on);
  }
  // As a service that is killed before the files leaves it.
  void CopyHalf() {
    TakePoint();
    ASSERT_EQ(MakeFolder(folder_.StoreOf("intake")), absl::OkStatus());
    ASSERT_TRUE(kv::AddStoreCopy(point_, folder_.StoreOf("intake"), Always).ok());
  }
  void Record(const v1::ServiceCopy& copy) {
    v1::RestorePoint point;
    point.set_node("kh");
    *point.add_services() = copy;
    std::vector<uint32_t> removed;
    EXPECT_TRUE(folder_.Record(point, 0, removed).ok());
  }
  size_t Copies() const {
    const fs::path meta = folder_.StoreOf("intake") + "/meta";
    if (!fs::exists(meta)) return 0;
    return std::distance(fs::directory_iterator(meta), fs::directory_iterator());
  }

  const kv::StoreFolder base_;
  const std::string files_ = base_.store() + "-files";
  const std::string point_ = base_.store() + "-point";
  const BackupFolder folder_ =
      BackupFolder::Prepare(base_.store() + "-backup", "kh", base_.store() + "-data").value();
  async::ManualExecutor executor_;
  kv::StorePoints points_;
  std::unique_ptr<kv::Store> store_;
};

TEST_F(ServiceCopyTest, WhatKilledCallsLeftIsGoneBeforeTheNextCopy) {
  ASSERT_TRUE(RemoveLeftovers(folder_, "intake", Always).ok());
  Record(Copy().value());
  for (int i = 0; i < 3; ++i) {
    Put(1);
    CopyHalf();
    EXPECT_EQ(Copies(), 2u) << i;
    EXPECT_EQ(RemoveLeftovers(folder_, "intake", Always).value().copies, 1u) << i;
  }
  EXPECT_EQ(Copies(), 1u);
  EXPECT_EQ(kv::CheckStoreCopy(folder_.StoreOf("intake"), 1), absl::OkStatus());
  EXPECT_TRUE(CheckFiles(folder_, "intake", 1).ok());
}

// Another service's part failed, or its point is about to be recorded: nobody knows.
TEST_F(ServiceCopyTest, OfWholeCopiesThatNoPointNamesOnlyTheNewestStays) {
  v1::ServiceCopy newest;
  for (int i = 0; i < 3; ++i) {
    ASSERT_TRUE(RemoveLeftovers(folder_, "intake", Always).ok());
    Put(1);
    newest = Copy().value();
    EXPECT_LE(Copies(), 2u) << i;
  }
  ASSERT_TRUE(RemoveLeftovers(folder_, "intake", Always).ok());
  EXPECT_EQ(Copies(), 1u);
  Record(newest);
  EXPECT_EQ(kv::CheckStoreCopy(folder_.StoreOf("intake"), newest.copy_number()), absl::OkStatus());
}

TEST_F(ServiceCopyTest, LeftoversStayWhileAPointCannotBeRead) {
  Record(Copy().value());
  CopyHalf();
  ASSERT_EQ(WriteWhole(folder_.path() + "/restore-points/1.json", "{"), absl::OkStatus());
  EXPECT_EQ(RemoveLeftovers(folder_, "intake", Always).status().code(),
            absl::StatusCode::kDataLoss);
  EXPECT_EQ(Copies(), 2u);
}

TEST_F(ServiceCopyTest, ACopyWhoseFilesCannotBeKeptIsRemovedAgain) {
  Record(Copy().value());
  ASSERT_EQ(WriteWhole(files_ + "/two.rdf", "second"), absl::OkStatus());
  // In the way of the file, and not to be removed as one.
  ASSERT_EQ(MakeFolder(folder_.FilesOf("intake") + "/two.rdf.new"), absl::OkStatus());
  EXPECT_FALSE(Copy().ok());
  EXPECT_EQ(Copies(), 1u);
  EXPECT_EQ(kv::CheckStoreCopy(folder_.StoreOf("intake"), 1), absl::OkStatus());
}

TEST_F(ServiceCopyTest, AStopIsHeardWhileTheAuditLogIsRead) {
  for (int i = 0; i < 5; ++i) Put(kv::kMaxScanLimit / 2);
  int asked = 0;
  const auto stopped = Copy([&asked](uint64_t) { return ++asked < 2; });
  EXPECT_EQ(stopped.status().code(), absl::StatusCode::kCancelled);
  EXPECT_EQ(asked, 2);
  EXPECT_FALSE(fs::exists(folder_.StoreOf("intake"))) << "its leaves were read to the end";
}

TEST_F(ServiceCopyTest, AStopIsHeardWhileOldCopiesAreRemoved) {
  Record(Copy().value());
  CopyHalf();
  EXPECT_EQ(RemoveOldCopies(folder_, "intake", [](uint64_t) { return false; }).status().code(),
            absl::StatusCode::kCancelled);
  EXPECT_EQ(Copies(), 2u);
}

// RocksDB removes what it does not know, wherever a link leads.
TEST_F(ServiceCopyTest, AStoreOfCopiesWithALinkInItIsLeftAlone) {
  Record(Copy().value());
  const std::string tables = folder_.StoreOf("intake") + "/shared_checksum";
  fs::remove_all(tables);
  fs::create_directory_symlink(files_, tables);
  EXPECT_EQ(Copy().status().code(), absl::StatusCode::kDataLoss);
  EXPECT_EQ(RemoveOldCopies(folder_, "intake", Always).status().code(),
            absl::StatusCode::kDataLoss);
  EXPECT_TRUE(fs::exists(files_ + "/one.rdf"));
}

}  // namespace
}  // namespace redress::backup
