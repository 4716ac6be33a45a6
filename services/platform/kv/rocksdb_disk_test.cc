// A store upon a disk that fails, fills up, turns read-only or loses its power at any operation: it
// ends or refuses clearly, and whoever looks afterwards finds all that was acknowledged and nothing
// half done. The victim is this very executable, started again, since a store ends its process when
// its log cannot be written.
#include <fcntl.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <cstdlib>
#include <fstream>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "fmt/format.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "rocksdb/env.h"
#include "services/platform/async/manual_executor.h"
#include "services/platform/kv/rocksdb_store.h"
#include "services/platform/kv/testing/rocksdb_faulty_disk.h"
#include "services/platform/kv/testing/store_folder.h"

namespace redress::kv {
namespace {

using ::testing::AnyOf;
using ::testing::Each;
using ::testing::HasSubstr;

constexpr char kPlanVariable[] = "REDRESS_BAD_DISK_PLAN";  // "fault at seed answers path"
constexpr int kCommitsEachTime = 3;
constexpr int kLogWriteFailed = 70;

// What the victim reports, a line each.
constexpr char kAcknowledged = 'A';
constexpr char kRefused = 'R';   // Followed by the message, that of opening or reading.
constexpr char kFinished = 'F';  // Followed by the number of operations.

class Report {
 public:
  explicit Report(int descriptor) : descriptor_(descriptor) {}
  void Line(char what, const std::string& more = "") {
    const std::string line = what + more + "\n";
    if (write(descriptor_, line.data(), line.size()) != static_cast<ssize_t>(line.size())) abort();
  }

