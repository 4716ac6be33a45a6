#include "services/platform/service/begun_mark.h"

#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <string>

#include "fmt/format.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace redress::service {
namespace {

namespace fs = std::filesystem;
using ::testing::HasSubstr;

class BegunMarkTest : public ::testing::Test {
 protected:
  BegunMarkTest() {
    fs::create_directories(directory_ + "/keys");
    options_.data_dir = directory_ + "/disk/data";
    options_.node_keys = directory_ + "/keys";
  }
  ~BegunMarkTest() override { fs::remove_all(directory_); }

  void MakeStore() {
    fs::create_directories(options_.store_directory());
    std::ofstream(options_.store_directory() + "/CURRENT") << "MANIFEST-000001\n";
  }

  const std::string directory_ =
      fmt::format("{}begun-mark-{}-{}", ::testing::TempDir(), getpid(),
                  ::testing::UnitTest::GetInstance()->current_test_info()->name());
  CommonOptions options_;
};

TEST_F(BegunMarkTest, AStoreIsBegunOnce) {
  BegunMark first(options_, "intake");
  ASSERT_EQ(first.Check(), absl::OkStatus());
  EXPECT_TRUE(first.begins());
  EXPECT_FALSE(fs::exists(directory_ + "/disk"));
  ASSERT_EQ(first.Leave(), absl::OkStatus());

  BegunMark second(options_, "intake");
  const absl::Status refused = second.Check();
  EXPECT_EQ(refused.code(), absl::StatusCode::kFailedPrecondition);
  EXPECT_THAT(std::string(refused.message()), HasSubstr("\"A store is not there\""));
  EXPECT_THAT(std::string(refused.message()), HasSubstr("keys/intake.begun"));
  EXPECT_EQ(BegunMark(options_, "referral").Check(), absl::OkStatus());
}

TEST_F(BegunMarkTest, OneThatIsThereIsOpenedAndNotedIfItWasNot) {
  MakeStore();
  BegunMark mark(options_, "intake");
  ASSERT_EQ(mark.Check(), absl::OkStatus());
  EXPECT_FALSE(mark.begins());
  ASSERT_EQ(mark.Leave(), absl::OkStatus());
  EXPECT_EQ(BegunMark(options_, "intake").Check(), absl::OkStatus());
  fs::rename(directory_ + "/disk", directory_ + "/elsewhere");
  EXPECT_FALSE(BegunMark(options_, "intake").Check().ok());
}

TEST_F(BegunMarkTest, OneThatWasNotBegunToTheEndIsBegunAgain) {
  ASSERT_EQ(BegunMark(options_, "intake").Check(), absl::OkStatus());
  BegunMark again(options_, "intake");
  EXPECT_EQ(again.Check(), absl::OkStatus());
  EXPECT_TRUE(again.begins());
}

TEST_F(BegunMarkTest, WhereNothingCanBeNotedNoneIsBegunAndOneThatIsThereIsOpened) {
  // Whoever may write everywhere cannot write here either.
  fs::create_directory(directory_ + "/keys/intake.begun.new");
  BegunMark mark(options_, "intake");
  EXPECT_EQ(mark.Check().code(), absl::StatusCode::kUnavailable);
  EXPECT_FALSE(fs::exists(directory_ + "/disk"));
  MakeStore();
  BegunMark second(options_, "intake");
  EXPECT_EQ(second.Check(), absl::OkStatus());
  EXPECT_EQ(second.Leave().code(), absl::StatusCode::kUnavailable);
  EXPECT_FALSE(second.begins());
}

// What became of the store is then for the sentinel to say.
TEST_F(BegunMarkTest, AStoreWhoseSentinelIsThereIsNoneThatIsMissing) {
  BegunMark first(options_, "intake");
  ASSERT_EQ(first.Check(), absl::OkStatus());
  ASSERT_EQ(first.Leave(), absl::OkStatus());
  fs::create_directories(options_.data_dir);
  std::ofstream(options_.store_directory() + ".sentinel") << "…";
  EXPECT_EQ(BegunMark(options_, "intake").Check(), absl::OkStatus());
}

}  // namespace
}  // namespace redress::service
