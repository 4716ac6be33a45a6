#include "services/platform/kv/schema.h"

#include <memory>
#include <string>
#include <vector>

#include "fmt/format.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "services/platform/async/manual_executor.h"
#include "services/platform/kv/numbers.h"
#include "services/platform/kv/rocksdb_store.h"
#include "services/platform/kv/testing/store_folder.h"

namespace redress::kv {
namespace {

using ::testing::AllOf;
using ::testing::ElementsAre;
using ::testing::HasSubstr;

class SchemaTest : public testing::Test {
 protected:
  absl::StatusOr<std::unique_ptr<Store>> Open(uint32_t version,
                                              std::vector<Migration> migrations = {}) {
    RocksDbOptions options;
    options.path = path_;
    options.schema_version = version;
    options.migrations = std::move(migrations);
    return OpenRocksDbStore(std::move(options), executor_);
  }

  void FillFirstSchema(int entries) {
    const std::unique_ptr<Store> store = Open(1).value();
    Change change;
    for (int i = 0; i < entries; ++i) {
      change.mutations.push_back(Mutation::Put(fmt::format("m{:05}", i), "old"));
      if (change.mutations.size() == 1000 || i + 1 == entries) {
        ASSERT_EQ(RunToEnd(executor_, store->Commit(std::move(change))).outcome,
                  CommitOutcome::kCommitted);
        change = Change();
      }
    }
  }

  async::ManualExecutor executor_;
  const StoreFolder folder_;
  const std::string path_ = folder_.store();
};

Migration ReplaceValues(uint32_t to, std::string from, std::string by, int* calls) {
  const auto rewrite = [=](const Entry& entry) -> absl::StatusOr<Change> {
    if (calls != nullptr) ++*calls;
    if (entry.value != from) return absl::FailedPreconditionError("already " + entry.value);
    return Change{.mutations = {Mutation::Put(entry.key, by)}};
  };
  return {to, "m", rewrite};
}

TEST_F(SchemaTest, ANewStoreHasTheSchemaOfItsMaker) {
  ASSERT_TRUE(Open(3).ok());
  EXPECT_EQ(ReadRocksDbSchemaVersion(path_).value(), 3u);
  EXPECT_TRUE(Open(3).ok());
}

TEST_F(SchemaTest, AStoreOfANewerSchemaIsRefused) {
  ASSERT_TRUE(Open(2).ok());
  const absl::Status status = Open(1).status();
  EXPECT_EQ(status.code(), absl::StatusCode::kFailedPrecondition);
  EXPECT_THAT(std::string(status.message()),
              AllOf(HasSubstr("has schema 2"), HasSubstr("A newer version has written it")));
  EXPECT_EQ(ReadRocksDbSchemaVersion(path_).value(), 2u);
}

TEST_F(SchemaTest, AVersionToWhichNoMigrationLeadsIsRefused) {
  ASSERT_TRUE(Open(1).ok());
  EXPECT_EQ(Open(2).status().code(), absl::StatusCode::kFailedPrecondition);
  EXPECT_EQ(ReadRocksDbSchemaVersion(path_).value(), 1u);
}

TEST_F(SchemaTest, MigrationsRunInOrderOverEveryEntry) {
  FillFirstSchema(1200);
  int calls = 0;
  {
    const auto store = Open(3, {ReplaceValues(2, "old", "newer", &calls),
                                ReplaceValues(3, "newer", "newest", nullptr)});
    ASSERT_TRUE(store.ok()) << store.status();
    const auto entry = RunToEnd(executor_, (*store)->Get("m01199"));
    EXPECT_EQ((*entry)->value, "newest");
    Change change;
    change.mutations.push_back(Mutation::Put("x", ""));
    EXPECT_GT(RunToEnd(executor_, (*store)->Commit(change)).version, (*entry)->version);
  }
  EXPECT_EQ(calls, 1200);
  EXPECT_EQ(ReadRocksDbSchemaVersion(path_).value(), 3u);
}

TEST_F(SchemaTest, AnInterruptedMigrationGoesOnWhereItStopped) {
  FillFirstSchema(1200);
  int calls = 0;
  Migration stops = ReplaceValues(2, "old", "new", &calls);
  const auto rewrite = stops.rewrite;
  stops.rewrite = [rewrite](const Entry& entry) -> absl::StatusOr<Change> {
    if (entry.key == "m00700") return absl::UnavailableError("interrupted");
    return rewrite(entry);
  };
  EXPECT_EQ(Open(2, {stops}).status().code(), absl::StatusCode::kUnavailable);
  EXPECT_EQ(ReadRocksDbSchemaVersion(path_).value(), 1u);

  // The rewrite refuses entries that it has done, so going back would fail.
  EXPECT_TRUE(Open(2, {ReplaceValues(2, "old", "new", &calls)}).ok());
  EXPECT_EQ(ReadRocksDbSchemaVersion(path_).value(), 2u);
}

TEST_F(SchemaTest, AStepThatAppendsIsRefused) {
  FillFirstSchema(1);
  const Migration appends{2, "m", [](const Entry&) -> absl::StatusOr<Change> {
                            return Change{.appends = {{"log", "x"}}};
                          }};
  EXPECT_THAT(std::string(Open(2, {appends}).status().message()), HasSubstr("more than a step"));
  EXPECT_TRUE(Open(1).ok());
}

// What was not counted before.
TEST_F(SchemaTest, AMigrationAddsUpOverAllItsBatchesAndAnInterruption) {
  FillFirstSchema(1200);
  bool interrupt = true;
  Migration counts{2, "m", [&interrupt](const Entry& entry) -> absl::StatusOr<Change> {
                     if (interrupt && entry.key == "m00700") {
                       return absl::UnavailableError("interrupted");
                     }
                     return Change{.additions = {{"n", {1}}}};
                   }};
  EXPECT_EQ(Open(2, {counts}).status().code(), absl::StatusCode::kUnavailable);
  interrupt = false;
  const auto store = Open(2, {counts});
  ASSERT_TRUE(store.ok()) << store.status();
  const auto entry = RunToEnd(executor_, (*store)->Get("n"));
  EXPECT_THAT(DecodeNumbers((*entry)->value).value(), ElementsAre(1200));
}

}  // namespace
}  // namespace redress::kv
