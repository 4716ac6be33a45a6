#include "services/status/storage/wide_commit.h"

#include <map>
#include <optional>
#include <string>
#include <utility>

#include "fmt/format.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "services/platform/async/manual_executor.h"
#include "services/platform/kv/memory_store.h"
#include "services/platform/kv/testing/counting_store.h"
#include "services/status/storage/keys.h"

namespace redress::status {
namespace {

using Rows = std::map<std::string, std::string>;

// Takes so many commits and then no more, as one whose process dies.
class DyingStore final : public kv::Store {
 public:
  DyingStore(kv::Store& store, int commits) : store_(store), commits_(commits) {}

  async::Task<absl::StatusOr<std::optional<kv::Entry>>> Get(std::string key) override {
    co_return co_await store_.Get(std::move(key));
  }
  async::Task<absl::StatusOr<kv::ScanPage>> Scan(kv::ScanRequest request) override {
    co_return co_await store_.Scan(std::move(request));
  }
  async::Task<kv::CommitResult> Commit(kv::Change change) override {
    if (commits_-- > 0) co_return co_await store_.Commit(std::move(change));
    kv::CommitResult stopped;
    stopped.outcome = kv::CommitOutcome::kStopped;
    co_return stopped;
  }
  bool died() const { return commits_ < 0; }

 private:
  kv::Store& store_;
  int commits_;
};

std::string Key(int number) { return TrackingKey(fmt::format("{:05}", number)); }

class WideCommitTest : public ::testing::Test {
 protected:
  // So many new rows, and row 0 removed.
  static std::vector<kv::Mutation> Mutations(int rows, size_t bytes) {
    std::vector<kv::Mutation> mutations = {kv::Mutation::Delete(Key(0))};
    for (int i = 1; i <= rows; ++i) {
      mutations.push_back(kv::Mutation::Put(Key(i), std::string(bytes, 'v')));
    }
    return mutations;
  }
  absl::Status Commit(kv::Store& store, std::vector<kv::Mutation> mutations) {
    WideCommits commits(store);
    return async::RunToEnd(executor_, commits.Commit(std::move(mutations)));
  }
  absl::Status Finish(kv::Store& store) {
    WideCommits commits(store);
    return async::RunToEnd(executor_, commits.Finish());
  }
  static Rows All(async::ManualExecutor& executor, kv::Store& store) {
    Rows rows;
    kv::ScanRequest request;
    bool more = true;
    while (more) {
      kv::ScanRequest next = request;
      const kv::ScanPage page = async::RunToEnd(executor, store.Scan(std::move(next))).value();
      for (const kv::Entry& entry : page.entries) rows[entry.key] = entry.value;
      more = page.more;
      if (more) request.after = page.entries.back().key;
    }
    return rows;
  }

  async::ManualExecutor executor_;
};

TEST_F(WideCommitTest, MoreThanTheStoreTakesIsWrittenWholeAndNothingElseStays) {
  kv::MemoryStore memory(executor_);
  kv::CountingStore store(memory);
  ASSERT_TRUE(Commit(store, {kv::Mutation::Put(Key(0), "old")}).ok());
  ASSERT_TRUE(Commit(store, Mutations(3000, 700)).ok());
  const Rows rows = All(executor_, store);
  EXPECT_EQ(rows.size(), 3000u);
  EXPECT_TRUE(rows.contains(Key(1)) && rows.contains(Key(3000)) && !rows.contains(Key(0)));
  EXPECT_LE(store.largest_commit(), kv::kMaxOperationsPerCommit);
}

TEST_F(WideCommitTest, WhateverItDiesAtAllIsThereAfterwardsOrNothing) {
  bool died = true;
  bool seen_nothing = false;
  bool seen_all = false;
  for (int commits = 0; died; ++commits) {
    kv::MemoryStore memory(executor_);
    ASSERT_TRUE(Commit(memory, {kv::Mutation::Put(Key(0), "old")}).ok());
    DyingStore dying(memory, commits);
    const bool done = Commit(dying, Mutations(3000, 700)).ok();
    died = dying.died();
    EXPECT_EQ(done, !died);
    ASSERT_TRUE(Finish(memory).ok());
    const Rows rows = All(executor_, memory);
    const bool nothing = rows == Rows{{Key(0), "old"}};
    const bool all = rows.size() == 3000 && !rows.contains(Key(0));
    EXPECT_TRUE(nothing || all) << rows.size() << " rows after " << commits << " commits";
    seen_nothing = seen_nothing || nothing;
    seen_all = seen_all || (all && died);
  }
  EXPECT_TRUE(seen_nothing && seen_all);
}

TEST_F(WideCommitTest, AnotherDeathWhileItIsFinishedChangesNothingOfThat) {
  kv::MemoryStore memory(executor_);
  DyingStore first(memory, 4);  // Three for the note, one of four for the rows.
  ASSERT_FALSE(Commit(first, Mutations(3000, 700)).ok());
  DyingStore second(memory, 1);
  ASSERT_FALSE(Finish(second).ok());
  ASSERT_TRUE(Finish(memory).ok());
  EXPECT_EQ(All(executor_, memory).size(), 3000u);
}

TEST_F(WideCommitTest, NothingIsWrittenUponWhatIsNotFinished) {
  kv::MemoryStore memory(executor_);
  DyingStore dying(memory, 4);
  WideCommits commits(dying);
  std::vector<kv::Mutation> wide = Mutations(3000, 700);
  ASSERT_FALSE(async::RunToEnd(executor_, commits.Commit(std::move(wide))).ok());
  std::vector<kv::Mutation> next = Mutations(1, 1);
  EXPECT_EQ(async::RunToEnd(executor_, commits.Commit(std::move(next))).code(),
            absl::StatusCode::kFailedPrecondition);
}

TEST_F(WideCommitTest, APartThatIsGoneIsDamage) {
  kv::MemoryStore memory(executor_);
  DyingStore dying(memory, 4);
  ASSERT_FALSE(Commit(dying, Mutations(3000, 700)).ok());
  kv::Change change;
  change.mutations = {kv::Mutation::Delete(UnfinishedKey(2))};
  (void)async::RunToEnd(executor_, memory.Commit(std::move(change)));
  EXPECT_EQ(Finish(memory).code(), absl::StatusCode::kDataLoss);
}

}  // namespace
}  // namespace redress::status
