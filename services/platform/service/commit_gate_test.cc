#include "services/platform/service/commit_gate.h"

#include <memory>
#include <optional>
#include <utility>

#include "absl/synchronization/notification.h"
#include "gtest/gtest.h"
#include "services/platform/async/thread_executor.h"

namespace redress::service {
namespace {

// A commit that stays inside until it is let go.
struct Commit {
  absl::Notification inside;
  absl::Notification let_go;
};

async::Task<void> Pass(CommitGate& gate, async::Executor& executor, Commit& commit,
                       absl::Notification& done) {
  {
    const CommitGate::Pass pass = co_await gate.Enter();
    commit.inside.Notify();
    while (!commit.let_go.HasBeenNotified()) {
      co_await async::SleepFor(executor, absl::Milliseconds(1));
    }
  }
  done.Notify();
}

async::Task<void> CloseGate(CommitGate& gate, absl::Duration limit, std::optional<bool>& closed,
                            absl::Notification& done) {
  closed = co_await gate.Close(limit);
  done.Notify();
}

class CommitGateTest : public testing::Test {
 protected:
  bool Close(absl::Duration limit) {
    std::optional<bool> closed;
    absl::Notification done;
    async::Spawn(executor_, CloseGate(gate_, limit, closed, done));
    done.WaitForNotification();
    return *closed;
  }
  async::ThreadExecutor executor_;
  CommitGate gate_{executor_};
};

TEST_F(CommitGateTest, CommitsWaitWhileItIsClosedAndGoOnOnceItIsOpen) {
  EXPECT_TRUE(Close(absl::Minutes(5)));
  Commit commit;
  absl::Notification done;
  async::Spawn(executor_, Pass(gate_, executor_, commit, done));
  EXPECT_FALSE(commit.inside.WaitForNotificationWithTimeout(absl::Milliseconds(50)));
  EXPECT_TRUE(gate_.Open().has_value());
  commit.inside.WaitForNotification();
  commit.let_go.Notify();
  done.WaitForNotification();
}

TEST_F(CommitGateTest, ClosingWaitsForTheCommitsUnderWay) {
  Commit commit;
  absl::Notification done;
  async::Spawn(executor_, Pass(gate_, executor_, commit, done));
  commit.inside.WaitForNotification();
  std::optional<bool> closed;
  absl::Notification is_closed;
  async::Spawn(executor_, CloseGate(gate_, absl::Minutes(5), closed, is_closed));
  EXPECT_FALSE(is_closed.WaitForNotificationWithTimeout(absl::Milliseconds(50)));
  commit.let_go.Notify();
  is_closed.WaitForNotification();
  EXPECT_TRUE(*closed);
  done.WaitForNotification();
}

TEST_F(CommitGateTest, AGateThatNobodyOpensOpensByItself) {
  EXPECT_TRUE(Close(absl::Milliseconds(100)));
  Commit commit;
  absl::Notification done;
  async::Spawn(executor_, Pass(gate_, executor_, commit, done));
  commit.inside.WaitForNotification();
  EXPECT_FALSE(gate_.Open().has_value());
  commit.let_go.Notify();
  done.WaitForNotification();
}

TEST_F(CommitGateTest, ClosingGivesUpOnACommitThatDoesNotEnd) {
  Commit commit;
  absl::Notification done;
  async::Spawn(executor_, Pass(gate_, executor_, commit, done));
  commit.inside.WaitForNotification();
  EXPECT_FALSE(Close(absl::Milliseconds(50)));
  EXPECT_FALSE(gate_.Open().has_value());
  commit.let_go.Notify();
  done.WaitForNotification();
}

}  // namespace
}  // namespace redress::service