 private:
  const int descriptor_;
};

CommitResult CommitOne(async::ManualExecutor& executor, Store& store,
                       std::optional<Version> last = std::nullopt) {
  Change change;
  if (last.has_value()) change.conditions.push_back(Condition::At("last", *last));
  // Larger than a block of a table, so that in one the store's own rows, which opening reads,
  // "last" and the log lie in different blocks.
  const std::string large(8 << 10, 'x');
  change.mutations.push_back(Mutation::Put("first", large));
  change.mutations.push_back(Mutation::Put("last", large));
  change.appends.push_back({"log", std::string(100, 'x')});
  return async::RunToEnd(executor, store.Commit(std::move(change)));
}

// Opens the store twice, since the second opening writes a table of what the log holds, and each
// time commits and reads. The second time the first commit rests on a row that is in the table.
void CommitOn(rocksdb::Env* disk, const std::string& path, Report report) {
  async::ManualExecutor executor;
  std::optional<Version> last;
  for (int time = 0; time < 2; ++time) {
    RocksDbOptions options;
    options.path = path;
    options.disk = disk;
    absl::StatusOr<std::unique_ptr<Store>> store = OpenRocksDbStore(options, executor);
    if (!store.ok()) return report.Line(kRefused, store.status().ToString());
    for (int i = 0; i < kCommitsEachTime; ++i) {
      const CommitResult result = CommitOne(executor, **store, last);
      if (result.outcome == CommitOutcome::kUnread) report.Line(kRefused, result.error.ToString());
      if (result.outcome != CommitOutcome::kCommitted) continue;
      last = result.version;
      report.Line(kAcknowledged);
    }
    const absl::StatusOr<ScanPage> log =
        async::RunToEnd(executor, (*store)->Scan({.prefix = "log", .limit = 100}));
    if (!log.ok()) report.Line(kRefused, log.status().ToString());
    const auto row = async::RunToEnd(executor, (*store)->Get("last"));
    if (!row.ok()) report.Line(kRefused, row.status().ToString());
  }
}

// Not a test: what the victim runs.
TEST(BadDiskVictim, DISABLED_CommitsAsLongAsItCan) {
  const char* plan = std::getenv(kPlanVariable);
  if (plan == nullptr) GTEST_SKIP() << "run by BadDiskTest";
  int fault = 0;
  int answers = 0;
  FaultyDisk::Plan planned;
  char path[1024];
  ASSERT_EQ(
      std::sscanf(plan, "%d %lu %lu %d %1023s", &fault, &planned.at, &planned.seed, &answers, path),
      5);
  planned.fault = static_cast<DiskFault>(fault);
  const auto disk = std::make_shared<FaultyDisk>(planned);
  const std::unique_ptr<rocksdb::Env> environment = rocksdb::NewCompositeEnv(disk);
  CommitOn(environment.get(), path, Report(answers));
  Report(answers).Line(kFinished, std::to_string(disk->operations()));
}

struct Outcome {
  int acknowledged = 0;
  // What it refused to open, to read or to commit since it could not read, and why.
  std::vector<std::string> refused;
  uint64_t operations = 0;  // 0: it did not come to its end.
  int status = 0;           // As waitpid gives it.
  std::string said;         // On its standard error.
};

Outcome OutcomeOf(const std::string& report, int status) {
  Outcome outcome;
  outcome.status = status;
  size_t begin = 0;
  while (begin < report.size()) {
    const size_t end = std::min(report.find('\n', begin), report.size());
    const std::string more = report.substr(begin + 1, end - begin - 1);
    if (report[begin] == kAcknowledged) ++outcome.acknowledged;
    if (report[begin] == kRefused) outcome.refused.push_back(more);
    if (report[begin] == kFinished) outcome.operations = std::stoull(more);
    begin = end + 1;
  }
  return outcome;
}

Outcome RunVictim(const std::string& path, DiskFault fault, uint64_t at, uint64_t seed = 0) {
  int answers[2];
  if (pipe(answers) != 0) std::abort();
  std::string plan = fmt::format("{}={} {} {} {} {}", kPlanVariable, static_cast<int>(fault), at,
                                 seed, answers[1], path);
  std::string name = "victim";
  std::string filter = "--gtest_filter=BadDiskVictim.*";
  std::string disabled = "--gtest_also_run_disabled_tests";
  char* const arguments[] = {name.data(), filter.data(), disabled.data(), nullptr};
  char* const environment[] = {plan.data(), nullptr};
  posix_spawn_file_actions_t quiet;
  posix_spawn_file_actions_init(&quiet);
  posix_spawn_file_actions_addopen(&quiet, STDOUT_FILENO, "/dev/null", O_WRONLY, 0);
  const std::string said = path + ".said";
  posix_spawn_file_actions_addopen(&quiet, STDERR_FILENO, said.c_str(),
                                   O_WRONLY | O_CREAT | O_TRUNC, 0600);
  posix_spawn_file_actions_addclose(&quiet, answers[0]);
  pid_t victim = 0;
  if (posix_spawn(&victim, "/proc/self/exe", &quiet, nullptr, arguments, environment) != 0) {
    std::abort();
  }
  posix_spawn_file_actions_destroy(&quiet);
  close(answers[1]);
  std::string report;
  char bytes[4096];
  for (ssize_t read_now; (read_now = read(answers[0], bytes, sizeof(bytes))) > 0;) {
    report.append(bytes, static_cast<size_t>(read_now));
  }
  close(answers[0]);
  int status = 0;
  waitpid(victim, &status, 0);
  Outcome outcome = OutcomeOf(report, status);
  std::ifstream file(said);
  outcome.said.assign(std::istreambuf_iterator<char>(file), {});
  return outcome;
}

// The store is whole upon a disk that is well again: all that was acknowledged, at most one commit
// more, which nobody was answered, and nothing half done.
void ExpectWhole(const std::string& path, const Outcome& outcome) {
  async::ManualExecutor executor;
  RocksDbOptions options;
  options.path = path;
  const absl::StatusOr<std::unique_ptr<Store>> store = OpenRocksDbStore(options, executor);
  ASSERT_TRUE(store.ok()) << store.status();
  const absl::StatusOr<ScanPage> log =
      async::RunToEnd(executor, (*store)->Scan({.prefix = "log", .limit = 100}));
  ASSERT_TRUE(log.ok()) << log.status();
  const int found = static_cast<int>(log->entries.size());
  EXPECT_GE(found, outcome.acknowledged) << "an acknowledged commit is lost";
  EXPECT_LE(found, outcome.acknowledged + 1);
  for (int i = 0; i < found; ++i) {
    EXPECT_EQ(log->entries[i].key, LogKey("log", static_cast<uint64_t>(i + 1)));
    EXPECT_EQ(log->entries[i].value, std::string(100, 'x'));
  }
  const auto last = async::RunToEnd(executor, (*store)->Get("last"));
  ASSERT_TRUE(last.ok()) << last.status();
  ASSERT_EQ(last->has_value(), found > 0);
  if (found > 0) {
    EXPECT_EQ((*last)->version, log->entries.back().version);
  }
  EXPECT_EQ(CommitOne(executor, **store).outcome, CommitOutcome::kCommitted);
}

// It went through, or it said why not.
void ExpectClear(const Outcome& outcome) {
  if (outcome.operations > 0) {
    EXPECT_EQ(outcome.status, 0);
    EXPECT_THAT(outcome.refused, Each(HasSubstr("docs/runbook.md")));
    EXPECT_TRUE(outcome.acknowledged == 2 * kCommitsEachTime || !outcome.refused.empty());
    return;
  }
  ASSERT_TRUE(WIFEXITED(outcome.status)) << "ended by signal " << WTERMSIG(outcome.status);
  EXPECT_THAT(WEXITSTATUS(outcome.status), AnyOf(kLogWriteFailed, kPowerCutStatus));
  if (WEXITSTATUS(outcome.status) == kLogWriteFailed) {
    EXPECT_THAT(outcome.said, HasSubstr("docs/runbook.md"));
  }
}

class BadDiskTest : public testing::TestWithParam<DiskFault> {};

TEST_P(BadDiskTest, AtWhicheverOperationNothingAcknowledgedIsLostAndTheErrorIsClear) {
  uint64_t at = 1;
  std::string refused;
  for (bool untouched = false; !untouched; ++at) {
    SCOPED_TRACE(fmt::format("at operation {}", at));
    const StoreFolder folder;
    const Outcome outcome = RunVictim(folder.store(), GetParam(), at);
    ExpectClear(outcome);
    ExpectWhole(folder.store(), outcome);
    if (HasFailure()) return;
    for (const std::string& one : outcome.refused) refused += one;
    untouched = outcome.operations > 0 && outcome.operations < at;
  }
  EXPECT_GT(at, 20u) << "the fault was hardly tried";
  if (GetParam() == DiskFault::kError) {
    EXPECT_THAT(refused, HasSubstr("store: open: "));
    EXPECT_THAT(refused, HasSubstr("store: check a condition: "));
    EXPECT_THAT(refused, HasSubstr("store: scan: "));
  }
}

std::string NameOf(const testing::TestParamInfo<DiskFault>& fault) {
  constexpr const char* kNames[] = {"None", "AnError", "NoRoom", "ReadOnly", "APowerCut"};
  return kNames[static_cast<int>(fault.param)];
}

INSTANTIATE_TEST_SUITE_P(Faults, BadDiskTest,
                         testing::Values(DiskFault::kError, DiskFault::kFull, DiskFault::kReadOnly,
                                         DiskFault::kPowerCut),
                         NameOf);

TEST(PowerCutTest, APowerCutMayLeaveAnyPartOfWhatWasNotSynced) {
  for (uint64_t seed = 1; seed <= 60; ++seed) {
    SCOPED_TRACE(fmt::format("seed {}", seed));
    const StoreFolder folder;
    const Outcome outcome = RunVictim(folder.store(), DiskFault::kPowerCut, 10 + seed % 50, seed);
    ExpectWhole(folder.store(), outcome);
    if (testing::Test::HasFailure()) return;
  }
}

}  // namespace
}  // namespace redress::kv
