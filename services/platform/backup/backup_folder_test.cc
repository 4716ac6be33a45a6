#include "services/platform/backup/backup_folder.h"

#include <sys/stat.h>

#include <filesystem>
#include <string>
#include <vector>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "services/platform/backup/service_copy.h"
#include "services/platform/kv/testing/store_folder.h"
#include "services/platform/status/field_violations.h"
#include "services/platform/status/refusal.h"

namespace redress::backup {
namespace {

namespace fs = std::filesystem;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

class BackupFolderTest : public testing::Test {
 protected:
  std::string Beside(const std::string& name) const { return folder_.store() + "-" + name; }
  std::string data_dir() const { return Beside("data"); }

  absl::StatusOr<BackupFolder> Prepare(const std::string& path, const std::string& node = "kh") {
    return BackupFolder::Prepare(path, node, data_dir());
  }
  std::string ProblemOf(const std::string& path, const std::string& node = "kh") {
    const std::vector<FieldViolation> found = GetFieldViolations(Prepare(path, node).status());
    return found.empty() ? "" : found.front().problem;
  }
  v1::RestorePoint PointOf(const BackupFolder& folder, uint32_t copy) {
    v1::RestorePoint point;
    point.set_node("kh");
    v1::ServiceCopy& service = *point.add_services();
    service.set_service("intake");
    service.set_copy_number(copy);
    EXPECT_EQ(MakeFolder(fs::path(folder.FileListOf("intake", copy)).parent_path()),
              absl::OkStatus());
    EXPECT_EQ(WriteWhole(folder.FileListOf("intake", copy), "end  0\n"), absl::OkStatus());
    return point;
  }

