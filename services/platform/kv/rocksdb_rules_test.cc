// The rules by which RocksDB is run, each with what goes wrong without it. Where that cannot be
// brought about from outside, the setting itself is looked at. tests/rules/try_rules turns each
// rule round and shows that a test fails.
#include <algorithm>
#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "absl/synchronization/notification.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "services/platform/async/manual_executor.h"
#include "services/platform/files/descriptors.h"
#include "services/platform/kv/rocksdb_settings.h"
#include "services/platform/kv/rocksdb_store.h"
#include "services/platform/kv/testing/failing_tables.h"
#include "services/platform/kv/testing/store_folder.h"

namespace redress::kv {
namespace {

namespace fs = std::filesystem;
using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::SizeIs;

TEST(RocksDbRulesTest, NothingIsKeptFromTheLogOrWrittenInAnotherOrder) {
  const rocksdb::Options engine = EngineOptions(RocksDbOptions());
  EXPECT_FALSE(engine.manual_wal_flush) << "a log in memory is lost with the process";
  EXPECT_FALSE(engine.unordered_write) << "a reader could miss what was acknowledged";
  EXPECT_FALSE(engine.enable_pipelined_write);
  EXPECT_FALSE(engine.two_write_queues);
}

TEST(RocksDbRulesTest, TheLogIsPlainAndNeverWrittenOver) {
  const rocksdb::Options engine = EngineOptions(RocksDbOptions());
  EXPECT_EQ(engine.wal_compression, rocksdb::kNoCompression);
  EXPECT_EQ(engine.recycle_log_file_num, 0u) << "old records behind a torn one look like new ones";
}

TEST(RocksDbRulesTest, ErrorsHoldNoKeysAndNoValues) {
  EXPECT_FALSE(EngineOptions(RocksDbOptions()).allow_data_in_errors);
}

TEST(RocksDbRulesTest, TheStoreKeepsNoMoreTablesOpenThanItsShareOfTheDescriptors) {
  EXPECT_EQ(EngineOptions(RocksDbOptions()).max_open_files, files::GetDescriptorShares().tables());
}

TEST(RocksDbRulesTest, AStoreThatIsOnlyLookedAtOrCopiedTakesFewDescriptors) {
  EXPECT_GT(QuietOptions().max_open_files, 0) << "all tables at once, beside the service's own";
  EXPECT_LE(QuietOptions().max_open_files, 64);
}

TEST(RocksDbRulesTest, RocksDbIsToldToStopAtWhatItFindsDamaged) {
  EXPECT_TRUE(EngineOptions(RocksDbOptions()).paranoid_checks);
}

TEST(RocksDbRulesTest, AByteThatMemoryTurnsOverBeforeItIsWrittenIsNoticed) {
  rocksdb::WriteBatch batch = EngineBatch();
  batch.Put("key", "value");
  ASSERT_TRUE(batch.VerifyChecksum().ok());
  // A batch has no other way in, as memory has none.
  const_cast<char&>(batch.Data().back()) ^= 1;  // NOLINT
  EXPECT_TRUE(batch.VerifyChecksum().IsCorruption());
}

// A store with two logs: the older is whole and synced, and its content in no table yet. That is
// what a crash leaves while a table is being written.
class OlderLogTest : public testing::Test {
 protected:
  OlderLogTest() {
    options_.path = folder_.store();
    absl::Notification told;
    options_.on_background_error = [&told] {
      if (!told.HasBeenNotified()) told.Notify();
    };
    {
      const std::unique_ptr<Store> store = OpenRocksDbStore(options_, executor_).value();
      Change first;
      first.mutations.push_back(Mutation::Put("first", "1"));
      Commit(*store, std::move(first));
      FailTables(options_.path);
      while (CountLogs(options_.path) == 1) Commit(*store, LargeChange());
      told.WaitForNotification();
    }
    options_.on_background_error = nullptr;
    for (const auto& file : fs::directory_iterator(options_.path)) {
      if (file.path().extension() == ".log") logs_.push_back(file.path());
      if (file.is_directory()) fs::remove(file.path());
    }
    std::sort(logs_.begin(), logs_.end());
    EXPECT_THAT(logs_, SizeIs(2));
  }

  void Commit(Store& store, Change change) {
    const CommitResult result = async::RunToEnd(executor_, store.Commit(std::move(change)));
    EXPECT_EQ(result.outcome, CommitOutcome::kCommitted);
  }
  void ExpectDamaged() {
    const absl::Status status = OpenRocksDbStore(options_, executor_).status();
    EXPECT_EQ(status.code(), absl::StatusCode::kDataLoss) << status;
    EXPECT_THAT(std::string(status.message()),
                AllOf(HasSubstr("Corruption"), HasSubstr("A store is damaged")));
  }

  const StoreFolder folder_;
  async::ManualExecutor executor_;
  RocksDbOptions options_;
  std::vector<fs::path> logs_;  // The older first.
};

TEST_F(OlderLogTest, BothLogsAreReadAgain) {
  const auto store = OpenRocksDbStore(options_, executor_);
  ASSERT_TRUE(store.ok()) << store.status();
  EXPECT_TRUE(async::RunToEnd(executor_, (*store)->Get("first")).value().has_value());
}

// The newer log reaches as far as the sentinel says, so the sentinel does not notice these.
TEST_F(OlderLogTest, OneThatWasDeletedIsNoticedByTheManifest) {
  fs::remove(logs_.front());
  ExpectDamaged();
}

TEST_F(OlderLogTest, OneThatWasCutIsNoticedByTheManifest) {
  fs::resize_file(logs_.front(), fs::file_size(logs_.front()) / 2);
  ExpectDamaged();
}

}  // namespace
}  // namespace redress::kv
