#include "services/platform/kv/rocksdb_store.h"

#include <filesystem>
#include <fstream>
#include <iterator>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "absl/synchronization/notification.h"
#include "fmt/format.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "rocksdb/db.h"
#include "rocksdb/sst_file_writer.h"
#include "services/platform/async/blocking_pool.h"
#include "services/platform/async/manual_executor.h"
#include "services/platform/kv/rocksdb_settings.h"
#include "services/platform/kv/testing/failing_tables.h"
#include "services/platform/kv/testing/store_folder.h"

namespace redress::kv {
namespace {

using ::testing::AllOf;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::SizeIs;

class RocksDbStoreTest : public testing::Test {
 protected:
  RocksDbStoreTest() { options_.path = folder_.store(); }

  std::unique_ptr<Store> Open() {
    absl::StatusOr<std::unique_ptr<Store>> store = OpenRocksDbStore(options_, executor_);
    EXPECT_TRUE(store.ok()) << store.status();
    return store.ok() ? std::move(*store) : nullptr;
  }
  CommitResult Put(Store& store, std::string key, std::string value) {
    Change change;
    change.mutations.push_back(Mutation::Put(std::move(key), std::move(value)));
    return async::RunToEnd(executor_, store.Commit(std::move(change)));
  }
  std::optional<Entry> Get(Store& store, std::string key) {
    return async::RunToEnd(executor_, store.Get(std::move(key))).value();
  }
  std::vector<std::string> Values(Store& store) {
    std::vector<std::string> values;
    auto page = async::RunToEnd(executor_, store.Scan({}));
    for (Entry& entry : page.value().entries) {
      values.push_back(std::move(entry.value));
    }
    return values;
  }
  // The newest write-ahead log.
  std::filesystem::path Log() const {
    std::filesystem::path newest;
    for (const auto& file : std::filesystem::directory_iterator(options_.path)) {
      if (file.path().extension() == ".log" && newest < file.path()) newest = file.path();
    }
    return newest;
  }
  // Every file in the store's folder, with its content.
  std::map<std::string, std::string> Folder() const {
    std::map<std::string, std::string> files;
    for (const auto& file : std::filesystem::directory_iterator(options_.path)) {
      std::ifstream content(file.path(), std::ios::binary);
      files[file.path().filename()] = std::string(std::istreambuf_iterator<char>(content), {});
    }
    return files;
  }

