#include "services/platform/kv/committer.h"

#include <cerrno>
#include <map>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "absl/synchronization/notification.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "services/platform/async/manual_executor.h"
#include "services/platform/kv/testing/store_folder.h"

namespace redress::kv {
namespace {

using ::testing::Each;
using ::testing::ElementsAre;
using ::testing::Gt;
using ::testing::Lt;
using ::testing::SizeIs;

// Counts what is written, and can hold a write until it is let go.
class FakeEngine final : public Engine {
 public:
  absl::StatusOr<std::optional<Version>> VersionOf(const std::string& key) override {
    if (unreadable == key) return absl::DataLossError("damaged");
    return std::optional<Version>();
  }
  absl::StatusOr<std::optional<std::string>> ReadValue(const std::string& key) override {
    if (unreadable == key) return absl::DataLossError("damaged");
    return std::optional<std::string>();
  }
  absl::StatusOr<ScanPage> ReadRange(const ScanRequest&) override { return ScanPage(); }
  absl::StatusOr<std::vector<Row>> OwnRows(std::string_view prefix) override {
    std::vector<Row> rows;
    for (const auto& row : own_rows) {
      if (row.first.starts_with(prefix)) rows.emplace_back(row.first, row.second);
    }
    return rows;
  }
  void Put(const std::string& key, Version, const std::string& value) override {
    ++puts_;
    bytes_ += key.size() + value.size();
  }
  void Delete(const std::string&) override {}
  void PutOwnRow(std::string_view key, std::string_view value) override {
    own_rows[std::string(key)] = std::string(value);
  }
  void DeleteOwnRow(std::string_view) override {}
  size_t BatchBytes() const override { return bytes_; }
  absl::Status WriteSynced() override {
    if (writes.empty() && first_write_may_end != nullptr) {
      first_write_began.Notify();
      first_write_may_end->WaitForNotification();
    }
    writes.push_back(puts_);
    puts_ = 0;
    bytes_ = 0;
    return failures-- > 0 ? absl::UnavailableError("no") : absl::OkStatus();
  }
  uint64_t FreeBytes() const override { return 1; }

  std::string unreadable;
  int failures = 0;  // So many writes fail; the next would seem to succeed.
  std::map<std::string, std::string> own_rows;
  std::vector<int> writes;  // How many keys each had.
  absl::Notification first_write_began;
  absl::Notification* first_write_may_end = nullptr;

