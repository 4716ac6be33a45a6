// The process is killed at each fault point of the committer, as by `kill -9`, and the store it
// left is looked at. The victim is this very executable, started again: fault points are read once
// per process, and a fork of a process with threads could not go on.
#ifdef REDRESS_TEST_HOOKS

#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cstdlib>
#include <memory>
#include <string>
#include <vector>

#include "fmt/format.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "services/platform/async/manual_executor.h"
#include "services/platform/kv/rocksdb_store.h"
#include "services/platform/kv/testing/store_folder.h"

namespace redress::kv {
namespace {

using ::testing::ElementsAre;

constexpr char kPathVariable[] = "REDRESS_KILL_TEST_PATH";
constexpr char kAnswersVariable[] = "REDRESS_KILL_TEST_ANSWERS";

std::unique_ptr<Store> OpenAt(const std::string& path, async::Executor& executor) {
  RocksDbOptions options;
  options.path = path;
  absl::StatusOr<std::unique_ptr<Store>> store = OpenRocksDbStore(options, executor);
  EXPECT_TRUE(store.ok()) << store.status();
  return std::move(store).value();
}

// Not a test: what the victim runs. It reports every commit that it was answered.
TEST(KillTestVictim, DISABLED_CommitsUntilItIsKilled) {
  const char* path = std::getenv(kPathVariable);
  const char* answers = std::getenv(kAnswersVariable);
  if (path == nullptr || answers == nullptr) GTEST_SKIP() << "run by NothingAcknowledgedIsLost…";
  async::ManualExecutor executor;
  const std::unique_ptr<Store> store = OpenAt(path, executor);
  for (char i = 0; i < 10; ++i) {
    Change change;
    change.mutations.push_back(Mutation::Put(std::string(1, 'a' + i), "x"));
    change.appends.push_back({"log", "x"});
    const CommitResult result = async::RunToEnd(executor, store->Commit(std::move(change)));
    ASSERT_EQ(result.outcome, CommitOutcome::kCommitted);
    ASSERT_EQ(write(std::atoi(answers), &i, 1), 1);
  }
}

// How many commits the victim was answered before it died.
size_t AnsweredBeforeDeath(const std::string& path, const std::string& fault) {
  int answers[2];
  if (pipe(answers) != 0) std::abort();
  std::vector<std::string> environment = {"REDRESS_FAULT=" + fault,
                                          fmt::format("{}={}", kPathVariable, path),
                                          fmt::format("{}={}", kAnswersVariable, answers[1])};
  std::vector<std::string> arguments = {"victim", "--gtest_filter=KillTestVictim.*",
                                        "--gtest_also_run_disabled_tests"};
  const auto pointers = [](std::vector<std::string>& strings) {
    std::vector<char*> out;
    for (std::string& string : strings) out.push_back(string.data());
    out.push_back(nullptr);
    return out;
  };
  pid_t victim = 0;
  if (posix_spawn(&victim, "/proc/self/exe", nullptr, nullptr, pointers(arguments).data(),
                  pointers(environment).data()) != 0) {
    std::abort();
  }
  close(answers[1]);
  size_t count = 0;
  char answer = 0;
  while (read(answers[0], &answer, 1) == 1) ++count;
  close(answers[0]);
  int status = 0;
  waitpid(victim, &status, 0);
  EXPECT_TRUE(WIFSIGNALED(status)) << "the fault point was not passed";
  return count;
}

class KillTest : public testing::TestWithParam<const char*> {};

TEST_P(KillTest, NothingAcknowledgedIsLostAndNothingIsHalfDone) {
  const std::string fault = GetParam();
  const StoreFolder folder;
  const std::string path = folder.store();

  EXPECT_EQ(AnsweredBeforeDeath(path, fault + ":4"), 3u);

  async::ManualExecutor executor;
  {
    const std::unique_ptr<Store> store = OpenAt(path, executor);
    ScanRequest log;
    log.prefix = "log";
    const size_t found = async::RunToEnd(executor, store->Scan(log))->entries.size();
    EXPECT_EQ(found, fault == "commit.before" ? 3u : 4u);
    EXPECT_EQ(async::RunToEnd(executor, store->Scan({}))->entries.size(), 2 * found);
    Change change;
    change.appends.push_back({"log", "y"});
    const CommitResult next = async::RunToEnd(executor, store->Commit(std::move(change)));
    EXPECT_EQ(next.version, found + 1);
    EXPECT_THAT(next.append_numbers, ElementsAre(found + 1));
  }
}

INSTANTIATE_TEST_SUITE_P(FaultPoints, KillTest,
                         testing::Values("commit.before", "commit.after_write",
                                         "commit.before_reply"));

}  // namespace
}  // namespace redress::kv

#endif  // REDRESS_TEST_HOOKS
