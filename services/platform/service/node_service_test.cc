#include "services/platform/service/node_service.h"

#include <deque>
#include <filesystem>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "services/platform/async/manual_executor.h"
#include "services/platform/backup/backup_folder.h"
#include "services/platform/journal/restored_mark.h"
#include "services/platform/kv/rocksdb_store.h"
#include "services/platform/kv/testing/store_folder.h"
#include "services/platform/service/measured_store.h"
#include "services/platform/status/field_violations.h"
#include "services/platform/status/refusal.h"
#include "services/platform/telemetry/metrics.h"

namespace redress::service {
namespace {

namespace v1 = node::v1;
using ::testing::SizeIs;

v1::TakeBackupRequest Begin(const std::string& directory) {
  v1::TakeBackupRequest request;
  request.mutable_begin()->set_directory(directory);
  return request;
}
v1::TakeBackupRequest Hold() {
  v1::TakeBackupRequest request;
  request.set_hold(true);
  return request;
}
v1::TakeBackupRequest Take() {
  v1::TakeBackupRequest request;
  request.set_take(true);
  return request;
}

// The caller's side of a stream: `before_read` runs when the service waits for the next step.
class Steps final : public rpc::Reader<v1::TakeBackupRequest> {
 public:
  explicit Steps(std::deque<v1::TakeBackupRequest> steps) : steps_(std::move(steps)) {}
  async::Task<std::optional<v1::TakeBackupRequest>> Read() override {
    if (before_read) before_read(steps_.size());
    std::optional<v1::TakeBackupRequest> next;
    if (!steps_.empty()) {
      next = std::move(steps_.front());
      steps_.pop_front();
    }
    co_return next;
  }
  std::function<void(size_t left)> before_read;

 private:
  std::deque<v1::TakeBackupRequest> steps_;
};

class Answers final : public rpc::Writer<v1::TakeBackupResponse> {
 public:
  async::Task<bool> Write(v1::TakeBackupResponse message) override {
    if (!message.has_progress()) answers.push_back(std::move(message));
    co_return true;
  }
  std::vector<v1::TakeBackupResponse> answers;
};

class NodeServiceTest : public testing::Test {
 protected:
  NodeServiceTest() {
    std::filesystem::create_directories(data_ + "/files");
    kv::RocksDbOptions options;
    options.path = data_ + "/store";
    options.points = &service_.points();
    store_ =
        MeasureStore(kv::OpenRocksDbStore(options, executor_).value(), metrics_, service_.gate());
    service_.SetStore(store_.get());
    Put("a", "first");
  }

  async::Task<kv::CommitResult> Commit(std::string key, std::string value) {
    kv::Change change;
    change.mutations.push_back(kv::Mutation::Put(std::move(key), std::move(value)));
    return store_->Commit(std::move(change));
  }
  async::Task<void> CommitSecond(bool& committed) {
    const kv::CommitResult result = co_await Commit("a", "second");
    committed = result.outcome == kv::CommitOutcome::kCommitted;
  }
  void Put(const std::string& key, const std::string& value) {
    EXPECT_EQ(async::RunToEnd(executor_, Commit(key, value)).outcome,
              kv::CommitOutcome::kCommitted);
  }
  absl::Status BackUp(Steps& steps) {
    rpc::CallContext context({.executor = &executor_});
    return async::RunToEndInVirtualTime(executor_, service_.TakeBackup(context, steps, answers_));
  }
  absl::Status BackUp(std::deque<v1::TakeBackupRequest> script) {
    Steps steps(std::move(script));
    return BackUp(steps);
  }
  v1::RecordRestorePointRequest PointOf(const v1::ServiceCopy& copy) {
    v1::RecordRestorePointRequest request;
    request.set_directory(backup_);
    request.mutable_point()->set_node("kh");
    request.mutable_point()->mutable_taken_at()->set_seconds(1);
    *request.mutable_point()->add_services() = copy;
    return request;
  }

