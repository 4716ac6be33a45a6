#include "services/platform/backup/restore.h"

#include <fcntl.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <memory>
#include <string>
#include <vector>

#include "absl/time/clock.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "services/platform/async/manual_executor.h"
#include "services/platform/audit/audit_log.h"
#include "services/platform/backup/service_copy.h"
#include "services/platform/journal/restored_mark.h"
#include "services/platform/kv/rocksdb_backup.h"
#include "services/platform/kv/rocksdb_store.h"
#include "services/platform/kv/testing/store_folder.h"

namespace redress::backup {
namespace {

namespace fs = std::filesystem;
using ::testing::HasSubstr;
using ::testing::SizeIs;

void Ignore(std::string_view) {}
bool GoOnAlways(uint64_t) { return true; }

// A node of one service, "intake", with a store and a file.
class RestoreTest : public testing::Test {
 protected:
  RestoreTest() {
    EXPECT_EQ(MakeFolder(data_ + "/intake/files"), absl::OkStatus());
    EXPECT_EQ(WriteWhole(data_ + "/intake/files/one.rdf", "file"), absl::OkStatus());
    Open();
    Put("a", "first");
  }

  void Open() {
    kv::RocksDbOptions options;
    options.path = data_ + "/intake/store";
    options.points = &points_;
    store_ = kv::OpenRocksDbStore(options, executor_).value();
  }
  void Put(const std::string& key, const std::string& value) {
    kv::Change change;
    change.mutations.push_back(kv::Mutation::Put(key, value));
    change.appends.push_back({audit::AuditLog(), "leaf of " + value});
    EXPECT_EQ(async::RunToEnd(executor_, store_->Commit(std::move(change))).outcome,
              kv::CommitOutcome::kCommitted);
  }
  v1::RestorePoint BackUp() {
    const std::string point_path = data_ + "/intake/backup-point";
    fs::remove_all(point_path);
    EXPECT_EQ(points_.Take(point_path), absl::OkStatus());
    v1::ServiceCopy copy =
        CopyService(point_path, data_ + "/intake/files", folder_, "intake", [](uint64_t) {
          return true;
        }).value();
    copy.set_data_dir(data_ + "/intake");
    v1::RestorePoint point;
    point.set_node("kh");
    point.mutable_taken_at()->set_seconds(absl::ToUnixSeconds(kTaken));
    *point.add_services() = copy;
    std::vector<uint32_t> removed;
    return folder_.Record(point, 0, removed).value();
  }
  absl::StatusOr<std::vector<RestoredService>> Restore(const v1::RestorePoint& point) {
    return Restore(point, kRestored);
  }
  absl::StatusOr<std::vector<RestoredService>> Restore(const v1::RestorePoint& point,
                                                       absl::Time now) {
    return RestoreNode(folder_, point, target_, now, Ignore);
  }
  journal::RestoredMark MarkOfRestored() {
    return async::RunToEnd(executor_, journal::ReadRestoredMark(*OpenRestored())).value().value();
  }
  // Restores `point`, has the node work on it, and loses the disk. The last commit of that life.
  kv::Version LiveOn(const v1::RestorePoint& point, absl::Time now, const std::string& name) {
    EXPECT_TRUE(Restore(point, now).ok());
    kv::Version last = 0;
    {
      const std::unique_ptr<kv::Store> store = OpenRestored();
      for (int i = 0; i < 5; ++i) {
        kv::Change change;
        change.mutations.push_back(kv::Mutation::Put("a", name));
        last = async::RunToEnd(executor_, store->Commit(std::move(change))).version;
      }
    }
    fs::rename(target_, base_.store() + "-" + name);
    return last;
  }
  std::unique_ptr<kv::Store> OpenRestored() {
    kv::RocksDbOptions options;
    options.path = target_ + "/intake/store";
    return kv::OpenRocksDbStore(options, executor_).value();
  }
  void FlipAByteOf(const std::string& path) {
    std::fstream file(path, std::ios::in | std::ios::out | std::ios::binary);
    const char byte = static_cast<char>(file.get());
    file.seekp(0);
    file.put(static_cast<char>(byte ^ 1));
  }

