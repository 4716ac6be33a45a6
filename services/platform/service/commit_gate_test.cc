#include "services/platform/service/commit_gate.h"

#include <optional>

#include "gtest/gtest.h"
#include "services/platform/async/manual_executor.h"

namespace redress::service {
namespace {

// A commit that stays inside until it is let go.
struct Commit {
  bool inside = false;
  bool done = false;
  async::Signal let_go;
};

async::Task<void> Pass(CommitGate& gate, async::Executor& executor, Commit& commit) {
  {
    const CommitGate::Pass pass = co_await gate.Enter();
    commit.inside = true;
    (void)co_await commit.let_go.WaitPast(executor, 0);
  }
  commit.done = true;
}

async::Task<void> CloseGate(CommitGate& gate, absl::Duration limit, std::optional<bool>& closed) {
  closed = co_await gate.Close(limit);
}

// In virtual time: where nothing is ready, nothing will happen but by what the test does next.
class CommitGateTest : public testing::Test {
 protected:
  bool Close(absl::Duration limit) { return async::RunToEnd(executor_, gate_.Close(limit)); }
  void Begin(Commit& commit) {
    async::Spawn(executor_, Pass(gate_, executor_, commit));
    executor_.RunUntilIdle();
  }
  void LetGo(Commit& commit) {
    commit.let_go.Notify();
    executor_.RunUntilIdle();
  }
  async::ManualExecutor executor_;
  CommitGate gate_{executor_, [this] { return executor_.Now(); }};
};

TEST_F(CommitGateTest, CommitsWaitWhileItIsClosedAndGoOnOnceItIsOpen) {
  EXPECT_TRUE(Close(absl::Minutes(5)));
  Commit commit;
  Begin(commit);
  executor_.Advance(absl::Minutes(4));
  EXPECT_FALSE(commit.inside);
  EXPECT_EQ(gate_.Open(), absl::Minutes(4));
  executor_.RunUntilIdle();
  EXPECT_TRUE(commit.inside);
  LetGo(commit);
  EXPECT_TRUE(commit.done);
}

TEST_F(CommitGateTest, ClosingWaitsForTheCommitsUnderWay) {
  Commit commit;
  Begin(commit);
  EXPECT_TRUE(commit.inside);
  std::optional<bool> closed;
  async::Spawn(executor_, CloseGate(gate_, absl::Minutes(5), closed));
  executor_.Advance(absl::Minutes(4));
  EXPECT_FALSE(closed.has_value());
  LetGo(commit);
  EXPECT_EQ(closed, true);
  EXPECT_TRUE(commit.done);
}

TEST_F(CommitGateTest, AGateThatNobodyOpensOpensByItself) {
  EXPECT_TRUE(Close(absl::Milliseconds(100)));
  Commit commit;
  Begin(commit);
  executor_.Advance(absl::Milliseconds(99));
  EXPECT_FALSE(commit.inside);
  executor_.Advance(absl::Milliseconds(1));
  EXPECT_TRUE(commit.inside);
  EXPECT_FALSE(gate_.Open().has_value());
  LetGo(commit);
  EXPECT_TRUE(commit.done);
}

TEST_F(CommitGateTest, ClosingGivesUpOnACommitThatDoesNotEnd) {
  Commit commit;
  Begin(commit);
  std::optional<bool> closed;
  async::Spawn(executor_, CloseGate(gate_, absl::Milliseconds(50), closed));
  executor_.Advance(absl::Milliseconds(49));
  EXPECT_FALSE(closed.has_value());
  executor_.Advance(absl::Milliseconds(1));
  EXPECT_EQ(closed, false);
  EXPECT_FALSE(gate_.Open().has_value());
  LetGo(commit);
  EXPECT_TRUE(commit.done);
}

}  // namespace
}  // namespace redress::service