  const kv::StoreFolder folder_;
};

TEST_F(BackupFolderTest, ANewFolderIsItsOwnersAlone) {
  ASSERT_TRUE(Prepare(Beside("backup")).ok());
  struct stat found{};
  ASSERT_EQ(::stat(Beside("backup").c_str(), &found), 0);
  EXPECT_EQ(found.st_mode & 0777, 0700u);
  EXPECT_EQ(BackupFolder::Open(Beside("backup")).value().node(), "kh");
}

TEST_F(BackupFolderTest, OnlyAnAbsoluteFolderOfThisNodesBackupsIsWrittenTo) {
  EXPECT_THAT(ProblemOf("backup"), HasSubstr("absolute"));
  EXPECT_THAT(ProblemOf(""), HasSubstr("absolute"));
  ASSERT_EQ(MakeFolder(data_dir()), absl::OkStatus());
  EXPECT_THAT(ProblemOf(data_dir() + "/backup"), HasSubstr("another disk"));
  EXPECT_THAT(ProblemOf(fs::path(data_dir()).parent_path()), HasSubstr("another disk"));
  fs::create_directory_symlink(data_dir(), Beside("link"));
  EXPECT_THAT(ProblemOf(Beside("link") + "/backup"), HasSubstr("another disk"));
  ASSERT_EQ(MakeFolder(Beside("home")), absl::OkStatus());
  ASSERT_EQ(WriteWhole(Beside("home") + "/letter", "dear"), absl::OkStatus());
  EXPECT_THAT(ProblemOf(Beside("home")), HasSubstr("something else"));
  ASSERT_TRUE(Prepare(Beside("backup"), "my").ok());
  EXPECT_THAT(ProblemOf(Beside("backup")), HasSubstr("of node my"));
}

TEST_F(BackupFolderTest, AFolderWhoseMakingWasCutOffIsTakenAsNew) {
  ASSERT_EQ(MakeFolder(Beside("backup") + "/restore-points"), absl::OkStatus());
  EXPECT_TRUE(Prepare(Beside("backup")).ok());
}

TEST_F(BackupFolderTest, WhatIsNoBackupIsNotRead) {
  EXPECT_EQ(BackupFolder::Open(Beside("nothing")).status().code(), absl::StatusCode::kNotFound);
}

TEST_F(BackupFolderTest, PointsAreNumberedOnAndOlderOnesGo) {
  const BackupFolder folder = Prepare(Beside("backup")).value();
  EXPECT_EQ(folder.Point(std::nullopt).status().code(), absl::StatusCode::kNotFound);
  std::vector<uint32_t> removed;
  for (uint32_t copy = 1; copy <= 3; ++copy) {
    EXPECT_EQ(folder.Record(PointOf(folder, copy), 0, removed).value().number(), copy);
  }
  EXPECT_THAT(removed, IsEmpty());
  EXPECT_EQ(folder.Record(PointOf(folder, 4), 2, removed).value().number(), 4u);
  EXPECT_THAT(removed, ElementsAre(1, 2));
  EXPECT_EQ(folder.Point(std::nullopt).value().number(), 4u);
  EXPECT_EQ(folder.Point(3).value().services(0).copy_number(), 3u);
  EXPECT_THAT(std::string(folder.Point(1).status().message()), HasSubstr("there are 3 to 4"));
}

TEST_F(BackupFolderTest, OldPointsAreRemovedWithoutANewOneAndNeverTheNewest) {
  const BackupFolder folder = Prepare(Beside("backup")).value();
  std::vector<uint32_t> removed;
  for (uint32_t copy = 1; copy <= 3; ++copy) {
    ASSERT_TRUE(folder.Record(PointOf(folder, copy), 0, removed).ok());
  }
  EXPECT_EQ(folder.RemoveOld(3, removed), absl::OkStatus());
  EXPECT_THAT(removed, IsEmpty());
  EXPECT_FALSE(folder.RemoveOld(0, removed).ok());
  EXPECT_EQ(folder.RemoveOld(1, removed), absl::OkStatus());
  EXPECT_THAT(removed, ElementsAre(1, 2));
  EXPECT_EQ(folder.Points().value().size(), 1u);
  EXPECT_EQ(folder.Point(std::nullopt).value().number(), 3u);
}

TEST_F(BackupFolderTest, APointWhoseCopyIsGoneIsNotRecorded) {
  const BackupFolder folder = Prepare(Beside("backup")).value();
  v1::RestorePoint point = PointOf(folder, 1);
  fs::remove(folder.FileListOf("intake", 1));
  std::vector<uint32_t> removed;
  EXPECT_EQ(folder.Record(point, 0, removed).status().code(), absl::StatusCode::kAborted);
  EXPECT_THAT(folder.Points().value(), IsEmpty());
}

TEST_F(BackupFolderTest, HalfAPointIsNotListedAndADamagedOneIsNamed) {
  const BackupFolder folder = Prepare(Beside("backup")).value();
  std::vector<uint32_t> removed;
  ASSERT_TRUE(folder.Record(PointOf(folder, 1), 0, removed).ok());
  const std::string points = Beside("backup") + "/restore-points/";
  ASSERT_EQ(WriteWhole(points + "2.json.new", "{"), absl::OkStatus());
  EXPECT_EQ(folder.Points().value().size(), 1u);
  ASSERT_EQ(WriteWhole(points + "2.json", "{"), absl::OkStatus());
  EXPECT_EQ(folder.Points().status().code(), absl::StatusCode::kDataLoss);
  EXPECT_THAT(std::string(folder.Points().status().message()), HasSubstr("2.json"));
}

TEST_F(BackupFolderTest, APointThatCannotBeReadHoldsUpNothingButTheRemovalOfOldCopies) {
  const BackupFolder folder = Prepare(Beside("backup")).value();
  std::vector<uint32_t> removed;
  for (uint32_t copy = 1; copy <= 3; ++copy) {
    ASSERT_TRUE(folder.Record(PointOf(folder, copy), 0, removed).ok());
  }
  const std::string damaged = Beside("backup") + "/restore-points/1.json";
  ASSERT_EQ(WriteWhole(damaged, "{"), absl::OkStatus());
  EXPECT_EQ(folder.Point(3).value().number(), 3u);
  EXPECT_EQ(folder.Point(std::nullopt).value().number(), 3u);
  EXPECT_EQ(GetRefusal(folder.Point(1).status())->reason, "BACKUP_DAMAGED");
  const BackupFolder::PointList list = folder.ReadPoints().value();
  EXPECT_EQ(list.points.size(), 2u);
  ASSERT_EQ(list.unreadable.size(), 1u);
  EXPECT_THAT(std::string(list.unreadable[0].message()), HasSubstr("1.json"));
  EXPECT_EQ(folder.Record(PointOf(folder, 4), 2, removed).value().number(), 4u);
  EXPECT_THAT(removed, ElementsAre(2));
  EXPECT_TRUE(fs::exists(damaged));
  EXPECT_EQ(folder.Points().status().code(), absl::StatusCode::kDataLoss);
  const auto go_on = [](uint64_t) { return true; };
  EXPECT_EQ(GetRefusal(RemoveOldCopies(folder, "intake", go_on).status())->reason,
            "BACKUP_DAMAGED");
}

TEST_F(BackupFolderTest, NumbersGoOnAfterAPointThatCannotBeReadAndNeverFromTheStart) {
  const BackupFolder folder = Prepare(Beside("backup")).value();
  std::vector<uint32_t> removed;
  const std::string points = Beside("backup") + "/restore-points/";
  ASSERT_EQ(WriteWhole(points + "7.json", "{"), absl::OkStatus());
  ASSERT_EQ(WriteWhole(points + "09.json", "{"), absl::OkStatus());
  EXPECT_EQ(folder.Record(PointOf(folder, 1), 0, removed).value().number(), 8u);
  ASSERT_EQ(WriteWhole(points + "4294967295.json", "{"), absl::OkStatus());
  EXPECT_EQ(folder.Record(PointOf(folder, 1), 0, removed).status().code(),
            absl::StatusCode::kDataLoss);
}

TEST_F(BackupFolderTest, APointThatLeadsOutOfTheFolderOrIsOfAnotherNodeIsNotRead) {
  const BackupFolder folder = Prepare(Beside("backup")).value();
  std::vector<uint32_t> removed;
  ASSERT_TRUE(folder.Record(PointOf(folder, 1), 0, removed).ok());
  const std::string file = Beside("backup") + "/restore-points/1.json";
  const std::string text = ReadWhole(file).value();
  for (const auto& [from, to] :
       {std::pair("\"intake\"", "\"..\""), std::pair("\"intake\"", "\"../x\""),
        std::pair("\"intake\"", "\"\""), std::pair("\"kh\"", "\"my\"")}) {
    std::string other = text;
    ASSERT_NE(other.find(from), std::string::npos);
    other.replace(other.find(from), std::string(from).size(), to);
    ASSERT_EQ(WriteWhole(file, other), absl::OkStatus());
    EXPECT_EQ(folder.Point(1).status().code(), absl::StatusCode::kDataLoss) << to;
    EXPECT_EQ(folder.Points().status().code(), absl::StatusCode::kDataLoss) << to;
  }
}

// Others may have written to the disk: what lies there may be anything.
TEST_F(BackupFolderTest, AMarkOfAnotherKindIsRefusedAndEndsNothing) {
  ASSERT_TRUE(Prepare(Beside("backup")).ok());
  const std::string mark = Beside("backup") + "/redress-backup.json";
  for (const char* text : {R"({"format": "1", "node": "kh"})", R"({"format": null, "node": "kh"})",
                           R"([])", R"({"format": 1, "node": 7})", R"({"format": -1})", ""}) {
    ASSERT_EQ(WriteWhole(mark, text), absl::OkStatus());
    EXPECT_EQ(BackupFolder::Open(Beside("backup")).status().code(), absl::StatusCode::kDataLoss)
        << text;
    EXPECT_EQ(Prepare(Beside("backup")).status().code(), absl::StatusCode::kDataLoss) << text;
  }
}

TEST_F(BackupFolderTest, WhatHasNoEndOrIsNoFileIsNotReadNorWaitedFor) {
  ASSERT_TRUE(Prepare(Beside("backup")).ok());
  const std::string mark = Beside("backup") + "/redress-backup.json";
  fs::resize_file(mark, uint64_t{2} << 30);
  EXPECT_EQ(Prepare(Beside("backup")).status().code(), absl::StatusCode::kDataLoss);
  fs::remove(mark);
  ASSERT_EQ(::mkfifo(mark.c_str(), 0600), 0);
  EXPECT_EQ(Prepare(Beside("backup")).status().code(), absl::StatusCode::kDataLoss);
  fs::remove(mark);
  fs::create_symlink("/dev/zero", mark);
  EXPECT_EQ(BackupFolder::Open(Beside("backup")).status().code(), absl::StatusCode::kDataLoss);
}

}  // namespace
}  // namespace redress::backup
