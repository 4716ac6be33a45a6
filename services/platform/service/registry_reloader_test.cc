#include "services/platform/service/registry_reloader.h"

#include <sys/stat.h>
#include <unistd.h>

#include <cstdio>
#include <fstream>

#include "fmt/format.h"
#include "gtest/gtest.h"
#include "services/platform/async/manual_executor.h"
#include "services/platform/auth/token.h"

namespace redress::service {
namespace {

class RegistryReloaderTest : public ::testing::Test {
 protected:
  RegistryReloaderTest() {
    Write(auth::IssuerRegistry().ToJson());
    async::Spawn(executor_, FollowRegistry(path_, *StampOf(path_), &verifier_, &executor_, &pool_,
                                           &log_, cancellation_.token()));
  }
  ~RegistryReloaderTest() override {
    cancellation_.Cancel();
    executor_.RunUntilIdle();
    ::unlink(path_.c_str());
  }

  // Replaces the file as a tool does, by renaming.
  void Write(const std::string& content) {
    const std::string fresh = path_ + ".new";
    std::ofstream(fresh) << content;
    ::chmod(fresh.c_str(), 0600);
    ASSERT_EQ(std::rename(fresh.c_str(), path_.c_str()), 0);
  }
  // One look at the file, which is taken on another thread; over when the next is waited for.
  void Look() {
    executor_.RunUntilIdle();
    executor_.Advance(absl::Seconds(1));
    while (executor_.pending_timers() == 0) {
      ASSERT_TRUE(executor_.WaitForWork(absl::Seconds(30)));
      executor_.RunUntilIdle();
    }
  }
  std::string RegistryOfKey() const {
    auth::IssuerRegistry registry;
    auth::Issuer issuer{.public_key = key_.public_key(), .label = "desk"};
    issuer.bodies = {"kh:lscw"};
    issuer.roles.Insert(auth::Role::kDesk);
    registry.Put(issuer);
    return registry.ToJson();
  }
  bool TokenIsGood() {
    auth::TokenClaims claims{.issuer_node = "kh",
                             .audience_node = "kh",
                             .person_id = "p-1",
                             .body_id = "kh:lscw",
                             .issued_at = now_.Now(),
                             .expires = now_.Now() + absl::Minutes(5)};
    claims.roles.Insert(auth::Role::kDesk);
    return verifier_.Authenticate("Bearer " + auth::MintToken(key_, claims)).ok();
  }

  const std::string path_ =
      fmt::format("{}issuers-{}-{}.json", ::testing::TempDir(), getpid(),
                  ::testing::UnitTest::GetInstance()->current_test_info()->name());
  SeededRandom random_{11};
  const crypto::SigningKey key_{crypto::SecretKey::Generate(random_)};
  ManualClock now_{absl::FromUnixSeconds(1'800'000'000)};
  auth::Verifier verifier_{"kh", auth::IssuerRegistry(), now_};
  std::string lines_;
  telemetry::Logger log_{
      {.node = "kh", .service = "test"}, now_, [this](std::string_view line) { lines_ += line; }};
  async::ManualExecutor executor_;
  async::BlockingPool pool_{1, 8};
  async::CancellationSource cancellation_;
};

TEST_F(RegistryReloaderTest, AChangedFileIsTakenWithoutARestart) {
  Look();
  EXPECT_FALSE(TokenIsGood());
  Write(RegistryOfKey());
  Look();
  EXPECT_TRUE(TokenIsGood());
}

TEST_F(RegistryReloaderTest, ABrokenFileIsLoggedAndTheGoodIssuersStay) {
  Write(RegistryOfKey());
  Look();
  Write("{\"version\": 1, \"issuers\": [{]}");
  Look();
  EXPECT_TRUE(TokenIsGood());
  EXPECT_NE(lines_.find("issuers.not_reloaded"), std::string::npos) << lines_;
}

TEST_F(RegistryReloaderTest, AFileThatIsGoneForAMomentChangesNothing) {
  Write(RegistryOfKey());
  Look();
  ::unlink(path_.c_str());
  Look();
  EXPECT_TRUE(TokenIsGood());
}

}  // namespace
}  // namespace redress::service
