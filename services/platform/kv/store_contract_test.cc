// What a commit means, whatever engine stands behind kv::Store.
#include "services/platform/kv/testing/store_contract.h"

#include <atomic>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "services/platform/async/thread_executor.h"
#include "services/platform/kv/numbers.h"

namespace redress::kv {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::SizeIs;

TEST_P(StoreContractTest, WhatWasCommittedIsReadBackWithItsVersion) {
  const Version version = Put("a", "1");

  const std::optional<Entry> entry = Get("a");
  ASSERT_TRUE(entry.has_value());
  EXPECT_EQ(entry->key, "a");
  EXPECT_EQ(entry->value, "1");
  EXPECT_EQ(entry->version, version);
  EXPECT_GE(version, 1u);
}

TEST_P(StoreContractTest, AnAbsentKeyIsNotAnError) { EXPECT_EQ(Get("a"), std::nullopt); }

TEST_P(StoreContractTest, AnEmptyValueAndEveryByteAreKept) {
  std::string bytes;
  for (int i = 0; i < 256; ++i) bytes.push_back(static_cast<char>(i));
  Put("a", "");
  Put("\x01" + bytes, bytes);
  EXPECT_EQ(Get("a")->value, "");
  EXPECT_EQ(Get("\x01" + bytes)->value, bytes);
}

TEST_P(StoreContractTest, AChangeIsDoneWholeUnderOneVersion) {
  Put("gone", "x");
  Change change;
  change.conditions = {Condition::Absent("a"), Condition::Absent("b")};
  change.mutations = {Mutation::Put("a", "1"), Mutation::Put("b", "2"), Mutation::Delete("gone")};
  change.appends = {{"log", "3"}};
  change.additions = {{"n", {1}}};

  const CommitResult result = Commit(change);

  ASSERT_EQ(result.outcome, CommitOutcome::kCommitted);
  EXPECT_EQ(Get("a")->version, result.version);
  EXPECT_EQ(Get("b")->version, result.version);
  EXPECT_EQ(Get(LogKey("log", 1))->version, result.version);
  EXPECT_EQ(Get("n")->version, result.version);
  EXPECT_EQ(Get("gone"), std::nullopt);
}

TEST_P(StoreContractTest, AFailedConditionLeavesNothing) {
  Put("b", "2");
  Change change;
  change.conditions = {Condition::Absent("a"), Condition::Absent("b"), Condition::Absent("c")};
  change.mutations = {Mutation::Put("a", "1"), Mutation::Delete("b")};
  change.appends = {{"log", "3"}};

  const CommitResult result = Commit(change);

  EXPECT_EQ(result.outcome, CommitOutcome::kConflict);
  EXPECT_EQ(result.conflict_key, "b");
  EXPECT_TRUE(result.conflict_on_absent);
  EXPECT_EQ(Get("a"), std::nullopt);
  EXPECT_EQ(Get("b")->value, "2");
  EXPECT_EQ(Get(LogKey("log", 1)), std::nullopt);
}

TEST_P(StoreContractTest, AVersionConditionHoldsForTheLastWriteOnly) {
  const Version first = Put("a", "1");
  const Version second = Put("a", "2");
  const auto outcome_at = [this](Version version) {
    Change change;
    change.conditions = {Condition::At("a", version)};
    change.mutations = {Mutation::Put("seen", "x")};
    return Commit(change).outcome;
  };
  EXPECT_EQ(outcome_at(first), CommitOutcome::kConflict);
  EXPECT_EQ(outcome_at(second + 1), CommitOutcome::kConflict);
  EXPECT_EQ(outcome_at(second), CommitOutcome::kCommitted);
}

TEST_P(StoreContractTest, AVersionConditionOnAnAbsentKeyFails) {
  Change change;
  change.conditions = {Condition::At("a", 1)};
  const CommitResult result = Commit(change);
  EXPECT_EQ(result.outcome, CommitOutcome::kConflict);
  EXPECT_FALSE(result.conflict_on_absent);
}

TEST_P(StoreContractTest, VersionsGrowAndAreNeverUsedAgain) {
  const Version first = Put("a", "1");
  Change erase;
  erase.mutations = {Mutation::Delete("a"), Mutation::Delete("never there")};
  const Version second = Commit(erase).version;
  const Version third = Put("a", "1");
  EXPECT_LT(first, second);
  EXPECT_LT(second, third);
}

TEST_P(StoreContractTest, AppendsAreNumberedFromOneWithoutGaps) {
  EXPECT_THAT(AppendTo("log", {"a", "b"}).append_numbers, ElementsAre(1, 2));
  Change refused;
  refused.conditions = {Condition::At("absent", 7)};
  refused.appends = {{"log", "lost"}};
  EXPECT_EQ(Commit(refused).outcome, CommitOutcome::kConflict);
  Change mixed;
  mixed.appends = {{"log", "c"}, {"other", "x"}, {"log", "d"}};
  EXPECT_THAT(Commit(mixed).append_numbers, ElementsAre(3, 1, 4));

  ScanRequest all;
  all.prefix = "log";
  EXPECT_THAT(ScanKeys(all),
              ElementsAre(LogKey("log", 1), LogKey("log", 2), LogKey("log", 3), LogKey("log", 4)));
  EXPECT_EQ(Get(LogKey("log", 4))->value, "d");
}

TEST_P(StoreContractTest, WhatIsAddedTogetherAddsUpWithoutAConflict) {
  std::vector<Change> changes(3);
  changes[0].additions = {{"n", {1, -5}}, {"m", {7}}};
  changes[1].additions = {{"n", {1}}, {"n", {1}}};
  changes[2].additions = {{"n", {0, 0, 9}}};
  for (const CommitResult& result : CommitTogether(changes)) {
    EXPECT_EQ(result.outcome, CommitOutcome::kCommitted);
  }
  EXPECT_THAT(DecodeNumbers(Get("n")->value).value(), ElementsAre(3, -5, 9));
  EXPECT_THAT(DecodeNumbers(Get("m")->value).value(), ElementsAre(7));

  Change back;
  back.additions = {{"n", {-3, 5, -9}}, {"m", {1}}};
  const CommitResult result = Commit(back);
  EXPECT_EQ(Get("n"), std::nullopt) << "all of them are zero";
  EXPECT_THAT(DecodeNumbers(Get("m")->value).value(), ElementsAre(8));
  EXPECT_EQ(Get("m")->version, result.version);
}

TEST_P(StoreContractTest, AChangeThatIsNotDoneAddsNothing) {
  Change change;
  change.additions = {{"n", {1}}};
  change.conditions = {Condition::At("absent", 1)};
  EXPECT_EQ(Commit(change).outcome, CommitOutcome::kConflict);
  EXPECT_EQ(Get("n"), std::nullopt);
  // Nor does one that goes to what is no row of numbers.
  Put("n", "text");
  change.conditions.clear();
  change.mutations = {Mutation::Put("beside", "")};
  EXPECT_EQ(Commit(change).outcome, CommitOutcome::kUnread);
  EXPECT_EQ(Get("n")->value, "text");
  EXPECT_EQ(Get("beside"), std::nullopt);
}

TEST_P(StoreContractTest, CommitsMadeTogetherSeeOneAnother) {
  std::vector<Change> changes(3);
  for (size_t i = 0; i < changes.size(); ++i) {
    changes[i].conditions = {Condition::Absent("a")};
    changes[i].mutations = {Mutation::Put("a", std::to_string(i))};
    changes[i].appends = {{"log", std::to_string(i)}};
  }

  const std::vector<CommitResult> results = CommitTogether(changes);

  EXPECT_EQ(results[0].outcome, CommitOutcome::kCommitted);
  EXPECT_EQ(results[1].outcome, CommitOutcome::kConflict);
  EXPECT_EQ(results[2].outcome, CommitOutcome::kConflict);
  EXPECT_EQ(Get("a")->value, "0");
  EXPECT_EQ(AppendTo("log", {"x"}).append_numbers[0], 2u);
}

TEST_P(StoreContractTest, ADeleteMadeTogetherWithALaterCommitIsSeenByIt) {
  const Version version = Put("a", "1");
  std::vector<Change> changes(3);
  changes[0].mutations = {Mutation::Delete("a")};
  changes[1].conditions = {Condition::At("a", version)};
  changes[2].conditions = {Condition::Absent("a")};

  const std::vector<CommitResult> results = CommitTogether(changes);

  EXPECT_EQ(results[0].outcome, CommitOutcome::kCommitted);
  EXPECT_EQ(results[1].outcome, CommitOutcome::kConflict);
  EXPECT_EQ(results[2].outcome, CommitOutcome::kCommitted);
}

TEST_P(StoreContractTest, TheLastOfTwoWritesToAKeyCounts) {
  Change change;
  change.mutations = {Mutation::Put("a", "1"), Mutation::Put("a", "2"), Mutation::Put("b", "1"),
                      Mutation::Delete("b")};
  ASSERT_EQ(Commit(change).outcome, CommitOutcome::kCommitted);
  EXPECT_EQ(Get("a")->value, "2");
  EXPECT_EQ(Get("b"), std::nullopt);
}

TEST_P(StoreContractTest, WhatIsOverALimitIsRefusedWhole) {
  const auto outcome_of = [this](Change change) { return Commit(std::move(change)).outcome; };
  Change value;
  value.mutations = {Mutation::Put("a", "1"),
                     Mutation::Put("b", std::string(kMaxValueBytes + 1, 'x'))};
  EXPECT_EQ(outcome_of(value), CommitOutcome::kTooLarge);
  Change bytes;
  for (int i = 0; i < 5; ++i) {
    bytes.mutations.push_back(
        Mutation::Put("b" + std::to_string(i), std::string(kMaxValueBytes, 'x')));
  }
  EXPECT_EQ(outcome_of(bytes), CommitOutcome::kTooLarge);
  Change operations;
  for (size_t i = 0; i <= kMaxOperationsPerCommit; ++i) {
    operations.mutations.push_back(Mutation::Put("c" + std::to_string(i), ""));
  }
  EXPECT_EQ(outcome_of(operations), CommitOutcome::kTooLarge);
  Change key;
  key.mutations = {Mutation::Put(std::string(kMaxKeyBytes + 1, 'k'), "")};
  EXPECT_EQ(outcome_of(key), CommitOutcome::kTooLarge);
  EXPECT_THAT(ScanKeys({}), IsEmpty());

  operations.mutations.pop_back();
  EXPECT_EQ(outcome_of(operations), CommitOutcome::kCommitted);
  bytes.mutations.resize(3);
  EXPECT_EQ(outcome_of(bytes), CommitOutcome::kCommitted);
}

TEST_P(StoreContractTest, WhatIsNotWellFormedIsRefused) {
  const auto outcome_of = [this](Change change) { return Commit(std::move(change)).outcome; };
  Change empty_key;
  empty_key.mutations = {Mutation::Put("", "x")};
  EXPECT_EQ(outcome_of(empty_key), CommitOutcome::kInvalid);
  Change reserved;
  reserved.mutations = {Mutation::Put(std::string("\0v", 2), "x")};
  EXPECT_EQ(outcome_of(reserved), CommitOutcome::kInvalid);
  Change empty_log;
  empty_log.appends = {{"", "x"}};
  EXPECT_EQ(outcome_of(empty_log), CommitOutcome::kInvalid);
  Change empty_sum;
  empty_sum.additions = {{"", {1}}};
  EXPECT_EQ(outcome_of(empty_sum), CommitOutcome::kInvalid);
  Change many_numbers;
  many_numbers.additions = {{"n", std::vector<int64_t>(kMaxNumbers + 1, 1)}};
  EXPECT_EQ(outcome_of(many_numbers), CommitOutcome::kTooLarge);
  Change txn_key_not_put;
  txn_key_not_put.mutations = {Mutation::Put("a", "x")};
  txn_key_not_put.txn_key = "b";
  EXPECT_EQ(outcome_of(txn_key_not_put), CommitOutcome::kInvalid);
}

TEST_P(StoreContractTest, EverythingIsThereAfterReopening) {
  if (!GetParam().durable) GTEST_SKIP() << "not a durable engine";
  const Version first = Put("a", "1");
  AppendTo("log", {"x", "y"});
  Put("b", "2");
  Change erase;
  erase.mutations = {Mutation::Delete("b")};
  const Version last = Commit(erase).version;

  Reopen();

  EXPECT_EQ(Get("a")->version, first);
  EXPECT_EQ(Get("a")->value, "1");
  EXPECT_EQ(Get("b"), std::nullopt);
  EXPECT_GT(Put("c", "3"), last);
  EXPECT_THAT(AppendTo("log", {"z"}).append_numbers, ElementsAre(3));
}

// Four threads raise one counter under a version condition; conflicts are tried again.
async::Task<void> RaiseCounter(Store* store, int times, std::atomic<int>* finished) {
  for (int done = 0; done < times;) {
    std::string key = "counter";
    const absl::StatusOr<std::optional<Entry>> entry = co_await store->Get(std::move(key));
    Change change;
    int next = 1;
    if (entry->has_value()) {
      next = std::stoi((*entry)->value) + 1;
      change.conditions.push_back(Condition::At("counter", (*entry)->version));
    } else {
      change.conditions.push_back(Condition::Absent("counter"));
    }
    change.mutations.push_back(Mutation::Put("counter", std::to_string(next)));
    change.appends.push_back({"log", std::to_string(next)});
    const CommitResult result = co_await store->Commit(std::move(change));
    if (result.outcome == CommitOutcome::kCommitted) ++done;
  }
  ++*finished;
}

TEST_P(StoreContractTest, NoUpdateIsLostAmongConcurrentCommitters) {
  constexpr int kThreads = 4;
  constexpr int kTimes = 25;
  const StoreFolder folder;
  std::atomic<int> finished{0};
  async::ThreadExecutor home;
  {
    const std::unique_ptr<Store> store = GetParam().open(folder.store(), home);
    {
      // Each starts on a thread of its own and goes on upon the store's executor.
      std::vector<std::unique_ptr<async::ThreadExecutor>> starters(kThreads);
      for (auto& starter : starters) {
        starter = std::make_unique<async::ThreadExecutor>();
        Spawn(*starter, RaiseCounter(store.get(), kTimes, &finished));
      }
      while (finished < kThreads) std::this_thread::yield();
    }
    async::ManualExecutor reader;
    const auto counter = async::RunToEnd(reader, store->Get("counter"));
    EXPECT_EQ((*counter)->value, std::to_string(kThreads * kTimes));
    ScanRequest request;
    request.prefix = "log";
    request.limit = kMaxScanLimit;
    const auto log = async::RunToEnd(reader, store->Scan(request));
    ASSERT_THAT(log->entries, SizeIs(kThreads * kTimes));
    for (int i = 0; i < kThreads * kTimes; ++i) {
      EXPECT_EQ(log->entries[i].key, LogKey("log", i + 1));
      EXPECT_EQ(log->entries[i].value, std::to_string(i + 1));
    }
  }
}

INSTANTIATE_TEST_SUITE_P(Engines, StoreContractTest, EveryEngine(), EngineName);

}  // namespace
}  // namespace redress::kv
