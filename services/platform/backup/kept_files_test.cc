#include "services/platform/backup/kept_files.h"

#include <filesystem>
#include <string>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "services/platform/kv/testing/store_folder.h"

namespace redress::backup {
namespace {

namespace fs = std::filesystem;
using ::testing::HasSubstr;

class KeptFilesTest : public testing::Test {
 protected:
  KeptFilesTest() {
    EXPECT_EQ(MakeFolder(source_), absl::OkStatus());
    Write(source_ + "/one.rdf", "first file");
    Write(source_ + "/two.rdf", "second");
    Write(source_ + "/half.rdf.part", "unfinished");
  }

  static void Write(const std::string& path, const std::string& bytes) {
    EXPECT_EQ(WriteWhole(path, bytes), absl::OkStatus());
  }
  absl::StatusOr<KeptFiles> Keep(uint32_t copy) {
    return KeepFiles(source_, folder_, "intake", copy, [](uint64_t) { return true; });
  }
  absl::StatusOr<uint64_t> RemoveOld(const std::vector<uint32_t>& copies) {
    return RemoveOldFiles(folder_, "intake", copies, [](uint64_t) { return true; });
  }
  std::string Kept(const std::string& name) const { return folder_.FilesOf("intake") + "/" + name; }

  const kv::StoreFolder base_;
  const std::string source_ = base_.store() + "-files";
  const std::string target_ = base_.store() + "-target";
  const BackupFolder folder_ =
      BackupFolder::Prepare(base_.store() + "-backup", "kh", base_.store() + "-data").value();
};

TEST_F(KeptFilesTest, AFileIsCopiedOnceHoweverOftenABackupIsMade) {
  EXPECT_EQ(Keep(1).value(), (KeptFiles{2, 16, 2, 16}));
  Write(source_ + "/three.rdf", "third");
  EXPECT_EQ(Keep(2).value(), (KeptFiles{3, 21, 1, 5}));
  EXPECT_EQ(CheckFiles(folder_, "intake", 1).value(), (KeptFiles{2, 16, 0, 0}));
  EXPECT_EQ(CheckFiles(folder_, "intake", 2).value(), (KeptFiles{3, 21, 0, 0}));
}

TEST_F(KeptFilesTest, ARestoreBringsTheFilesOfItsCopyAndNoOthers) {
  ASSERT_TRUE(Keep(1).ok());
  Write(source_ + "/three.rdf", "third");
  ASSERT_TRUE(Keep(2).ok());
  ASSERT_EQ(RestoreFiles(folder_, "intake", 1, target_).value().files, 2u);
  EXPECT_EQ(ReadWhole(target_ + "/one.rdf").value(), "first file");
  EXPECT_FALSE(fs::exists(target_ + "/three.rdf"));
  EXPECT_FALSE(fs::exists(target_ + "/half.rdf.part"));
}

TEST_F(KeptFilesTest, AFlippedByteAndAMissingFileAreNamed) {
  ASSERT_TRUE(Keep(1).ok());
  Write(Kept("two.rdf"), "sEcond");
  EXPECT_EQ(CheckFiles(folder_, "intake", 1).status().code(), absl::StatusCode::kDataLoss);
  EXPECT_THAT(std::string(CheckFiles(folder_, "intake", 1).status().message()),
              HasSubstr("two.rdf"));
  EXPECT_EQ(RestoreFiles(folder_, "intake", 1, target_).status().code(),
            absl::StatusCode::kDataLoss);
  fs::remove(Kept("one.rdf"));
  EXPECT_THAT(std::string(CheckFiles(folder_, "intake", 1).status().message()),
              HasSubstr("one.rdf"));
}

TEST_F(KeptFilesTest, AListThatIsCutOffOrLeadsAwayIsNotBelieved) {
  ASSERT_TRUE(Keep(1).ok());
  const std::string list = folder_.FileListOf("intake", 1);
  const std::string text = ReadWhole(list).value();
  Write(list, text.substr(0, text.find('\n') + 1));
  EXPECT_EQ(CheckFiles(folder_, "intake", 1).status().code(), absl::StatusCode::kDataLoss);
  const std::string digest(64, '0');
  for (const std::string& line :
       {digest + "  1  ../../etc/passwd", std::string("../../x  1  one.rdf")}) {
    Write(list, line + "\nend  1\n");
    EXPECT_EQ(RestoreFiles(folder_, "intake", 1, target_).status().code(),
              absl::StatusCode::kDataLoss);
  }
}

TEST_F(KeptFilesTest, AFileGoesWithTheLastCopyThatHasIt) {
  ASSERT_TRUE(Keep(1).ok());
  fs::remove(source_ + "/two.rdf");  // Its case was erased.
  ASSERT_TRUE(Keep(2).ok());
  EXPECT_EQ(RemoveOld({1, 2}).value(), 0u);
  EXPECT_EQ(RemoveOld({2}).value(), 1u);
  EXPECT_FALSE(fs::exists(Kept("two.rdf")));
  EXPECT_TRUE(CheckFiles(folder_, "intake", 2).ok());
  EXPECT_FALSE(CheckFiles(folder_, "intake", 1).ok());
}

// A file whose name comes back is another: it is encrypted under a new key.
TEST_F(KeptFilesTest, AFileWhoseNameComesBackIsKeptBesideTheOneBefore) {
  ASSERT_TRUE(Keep(1).ok());
  Write(source_ + "/one.rdf", "other file");
  EXPECT_EQ(Keep(2).value(), (KeptFiles{2, 16, 1, 10}));
  EXPECT_EQ(Keep(3).value(), (KeptFiles{2, 16, 0, 0}));
  for (const uint32_t copy : {2, 3}) {
    EXPECT_TRUE(CheckFiles(folder_, "intake", copy).ok()) << copy;
    ASSERT_TRUE(RestoreFiles(folder_, "intake", copy, target_).ok()) << copy;
    EXPECT_EQ(ReadWhole(target_ + "/one.rdf").value(), "other file") << copy;
    fs::remove_all(target_);
  }
  ASSERT_TRUE(RestoreFiles(folder_, "intake", 1, target_).ok());
  EXPECT_EQ(ReadWhole(target_ + "/one.rdf").value(), "first file");
  // Each goes with the last copy that has it.
  EXPECT_EQ(RemoveOld({2, 3}).value(), 1u);
  EXPECT_TRUE(CheckFiles(folder_, "intake", 3).ok());
}

TEST_F(KeptFilesTest, AKeptFileThatWasCutIsCopiedAgain) {
  ASSERT_TRUE(Keep(1).ok());
  Write(source_ + "/one.rdf", "other file");
  ASSERT_TRUE(Keep(2).ok());
  for (const auto& file : fs::directory_iterator(folder_.FilesOf("intake"))) {
    fs::resize_file(file.path(), 3);
  }
  ASSERT_TRUE(Keep(3).ok());
  EXPECT_TRUE(CheckFiles(folder_, "intake", 2).ok());
  EXPECT_TRUE(CheckFiles(folder_, "intake", 3).ok());
}

TEST_F(KeptFilesTest, WhatIsStillComingInIsLeftOut) {
  Write(source_ + "/three.rdf.incoming", "half of it");
  EXPECT_EQ(Keep(1).value().files, 2u);
}

// What was removed as nobody's would be the service's own evidence.
TEST_F(KeptFilesTest, AFolderThatIsALinkIsRefusedAndNothingIsGoneWhereItLeads) {
  ASSERT_TRUE(Keep(1).ok());
  Write(source_ + "/three.rdf", "third");
  fs::remove_all(folder_.FilesOf("intake"));
  fs::create_directory_symlink(source_, folder_.FilesOf("intake"));
  EXPECT_EQ(Keep(2).status().code(), absl::StatusCode::kDataLoss);
  EXPECT_EQ(RemoveOld({1}).status().code(), absl::StatusCode::kDataLoss);
  EXPECT_EQ(ReadWhole(source_ + "/three.rdf").value(), "third");
  EXPECT_EQ(ReadWhole(source_ + "/one.rdf").value(), "first file");
}

TEST_F(KeptFilesTest, AFileThatIsALinkIsNeitherWrittenThroughNorRead) {
  ASSERT_EQ(MakeFolder(folder_.FilesOf("intake")), absl::OkStatus());
  const std::string letter = base_.store() + "-letter";
  Write(letter, "first file");
  fs::create_symlink(letter, Kept("one.rdf.new"));
  ASSERT_TRUE(Keep(1).ok());
  EXPECT_EQ(ReadWhole(letter).value(), "first file");
  fs::remove(Kept("one.rdf"));
  fs::create_symlink(letter, Kept("one.rdf"));
  EXPECT_EQ(CheckFiles(folder_, "intake", 1).status().code(), absl::StatusCode::kDataLoss);
}

TEST_F(KeptFilesTest, BeingToldToStopLeavesNothingHalf) {
  const auto stopped = KeepFiles(source_, folder_, "intake", 1, [](uint64_t) { return false; });
  EXPECT_EQ(stopped.status().code(), absl::StatusCode::kCancelled);
  EXPECT_TRUE(fs::is_empty(folder_.FilesOf("intake")));
  EXPECT_TRUE(Keep(1).ok());
}

}  // namespace
}  // namespace redress::backup
