#include "services/platform/crypto/node_keys.h"

#include <sys/stat.h>
#include <unistd.h>

#include <fstream>
#include <sstream>

#include "fmt/format.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "services/platform/crypto/system_random.h"

namespace redress::crypto {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

std::string FreshFolder() {
  SystemRandom random;
  return fmt::format("{}/keys-{:x}/inner", ::testing::TempDir(), random.Next());
}

std::string ReadFile(const std::string& path) {
  std::ifstream in(path);
  std::ostringstream out;
  out << in.rdbuf();
  return out.str();
}

void WriteFile(const std::string& path, const std::string& text) {
  std::ofstream(path) << text;
  ::chmod(path.c_str(), 0600);
}

class NodeKeysTest : public ::testing::Test {
 protected:
  void SetUp() override { ASSERT_TRUE(EnsureNodeKeys(folder_, random_).ok()); }
  std::string Path(const char* name) const { return folder_ + "/" + name; }

  const std::string folder_ = FreshFolder();
  SeededRandom random_{7};
};

TEST_F(NodeKeysTest, AreMadeOnceAndFoundAgain) {
  const absl::StatusOr<NodeKeys> first = LoadNodeKeys(folder_);
  const absl::StatusOr<NodeKeys> second = EnsureNodeKeys(folder_, random_);
  ASSERT_TRUE(first.ok()) << first.status();
  ASSERT_TRUE(second.ok()) << second.status();
  EXPECT_EQ(first->encryption.view(), second->encryption.view());
  EXPECT_EQ(first->tracking.view(), second->tracking.view());
  EXPECT_EQ(first->signing_id(), second->signing_id());
  EXPECT_NE(first->encryption.view(), first->tracking.view());
}

TEST_F(NodeKeysTest, TheFilesAreTheOwnersAlone) {
  struct stat found{};
  ASSERT_EQ(::stat(Path(NodeKeys::kEncryptionFile).c_str(), &found), 0);
  EXPECT_EQ(found.st_mode & 0777, 0600u);
  ASSERT_EQ(::stat(folder_.c_str(), &found), 0);
  EXPECT_EQ(found.st_mode & 0777, 0700u);
}

TEST_F(NodeKeysTest, AFileThatOthersMayReadIsRefused) {
  const std::string path = Path(NodeKeys::kEncryptionFile);
  for (mode_t mode : {0640, 0604, 0660, 0777}) {
    ::chmod(path.c_str(), mode);
    const absl::Status status = LoadNodeKeys(folder_).status();
    EXPECT_TRUE(absl::IsFailedPrecondition(status));
    EXPECT_THAT(std::string(status.message()), HasSubstr("0600"));
  }
  ::chmod(path.c_str(), 0400);
  EXPECT_TRUE(LoadNodeKeys(folder_).ok());
}

TEST_F(NodeKeysTest, AMissingFileIsNotFound) {
  ::unlink(Path(NodeKeys::kTrackingFile).c_str());
  EXPECT_TRUE(absl::IsNotFound(LoadNodeKeys(folder_).status()));
}

TEST_F(NodeKeysTest, AFolderIsNoKeyFile) {
  EXPECT_TRUE(absl::IsFailedPrecondition(LoadKey(KeyKind::kTracking, folder_).status()));
}

TEST_F(NodeKeysTest, AKeyOfAnotherKindIsRefused) {
  EXPECT_TRUE(absl::IsInvalidArgument(
      LoadKey(KeyKind::kTracking, Path(NodeKeys::kEncryptionFile)).status()));
}

TEST_F(NodeKeysTest, ADamagedFileIsRefusedWithoutShowingIt) {
  const std::string path = Path(NodeKeys::kEncryptionFile);
  const std::string good = ReadFile(path);
  for (size_t i = 0; i + 1 < good.size(); ++i) {  // The line end at the end may be anything blank.
    std::string changed = good;
    changed[i] = changed[i] == 'A' ? 'B' : 'A';
    WriteFile(path, changed);
    const absl::Status status = LoadKey(KeyKind::kEncryption, path).status();
    EXPECT_TRUE(absl::IsInvalidArgument(status)) << i;
    EXPECT_THAT(std::string(status.message()), Not(HasSubstr(good.substr(40, 20))));
  }
  for (const std::string& text :
       {std::string(), std::string("\n"), good.substr(0, 40), good + good, std::string(10'000, 'x'),
        std::string("redress-key-1   "), std::string("\xff\0\xff", 3)}) {
    WriteFile(path, text);
    EXPECT_TRUE(absl::IsInvalidArgument(LoadKey(KeyKind::kEncryption, path).status()));
  }
}

TEST_F(NodeKeysTest, AKeyIsNeverOverwritten) {
  const std::string path = Path(NodeKeys::kEncryptionFile);
  const std::string before = ReadFile(path);
  EXPECT_TRUE(
      absl::IsAlreadyExists(SaveKey(KeyKind::kEncryption, SecretKey::Generate(random_), path)));
  EXPECT_EQ(ReadFile(path), before);
}

TEST_F(NodeKeysTest, TheSigningFileHoldsTheKeyThatItsIdNames) {
  const absl::StatusOr<SigningKey> key = LoadSigningKey(Path(NodeKeys::kSigningFile));
  ASSERT_TRUE(key.ok());
  EXPECT_EQ(key->key_id(), key->public_key().key_id());
  EXPECT_THAT(ReadFile(Path(NodeKeys::kSigningFile)), HasSubstr(key->key_id()));
}

}  // namespace
}  // namespace redress::crypto
