#include "services/platform/files/sync.h"

#include <cerrno>
#include <filesystem>
#include <fstream>

#include "gtest/gtest.h"

namespace redress::files {
namespace {

TEST(SyncTest, AFileAndTheFolderItIsInAreSynced) {
  const std::filesystem::path folder = testing::TempDir();
  const std::string path = folder / "sync_test_file";
  std::ofstream(path) << "written";
  EXPECT_EQ(SyncFile(path), 0);
  EXPECT_EQ(SyncFolderOf(path), 0);
  std::filesystem::remove(path);
  // The folder is there, the file in it no more.
  EXPECT_EQ(SyncFolderOf(path), 0);
  EXPECT_EQ(SyncFile(path), ENOENT);
}

TEST(SyncTest, ANameWithoutAFolderIsInTheCurrentOne) { EXPECT_EQ(SyncFolderOf("name"), 0); }

TEST(SyncTest, AFolderThatIsNotThereIsTold) {
  EXPECT_EQ(SyncFolderOf(testing::TempDir() + "/no such folder/name"), ENOENT);
}

}  // namespace
}  // namespace redress::files