  const absl::Time kTaken = absl::FromUnixSeconds(1'790'000'000);
  const absl::Time kRestored = absl::FromUnixSeconds(1'790'003'600);
  const uint32_t kGeneration = 1'790'003'600;
  const kv::StoreFolder base_;
  const std::string data_ = base_.store() + "-data";
  const std::string target_ = base_.store() + "-target";
  const std::string scratch_ = base_.store() + "-scratch";
  const BackupFolder folder_ =
      BackupFolder::Prepare(base_.store() + "-backup", "kh", data_).value();
  async::ManualExecutor executor_;
  kv::StorePoints points_;
  std::unique_ptr<kv::Store> store_;
};

TEST_F(RestoreTest, ARestoredStoreSaysSoAndUsesNoNumberTwice) {
  const v1::RestorePoint point = BackUp();
  Put("a", "lost");
  store_.reset();
  const std::vector<RestoredService> restored = Restore(point).value();
  ASSERT_THAT(restored, SizeIs(1));
  EXPECT_EQ(restored[0].copy.last_commit(), 1u);
  EXPECT_EQ(restored[0].last_acknowledged, 2u);
  const kv::Version first = journal::SkippedUpTo(2, 1, kGeneration) + 1;
  EXPECT_EQ(restored[0].next_commit, first);
  const std::unique_ptr<kv::Store> store = OpenRestored();
  EXPECT_EQ(async::RunToEnd(executor_, store->Get("a")).value()->value, "first");
  EXPECT_EQ(async::RunToEnd(executor_, journal::ReadRestoredMark(*store)).value(),
            (journal::RestoredMark{1, 1, kGeneration, 1, kTaken, kRestored, first}));
  EXPECT_EQ(ReadWhole(target_ + "/intake/files/one.rdf").value(), "file");
}

TEST_F(RestoreTest, ARunningNodeIsNotRestored) {
  const v1::RestorePoint point = BackUp();
  store_.reset();
  int ready[2];
  ASSERT_EQ(pipe(ready), 0);
  // A lock of the own process would not show.
  const pid_t child = fork();
  if (child == 0) {
    const int lock_file = ::open((data_ + "/intake/store/LOCK").c_str(), O_RDWR);
    struct flock lock{};
    lock.l_type = F_WRLCK;
    const bool held = fcntl(lock_file, F_SETLK, &lock) == 0;
    if (held && write(ready[1], "x", 1) == 1) pause();
    _exit(1);
  }
  char byte = 0;
  ASSERT_EQ(read(ready[0], &byte, 1), 1);
  const absl::Status refused = Restore(point).status();
  kill(child, SIGKILL);
  waitpid(child, nullptr, 0);
  close(ready[0]);
  close(ready[1]);
  EXPECT_EQ(refused.code(), absl::StatusCode::kFailedPrecondition);
  EXPECT_THAT(std::string(refused.message()), HasSubstr("stop the node first"));
  EXPECT_TRUE(Restore(point).ok());
}

TEST_F(RestoreTest, AFolderThatHoldsSomethingIsNotRestoredInto) {
  const v1::RestorePoint point = BackUp();
  store_.reset();
  ASSERT_EQ(MakeFolder(target_), absl::OkStatus());
  ASSERT_EQ(WriteWhole(target_ + "/letter", "dear"), absl::OkStatus());
  EXPECT_EQ(Restore(point).status().code(), absl::StatusCode::kFailedPrecondition);
  EXPECT_EQ(ReadWhole(target_ + "/letter").value(), "dear");
}

TEST_F(RestoreTest, ADamagedBackupLeavesNothingThatCouldBeStarted) {
  const v1::RestorePoint point = BackUp();
  store_.reset();
  FlipAByteOf(folder_.FilesOf("intake") + "/one.rdf");
  const absl::Status failed = Restore(point).status();
  EXPECT_EQ(failed.code(), absl::StatusCode::kDataLoss);
  EXPECT_THAT(std::string(failed.message()), HasSubstr("one.rdf"));
  EXPECT_FALSE(fs::exists(target_ + "/intake"));
}

TEST_F(RestoreTest, AStoreThatWasRestoredBeforeCountsOn) {
  const v1::RestorePoint first = BackUp();
  store_.reset();
  ASSERT_TRUE(Restore(first).ok());
  fs::rename(data_, base_.store() + "-before");
  fs::rename(target_, data_);
  Open();
  Put("a", "second life");
  const v1::RestorePoint second = BackUp();
  store_.reset();
  const kv::Version last = journal::SkippedUpTo(1, 1, kGeneration) + 2;
  EXPECT_EQ(second.services(0).last_commit(), last);
  ASSERT_TRUE(Restore(second).ok());
  const std::unique_ptr<kv::Store> store = OpenRestored();
  const auto mark = async::RunToEnd(executor_, journal::ReadRestoredMark(*store)).value();
  EXPECT_EQ(mark->restores, 2u);
  EXPECT_EQ(mark->new_restores, 1u);
  EXPECT_GT(mark->generation, kGeneration);
  EXPECT_GT(mark->version, last + journal::kRestoredJump / 2);
}

// Whoever can write to the backup could have others' folders removed by it.
TEST_F(RestoreTest, APointThatLeadsOutOfItsFoldersIsRefusedAndTheNeighboursStay) {
  const v1::RestorePoint whole = BackUp();
  store_.reset();
  const std::string neighbour = fs::path(target_).parent_path() / "x";
  ASSERT_EQ(MakeFolder(neighbour), absl::OkStatus());
  ASSERT_EQ(WriteWhole(neighbour + "/letter", "dear"), absl::OkStatus());
  for (const char* name : {"../x", "intake/../../x", "", ".", ".."}) {
    v1::RestorePoint point = whole;
    point.mutable_services(0)->set_service(name);
    EXPECT_EQ(Restore(point).status().code(), absl::StatusCode::kDataLoss) << name;
    EXPECT_EQ(VerifyPoint(folder_, point, scratch_, nullptr, Ignore).status().code(),
              absl::StatusCode::kDataLoss)
        << name;
    ASSERT_TRUE(fs::exists(neighbour + "/letter")) << name;
  }
  EXPECT_TRUE(Restore(whole).ok());
}

TEST_F(RestoreTest, APointOfAnotherNodeOrWithAServiceTwiceIsRefused) {
  v1::RestorePoint point = BackUp();
  store_.reset();
  *point.add_services() = point.services(0);
  EXPECT_EQ(Restore(point).status().code(), absl::StatusCode::kDataLoss);
  point.mutable_services()->RemoveLast();
  point.set_node("my");
  EXPECT_EQ(Restore(point).status().code(), absl::StatusCode::kDataLoss);
  EXPECT_FALSE(fs::exists(target_));
}

// The backup is the same each time, and what was given out since the first time is not in it.
TEST_F(RestoreTest, APointThatIsRestoredTwiceGivesNoNumberTwice) {
  const v1::RestorePoint first = BackUp();
  store_.reset();
  fs::rename(data_, base_.store() + "-before");
  const kv::Version last = LiveOn(first, kRestored, "one");
  const kv::Version later = LiveOn(first, kRestored + absl::Minutes(10), "two");
  EXPECT_GT(later, last + journal::kRestoredJump / 2);
  // By the folder's note alone: here the clock was put back.
  EXPECT_GT(Restore(first, kRestored).value()[0].next_commit, later);
  const journal::RestoredMark mark = MarkOfRestored();
  EXPECT_EQ(mark.restores, 3u);
  EXPECT_EQ(mark.new_restores, 3u);
  EXPECT_GT(mark.generation, kGeneration + 600);
}

TEST_F(RestoreTest, APointThatIsRestoredTwiceFromADiskThatKeepsNoNoteDiffersByTheClock) {
  const v1::RestorePoint first = BackUp();
  store_.reset();
  fs::rename(data_, base_.store() + "-before");
  const kv::Version last = LiveOn(first, kRestored, "one");
  const std::string note = folder_.path() + "/restores.json";
  ASSERT_TRUE(fs::remove(note));
  ASSERT_EQ(MakeFolder(note), absl::OkStatus());  // In whose place no file can be put.
  std::vector<std::string> told;
  const auto restored = RestoreNode(folder_, first, target_, kRestored + absl::Minutes(10),
                                    [&](std::string_view what) { told.emplace_back(what); });
  EXPECT_GT(restored.value()[0].next_commit, last + 100'000'000);
  EXPECT_GT(MarkOfRestored().generation, kGeneration);
  EXPECT_THAT(told, testing::Contains(HasSubstr("cannot be told that it was restored")));
}

TEST_F(RestoreTest, AVerifiedPointIsWholeAndItsScratchFolderGoes) {
  const v1::RestorePoint point = BackUp();
  std::vector<std::string> checked;
  const auto verified = VerifyPoint(
      folder_, point, scratch_,
      [&](std::string_view service, const std::string& data_dir) {
        checked.push_back(std::string(service));
        return fs::exists(data_dir + "/store/CURRENT") ? absl::OkStatus()
                                                       : absl::NotFoundError("no store");
      },
      Ignore);
  ASSERT_THAT(verified.value(), SizeIs(1));
  EXPECT_EQ(verified.value()[0].problem, absl::OkStatus());
  EXPECT_THAT(checked, testing::ElementsAre("intake"));
  EXPECT_FALSE(fs::exists(scratch_));
}

TEST_F(RestoreTest, AVerificationComparesRootsWithThePoint) {
  v1::RestorePoint point = BackUp();
  point.mutable_services(0)->set_audit_root("00");
  const auto verified = VerifyPoint(folder_, point, scratch_, nullptr, Ignore);
  EXPECT_THAT(std::string(verified.value()[0].problem.message()), HasSubstr("audit root"));
}

TEST_F(RestoreTest, OnlyCopiesThatNoPointNamesAreRemoved) {
  BackUp();
  Put("a", "second");
  BackUp();
  EXPECT_EQ(RemoveOldCopies(folder_, "intake", GoOnAlways).value().copies, 0u);
  fs::remove(folder_.path() + "/restore-points/1.json");
  EXPECT_EQ(RemoveOldCopies(folder_, "intake", GoOnAlways).value().copies, 1u);
  EXPECT_EQ(
      VerifyPoint(folder_, folder_.Point(2).value(), scratch_, nullptr, Ignore).value()[0].problem,
      absl::OkStatus());
}

}  // namespace
}  // namespace redress::backup