 private:
  int puts_ = 0;
  size_t bytes_ = 0;
};

std::unique_ptr<Sentinel> NewSentinel(const StoreFolder& folder, SentinelDisk disk = {}) {
  return Sentinel::Begin(folder.store() + ".sentinel", 0, std::move(disk)).value();
}

std::shared_ptr<PendingCommit> PendingPut(std::string value) {
  auto pending = std::make_shared<PendingCommit>();
  pending->change.mutations.push_back(Mutation::Put("a", std::move(value)));
  return pending;
}

// Lets the first write begin with one commit, queues `later` behind it, and lets everything finish.
void CommitBehindAFirst(FakeEngine& engine, async::ManualExecutor& executor,
                        const PendingBatch& later, BatchObserver observer = nullptr) {
  absl::Notification may_end;
  engine.first_write_may_end = &may_end;
  const StoreFolder folder;
  Committer committer(engine, executor, CommitterState(), 0, NewSentinel(folder),
                      std::move(observer));
  committer.Enqueue(PendingPut("first"));
  engine.first_write_began.WaitForNotification();
  for (const auto& pending : later) committer.Enqueue(pending);
  may_end.Notify();
  while (later.back()->result.outcome == CommitOutcome::kUnknown) {
    if (executor.RunUntilIdle() == 0 && !executor.WaitForWork(absl::Seconds(30))) std::abort();
  }
}

TEST(CommitterTest, WhatGathersDuringASyncIsWrittenAsOne) {
  FakeEngine engine;
  async::ManualExecutor executor;
  PendingBatch later;
  for (int i = 0; i < 20; ++i) later.push_back(PendingPut("x"));

  CommitBehindAFirst(engine, executor, later);

  EXPECT_THAT(engine.writes, ElementsAre(1, 20));
  EXPECT_EQ(later.back()->result.version, 21u);
}

TEST(CommitterTest, EveryBatchIsToldOfWithItsCommitsAndItsTime) {
  FakeEngine engine;
  async::ManualExecutor executor;
  PendingBatch later = {PendingPut("x"), PendingPut("y"), PendingPut("z")};
  later[1]->change.conditions.push_back(Condition::At("a", 99));  // Will not hold.
  std::vector<size_t> commits;
  std::vector<absl::Duration> times;

  CommitBehindAFirst(engine, executor, later, [&](size_t committed, absl::Duration took) {
    commits.push_back(committed);
    times.push_back(took);
  });

  EXPECT_THAT(commits, ElementsAre(1, 2));
  EXPECT_THAT(times, Each(Gt(absl::ZeroDuration())));
}

TEST(CommitterTest, ABatchHasALimitInBytes) {
  FakeEngine engine;
  async::ManualExecutor executor;
  PendingBatch later;
  for (int i = 0; i < 60; ++i) later.push_back(PendingPut(std::string(kMaxValueBytes, 'x')));

  CommitBehindAFirst(engine, executor, later);

  EXPECT_THAT(engine.writes, SizeIs(Gt(2)));
  EXPECT_THAT(engine.writes, SizeIs(Lt(6)));
}

TEST(CommitterTest, ACommitWhoseConditionCannotBeReadIsRefusedAlone) {
  FakeEngine engine;
  engine.unreadable = "damaged";
  async::ManualExecutor executor;
  PendingBatch later = {PendingPut("x"), PendingPut("y")};
  later[0]->change.conditions.push_back(Condition::Absent("damaged"));

  CommitBehindAFirst(engine, executor, later);

  EXPECT_EQ(later[0]->result.outcome, CommitOutcome::kUnread);
  EXPECT_FALSE(later[0]->result.error.ok());
  EXPECT_EQ(later[1]->result.outcome, CommitOutcome::kCommitted);
  EXPECT_THAT(engine.writes, ElementsAre(1, 1));
}

TEST(CommitterTest, ItsStateIsRecoveredFromTheEnginesOwnRows) {
  FakeEngine engine;
  async::ManualExecutor executor;
  EXPECT_EQ(RecoverCommitterState(engine).status().code(), absl::StatusCode::kDataLoss);
  PendingBatch later = {PendingPut("x")};
  later[0]->change.appends = {{"log", "1"}, {"log", "2"}, {"other", "1"}};
  CommitBehindAFirst(engine, executor, later);

  const absl::StatusOr<CommitterState> state = RecoverCommitterState(engine);

  ASSERT_TRUE(state.ok()) << state.status();
  EXPECT_EQ(state->last_version, 2u);
  EXPECT_EQ(state->log_counters, (std::map<std::string, uint64_t>{{"log", 2}, {"other", 1}}));
}

// Commits once, and a second time should it be answered; stops in the end.
void CommitOn(int failures_of_engine, SentinelDisk disk) {
  FakeEngine engine;
  engine.failures = failures_of_engine;
  async::ManualExecutor executor;
  const StoreFolder folder;
  Committer committer(engine, executor, CommitterState(), 0, NewSentinel(folder, std::move(disk)));
  committer.Enqueue(PendingPut("x"));
  executor.WaitForWork(absl::Seconds(30));
}

// A sentinel is begun with two writes and one sync, which go well.
SentinelDisk FailingDisk(int good_writes, int good_syncs) {
  SentinelDisk disk;
  disk.write = [good_writes, real = disk.write](int file, const void* bytes, size_t size,
                                                off_t place) mutable -> ssize_t {
    if (good_writes-- > 0) return real(file, bytes, size, place);
    errno = ENOSPC;
    return -1;
  };
  disk.sync = [good_syncs, real = disk.sync](int file) mutable {
    if (good_syncs-- > 0) return real(file);
    errno = EIO;
    return -1;
  };
  return disk;
}

TEST(CommitterDeathTest, AFailedWriteEndsTheProcessAndIsNotTriedAgain) {
  testing::FLAGS_gtest_death_test_style = "threadsafe";
  EXPECT_EXIT(CommitOn(1, {}), testing::ExitedWithCode(70),
              "writing the log failed, stopping the process");
}

TEST(CommitterDeathTest, ASentinelThatCannotBeWrittenEndsTheProcess) {
  testing::FLAGS_gtest_death_test_style = "threadsafe";
  EXPECT_EXIT(CommitOn(0, FailingDisk(2, 9)), testing::ExitedWithCode(70),
              "writing the sentinel failed.*No space left.*Writing failed");
}

TEST(CommitterDeathTest, ASentinelThatCannotBeSyncedEndsTheProcess) {
  testing::FLAGS_gtest_death_test_style = "threadsafe";
  EXPECT_EXIT(CommitOn(0, FailingDisk(9, 1)), testing::ExitedWithCode(70),
              "syncing the sentinel failed.*Input/output error.*Writing failed");
}

TEST(CommitterTest, TheSentinelIsSyncedSoonAfterACommitAlthoughNoOtherComes) {
  FakeEngine engine;
  async::ManualExecutor executor;
  const StoreFolder folder;
  absl::Notification synced;
  SentinelDisk disk;
  disk.sync = [&synced, begun = false](int) mutable {
    if (std::exchange(begun, true) && !synced.HasBeenNotified()) synced.Notify();
    return 0;
  };
  Committer committer(engine, executor, CommitterState(), 0, NewSentinel(folder, disk));
  committer.Enqueue(PendingPut("x"));
  EXPECT_TRUE(synced.WaitForNotificationWithTimeout(absl::Seconds(30)));
}

TEST(CommitterTest, TheSentinelIsNotLeftUnsyncedForMoreThan50Milliseconds) {
  EXPECT_LE(kSentinelInterval, absl::Milliseconds(50));
}

TEST(CommitterTest, TheSentinelIsSyncedAtTheEnd) {
  FakeEngine engine;
  async::ManualExecutor executor;
  const StoreFolder folder;
  bool dirty = true;
  SentinelDisk disk;
  disk.write = [&dirty, real = disk.write](int file, const void* bytes, size_t size, off_t place) {
    dirty = true;
    return real(file, bytes, size, place);
  };
  disk.sync = [&dirty](int) {
    dirty = false;
    return 0;
  };
  {
    Committer committer(engine, executor, CommitterState(), 0, NewSentinel(folder, disk));
    committer.Enqueue(PendingPut("x"));
    ASSERT_TRUE(executor.WaitForWork(absl::Seconds(30)));
  }
  EXPECT_FALSE(dirty);
}

TEST(CommitterTest, TheSentinelSaysHowFarItCame) {
  FakeEngine engine;
  async::ManualExecutor executor;
  const StoreFolder folder;
  const auto said = [&folder] { return Sentinel::Read(folder.store() + ".sentinel"); };
  {
    Committer committer(engine, executor, CommitterState(), 0, NewSentinel(folder));
    EXPECT_EQ(said()->value(), 0u);
    committer.Enqueue(PendingPut("x"));
    ASSERT_TRUE(executor.WaitForWork(absl::Seconds(30)));
    EXPECT_EQ(said()->value(), 1u);
  }
  EXPECT_EQ(said()->value(), 1u);
}

}  // namespace
}  // namespace redress::kv