  const kv::StoreFolder base_;
  const std::string data_ = base_.store() + "-data";
  const std::string backup_ = base_.store() + "-backup";
  const SystemClock clock_;
  // What a hold is measured by: it goes on when a test says so.
  absl::Time now_ = absl::UnixEpoch();
  async::ManualExecutor executor_;
  std::vector<std::string> log_lines_;
  telemetry::Logger log_{{.node = "kh", .service = "intake"},
                         clock_,
                         [this](std::string_view line) { log_lines_.emplace_back(line); }};
  telemetry::Metrics metrics_{"kh", "intake"};
  NodeService service_{{.node = "kh",
                        .service = "intake",
                        .data_dir = data_,
                        .files_directory = data_ + "/files",
                        .clock = clock_,
                        .executor = executor_,
                        .log = log_,
                        .longest_hold = absl::Milliseconds(300),
                        .steady_now = [this] { return now_; }}};
  std::unique_ptr<kv::Store> store_;
  Answers answers_;
};

TEST_F(NodeServiceTest, ACopyIsTakenInStepsAndCountsOnceAPointNamesIt) {
  Steps steps({Begin(backup_), Hold(), Take()});
  steps.before_read = [this](size_t left) {
    if (left == 1) now_ += absl::Milliseconds(20);
  };
  ASSERT_EQ(BackUp(steps), absl::OkStatus());
  ASSERT_THAT(answers_.answers, SizeIs(4));
  EXPECT_TRUE(answers_.answers[0].ready());
  EXPECT_TRUE(answers_.answers[1].has_held());
  EXPECT_EQ(answers_.answers[2].taken(), 20);
  const v1::ServiceCopy& copy = answers_.answers[3].done();
  EXPECT_EQ(copy.service(), "intake");
  EXPECT_EQ(copy.last_commit(), 1u);
  EXPECT_EQ(copy.data_dir(), data_);
  EXPECT_FALSE(std::filesystem::exists(data_ + "/backup-point"));
  const auto folder = backup::BackupFolder::Open(backup_).value();
  EXPECT_THAT(folder.Points().value(), SizeIs(0));
  const auto recorded =
      async::RunToEnd(executor_, service_.RecordRestorePoint(PointOf(copy))).value();
  EXPECT_EQ(recorded.point().number(), 1u);
  EXPECT_EQ(folder.Point(1).value().services(0).last_commit(), 1u);
}

TEST_F(NodeServiceTest, CommitsWaitWhileHeldAndAreNotInTheCopy) {
  bool committed = false;
  Steps steps({Begin(backup_), Hold(), Take()});
  steps.before_read = [&](size_t left) {
    if (left != 1) return;  // Held, and the caller is about to say "take".
    async::Spawn(executor_, CommitSecond(committed));
  };
  ASSERT_EQ(BackUp(steps), absl::OkStatus());
  EXPECT_EQ(answers_.answers.back().done().last_commit(), 1u);
  while (!committed && executor_.WaitForWork(absl::Seconds(5))) executor_.RunUntilIdle();
  EXPECT_TRUE(committed);
}

TEST_F(NodeServiceTest, AHoldThatTakesTooLongEndsAndIsNoPoint) {
  Steps steps({Begin(backup_), Hold(), Take()});
  steps.before_read = [&](size_t left) {
    if (left == 1) now_ += absl::Milliseconds(300);
  };
  const absl::Status ended = BackUp(steps);
  EXPECT_EQ(GetRefusal(ended)->reason, "HOLD_TIMED_OUT");
  Put("a", "goes on");
}

TEST_F(NodeServiceTest, ACallerWhoGoesAwayLeavesCommitsFree) {
  EXPECT_EQ(BackUp({Begin(backup_), Hold()}).code(), absl::StatusCode::kCancelled);
  Put("a", "goes on");
  EXPECT_EQ(BackUp({Begin(backup_), Hold(), Take()}), absl::OkStatus());
}

TEST_F(NodeServiceTest, StepsOutOfOrderAndFoldersOfOthersAreRefused) {
  EXPECT_EQ(GetRefusal(BackUp({Hold()}))->reason, "NOT_IN_ORDER");
  EXPECT_EQ(GetRefusal(BackUp({Begin(backup_), Take()}))->reason, "NOT_IN_ORDER");
  EXPECT_EQ(GetFieldViolations(BackUp({Begin("relative")}))[0].field, "directory");
  EXPECT_EQ(GetFieldViolations(BackUp({Begin(data_ + "/files")}))[0].field, "directory");
}

TEST_F(NodeServiceTest, OneBackupIsMadeAtATime) {
  Steps steps({Begin(backup_), Hold(), Take()});
  absl::Status second;
  steps.before_read = [&](size_t left) {
    if (left != 2) return;
    Steps others({Begin(backup_)});
    rpc::CallContext context({.executor = &executor_});
    second = async::RunToEnd(executor_, service_.TakeBackup(context, others, answers_));
  };
  EXPECT_EQ(BackUp(steps), absl::OkStatus());
  EXPECT_EQ(GetRefusal(second)->reason, "BACKUP_UNDER_WAY");
}

TEST_F(NodeServiceTest, APointOfAnotherNodeOrWithAPathForANameIsNotRecorded) {
  ASSERT_EQ(BackUp({Begin(backup_), Hold(), Take()}), absl::OkStatus());
  v1::RecordRestorePointRequest request = PointOf(answers_.answers.back().done());
  request.mutable_point()->set_node("my");
  request.mutable_point()->mutable_services(0)->set_service("../intake");
  const absl::Status refused =
      async::RunToEnd(executor_, service_.RecordRestorePoint(request)).status();
  EXPECT_THAT(GetFieldViolations(refused), SizeIs(2));
  request = PointOf(answers_.answers.back().done());
  *request.mutable_point()->add_services() = request.point().services(0);
  const absl::Status twice =
      async::RunToEnd(executor_, service_.RecordRestorePoint(request)).status();
  EXPECT_EQ(GetFieldViolations(twice).at(0).field, "point.services[1].service");
}

TEST_F(NodeServiceTest, ABackupThatFailsSaysWhyToItsCallerAndInTheLog) {
  ASSERT_EQ(BackUp({Begin(backup_), Hold(), Take()}), absl::OkStatus());
  std::filesystem::remove_all(backup_ + "/intake");
  std::filesystem::create_directory_symlink(data_, backup_ + "/intake");
  EXPECT_EQ(GetRefusal(BackUp({Begin(backup_), Hold(), Take()}))->reason, "BACKUP_DAMAGED");
  EXPECT_THAT(log_lines_, testing::Contains(testing::AllOf(testing::HasSubstr("backup.failed"),
                                                           testing::HasSubstr("is a link"))));
}

TEST_F(NodeServiceTest, AFolderThatIsRefusedAtBeginIsInTheLog) {
  EXPECT_FALSE(BackUp({Begin(data_ + "/files")}).ok());
  EXPECT_THAT(log_lines_, testing::Contains(testing::HasSubstr("backup.failed")));
}

TEST_F(NodeServiceTest, BackupsThatNobodyRecordsDoNotPileUp) {
  for (int i = 0; i < 4; ++i) {
    Put("a", "more");
    ASSERT_EQ(BackUp({Begin(backup_), Hold(), Take()}), absl::OkStatus());
  }
  EXPECT_THAT(std::vector<std::filesystem::path>(
                  std::filesystem::directory_iterator(backup_ + "/intake/store/meta"), {}),
              SizeIs(2));
}

TEST_F(NodeServiceTest, OldPointsOfNoBackupAreNotRemovedAndOnePointIsAlwaysKept) {
  v1::RemoveOldRestorePointsRequest request;
  request.set_directory(backup_);
  request.set_keep(1);
  const auto remove = [&] {
    return async::RunToEnd(executor_, service_.RemoveOldRestorePoints(request));
  };
  EXPECT_EQ(remove().status().code(), absl::StatusCode::kNotFound);
  EXPECT_FALSE(std::filesystem::exists(backup_));
  for (int i = 0; i < 2; ++i) {
    ASSERT_EQ(BackUp({Begin(backup_), Hold(), Take()}), absl::OkStatus());
    v1::RecordRestorePointRequest point = PointOf(answers_.answers.back().done());
    ASSERT_TRUE(async::RunToEnd(executor_, service_.RecordRestorePoint(point)).ok());
  }
  request.set_keep(0);
  EXPECT_EQ(GetFieldViolations(remove().status())[0].field, "keep");
  request.set_keep(1);
  const auto removed = remove().value();
  EXPECT_THAT(removed.removed(), testing::ElementsAre(1));
  EXPECT_THAT(removed.kept(), testing::ElementsAre(2));
}

TEST_F(NodeServiceTest, AStoreTellsThatItWasRestored) {
  EXPECT_FALSE(async::RunToEnd(executor_, service_.GetStore()).value().has_restored());
  Put(journal::RestoredMarkKey(),
      journal::EncodeRestoredMark({.restores = 1, .last_commit = 4711}));
  const v1::GetStoreResponse told = async::RunToEnd(executor_, service_.GetStore()).value();
  EXPECT_EQ(told.service(), "intake");
  EXPECT_EQ(told.restored().last_commit(), 4711u);
}

}  // namespace
}  // namespace redress::service