  const StoreFolder folder_;
  async::ManualExecutor executor_;
  RocksDbOptions options_;
};

TEST_F(RocksDbStoreTest, ASecondOpenerIsRefused) {
  const std::unique_ptr<Store> store = Open();
  const absl::Status status = OpenRocksDbStore(options_, executor_).status();
  EXPECT_EQ(status.code(), absl::StatusCode::kFailedPrecondition);
  EXPECT_THAT(std::string(status.message()),
              AllOf(HasSubstr("in use by another process"), HasSubstr("The store is in use")));
}

TEST_F(RocksDbStoreTest, ALockThatCannotBeOpenedIsNotTakenForOneThatSomebodyHolds) {
  std::filesystem::create_directories(options_.path + "/LOCK");
  const absl::Status status = OpenRocksDbStore(options_, executor_).status();
  EXPECT_EQ(status.code(), absl::StatusCode::kUnavailable);
  EXPECT_THAT(std::string(status.message()),
              AllOf(HasSubstr("Is a directory"), HasSubstr("A store cannot be opened")));
}

TEST_F(RocksDbStoreTest, BelowTheFreeSpaceFloorCommitsAreRefusedAndReadsGoOn) {
  uint64_t free_bytes = 1000;
  options_.free_bytes = [&free_bytes](const std::string&) { return free_bytes; };
  options_.free_space_floor_bytes = 1000;
  const std::unique_ptr<Store> store = Open();
  EXPECT_EQ(Put(*store, "a", "1").outcome, CommitOutcome::kCommitted);

  free_bytes = 999;
  const CommitResult refused = Put(*store, "b", "2");

  EXPECT_EQ(refused.outcome, CommitOutcome::kNoSpace);
  EXPECT_EQ(refused.free_bytes, 999u);
  EXPECT_EQ(refused.floor_bytes, 1000u);
  EXPECT_THAT(Values(*store), ElementsAre("1"));
  free_bytes = 1000;
  EXPECT_EQ(Put(*store, "b", "2").outcome, CommitOutcome::kCommitted);
}

TEST_F(RocksDbStoreTest, AReadOnlyStoreShowsWhatAnotherHasOpen) {
  const std::unique_ptr<Store> store = Open();
  Put(*store, "a", "1");
  const absl::StatusOr<std::unique_ptr<Store>> looking = OpenRocksDbReadOnly(options_.path);
  ASSERT_TRUE(looking.ok()) << looking.status();
  EXPECT_EQ(Get(**looking, "a")->value, "1");
  EXPECT_EQ(Put(**looking, "b", "2").outcome, CommitOutcome::kStopped);
  EXPECT_EQ(Put(*store, "b", "2").outcome, CommitOutcome::kCommitted);
}

TEST_F(RocksDbStoreTest, LookingAtAStoreLeavesItsFolderAsItIs) {
  Put(*Open(), "a", "1");
  const std::map<std::string, std::string> before = Folder();
  ASSERT_FALSE(before.empty());
  EXPECT_EQ(Get(*OpenRocksDbReadOnly(options_.path).value(), "a")->value, "1");
  EXPECT_EQ(Folder(), before);
  EXPECT_TRUE(ReadStoreState(options_.path).ok());
  EXPECT_EQ(Folder(), before);
}

TEST_F(RocksDbStoreTest, LookingForAStoreMakesNone) {
  EXPECT_EQ(OpenRocksDbReadOnly(options_.path).status().code(), absl::StatusCode::kNotFound);
  EXPECT_FALSE(std::filesystem::exists(options_.path));
}

TEST_F(RocksDbStoreTest, ReadsThatMissTheCacheAreDoneOnThePool) {
  {
    // Enough to leave the memtable and reach a file.
    const std::unique_ptr<Store> store = Open();
    for (int i = 0; i < 300; ++i) {
      ASSERT_EQ(Put(*store, fmt::format("{:03}", i), std::string(kMaxValueBytes, 'x')).outcome,
                CommitOutcome::kCommitted);
    }
  }
  async::BlockingPool pool(1, 10);
  options_.cold_reads = &pool;
  const std::unique_ptr<Store> store = Open();

  EXPECT_EQ(Get(*store, "007")->value.size(), kMaxValueBytes);
  EXPECT_EQ(Get(*store, "absent"), std::nullopt);
  ScanRequest request;
  request.prefix = "01";
  EXPECT_EQ(async::RunToEnd(executor_, store->Scan(request))->entries.size(), 10u);
  pool.Stop();
  EXPECT_EQ(async::RunToEnd(executor_, store->Get("100")).status().code(),
            absl::StatusCode::kUnavailable);
  EXPECT_EQ(async::RunToEnd(executor_, store->Get("007"))->value().value.size(), kMaxValueBytes);
}

// Adds tables of one row each, "00" to "19", whose ranges are apart, so that none is merged. More
// of them than RocksDB opens by itself when a store is opened.
void AddTables(const std::string& path) {
  const rocksdb::Options options = EngineOptions({.path = path});
  rocksdb::DB* db = nullptr;
  ASSERT_TRUE(rocksdb::DB::Open(options, path, &db).ok());
  const std::unique_ptr<rocksdb::DB> owned(db);
  for (int i = 0; i < 20; ++i) {
    const std::string table = fmt::format("{}-table-{:02}", path, i);
    rocksdb::SstFileWriter writer(rocksdb::EnvOptions(), options);
    ASSERT_TRUE(writer.Open(table).ok());
    ASSERT_TRUE(writer.Put(fmt::format("{:02}", i), LogKey("", 1) + "value").ok());
    ASSERT_TRUE(writer.Finish().ok());
    ASSERT_TRUE(db->IngestExternalFile({table}, rocksdb::IngestExternalFileOptions()).ok());
  }
}

TEST_F(RocksDbStoreTest, WhatLiesInATableThatIsNotOpenYetIsRead) {
  Put(*Open(), "first", "1");
  AddTables(options_.path);
  async::BlockingPool pool(1, 10);
  options_.cold_reads = &pool;
  {
    const std::unique_ptr<Store> store = Open();
    for (int i = 0; i < 20; ++i) {
      const auto entry = async::RunToEnd(executor_, store->Get(fmt::format("{:02}", i)));
      ASSERT_TRUE(entry.ok()) << entry.status();
      EXPECT_EQ((*entry)->value, "value");
    }
  }
  EXPECT_THAT(Values(*Open()), SizeIs(21));
}

TEST_F(RocksDbStoreTest, ATableThatCannotBeReadIsNotPassedOver) {
  Put(*Open(), "first", "1");
  AddTables(options_.path);
  std::filesystem::path last;
  for (const auto& file : std::filesystem::directory_iterator(options_.path)) {
    if (file.path().extension() == ".sst" && last < file.path()) last = file.path();
  }
  {
    std::fstream table(last, std::ios::in | std::ios::out | std::ios::binary);
    table.seekp(2);  // In its only row.
    table.write("damage", 6);
  }
  for (const bool reverse : {false, true}) {
    const std::unique_ptr<Store> store = Open();
    ScanRequest request;
    request.reverse = reverse;
    const auto page = async::RunToEnd(executor_, store->Scan(request));
    EXPECT_EQ(page.status().code(), absl::StatusCode::kDataLoss) << page->entries.size();
  }
}

TEST_F(RocksDbStoreTest, AcknowledgedWritesThatAreDamagedAreNotDroppedSilently) {
  {
    const std::unique_ptr<Store> store = Open();
    for (int i = 0; i < 100; ++i) Put(*store, fmt::format("key {}", i), std::string(100, 'x'));
  }
  {
    std::fstream log(Log(), std::ios::in | std::ios::out | std::ios::binary);
    log.seekp(static_cast<std::streamoff>(std::filesystem::file_size(Log()) / 2));
    log.write("damage", 6);
  }
  // Said by RocksDB of that place, and not only by the sentinel of what is then missing.
  const absl::Status status = OpenRocksDbStore(options_, executor_).status();
  EXPECT_EQ(status.code(), absl::StatusCode::kDataLoss);
  EXPECT_THAT(std::string(status.message()), HasSubstr("A store is damaged"));
}

// A store whose tables cannot be written any more, and that has found that out.
class FailedStoreTest : public RocksDbStoreTest {
 protected:
  std::unique_ptr<Store> OpenAndFail() {
    options_.on_background_error = [this] {
      if (!told_.HasBeenNotified()) told_.Notify();
    };
    std::unique_ptr<Store> store = Open();
    FailTables(options_.path);
    // Not one commit more than it takes to begin a table: the next after its failure ends the
    // process.
    while (CountLogs(options_.path) == 1) {
      const CommitResult result = async::RunToEnd(executor_, store->Commit(LargeChange()));
      EXPECT_EQ(result.outcome, CommitOutcome::kCommitted);
    }
    told_.WaitForNotification();
    return store;
  }

