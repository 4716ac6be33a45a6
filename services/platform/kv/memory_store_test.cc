#include "services/platform/kv/memory_store.h"

#include <memory>

#include "gtest/gtest.h"
#include "services/platform/async/manual_executor.h"

namespace redress::kv {
namespace {

Change PutOne(std::string key) {
  Change change;
  change.mutations.push_back(Mutation::Put(std::move(key), "x"));
  return change;
}

TEST(MemoryStoreTest, APreparedAnswerServesOneCommit) {
  async::ManualExecutor executor;
  MemoryStore store(executor);
  store.AnswerNextCommit(CommitOutcome::kNoSpace);
  store.AnswerNextCommit(CommitOutcome::kUnknown, /*apply=*/true);

  EXPECT_EQ(RunToEnd(executor, store.Commit(PutOne("a"))).outcome, CommitOutcome::kNoSpace);
  EXPECT_EQ(store.size(), 0u);
  EXPECT_EQ(RunToEnd(executor, store.Commit(PutOne("b"))).outcome, CommitOutcome::kUnknown);
  EXPECT_EQ(store.size(), 1u);
  EXPECT_EQ(RunToEnd(executor, store.Commit(PutOne("c"))).outcome, CommitOutcome::kCommitted);
}

TEST(MemoryStoreTest, ACommitWaitsForTheExecutorsNextTurn) {
  async::ManualExecutor executor;
  MemoryStore store(executor);
  bool done = false;
  Spawn(executor, [](MemoryStore* store, bool* done) -> async::Task<void> {
    Change change = PutOne("a");
    co_await store->Commit(std::move(change));
    *done = true;
  }(&store, &done));

  EXPECT_TRUE(executor.RunOne());
  EXPECT_FALSE(done);
  EXPECT_EQ(store.size(), 0u);
  executor.RunUntilIdle();
  EXPECT_TRUE(done);
}

TEST(MemoryStoreTest, ACommitThatIsGivenUpIsDoneAllTheSame) {
  async::ManualExecutor executor;
  MemoryStore store(executor);
  {
    // Runs up to the wait, and is destroyed there with everything in it.
    async::Task<CommitResult> given_up = store.Commit(PutOne("a"));
    EXPECT_TRUE(given_up.await_suspend(std::noop_coroutine()));
  }
  executor.RunUntilIdle();
  EXPECT_EQ(store.size(), 1u);
}

}  // namespace
}  // namespace redress::kv