  absl::Notification told_;
};

TEST_F(FailedStoreTest, ATableThatCannotBeWrittenIsToldAndReadsGoOn) {
  const std::unique_ptr<Store> store = OpenAndFail();
  EXPECT_EQ(Get(*store, "a")->value.size(), kMaxValueBytes);
  EXPECT_THAT(Values(*store), SizeIs(3));
}

TEST_F(FailedStoreTest, TheNextCommitEndsTheProcessAndSaysWhy) {
  testing::FLAGS_gtest_death_test_style = "threadsafe";
  const auto commit_after_it = [this] {
    const std::unique_ptr<Store> store = OpenAndFail();
    Put(*store, "d", "1");
  };
  EXPECT_EXIT(commit_after_it(), testing::ExitedWithCode(70),
              "writing the log failed, stopping the process: .*Writing failed");
}

TEST_F(RocksDbStoreTest, WhatItHasInMemoryIsToldWhileItIsOpen) {
  StoreMemory memory;
  options_.memory = &memory;
  StorePoints points;
  options_.points = &points;
  EXPECT_EQ(memory.Use().memtables, 0u);
  std::unique_ptr<Store> store = Open();
  const uint64_t empty = memory.Use().memtables;
  Put(*store, "a", std::string(100'000, 'x'));
  EXPECT_GE(memory.Use().memtables, empty + 100'000);
  // In a table, and read from there.
  const uint64_t unread = memory.Use().block_cache;
  ASSERT_TRUE(points.Flush().ok());
  EXPECT_LT(memory.Use().memtables, empty + 100'000);
  Get(*store, "a");
  EXPECT_GE(memory.Use().block_cache, unread + 100'000);
  EXPECT_GT(memory.Use().table_readers, 0u);
  store.reset();
  EXPECT_EQ(memory.Use().table_readers, 0u);
}

TEST_F(RocksDbStoreTest, WhatIsQueuedWhenTheStoreGoesIsAnswered) {
  std::unique_ptr<Store> store = Open();
  Put(*store, "a", "1");
  std::vector<CommitOutcome> outcomes;
  for (int i = 0; i < 50; ++i) {
    Spawn(executor_, [](Store* store, std::vector<CommitOutcome>* outcomes) -> async::Task<void> {
      Change change;
      change.mutations.push_back(Mutation::Put("b", "2"));
      const CommitResult result = co_await store->Commit(std::move(change));
      outcomes->push_back(result.outcome);
    }(store.get(), &outcomes));
  }
  executor_.RunUntilIdle();
  store.reset();
  executor_.RunUntilIdle();
  EXPECT_EQ(outcomes.size(), 50u);
  for (const CommitOutcome outcome : outcomes) {
    EXPECT_TRUE(outcome == CommitOutcome::kCommitted || outcome == CommitOutcome::kStopped);
  }
}

}  // namespace
}  // namespace redress::kv
