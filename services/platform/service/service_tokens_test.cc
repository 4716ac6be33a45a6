#include "services/platform/service/service_tokens.h"

#include "gtest/gtest.h"
#include "services/platform/auth/issuer_registry.h"
#include "services/platform/auth/token.h"

namespace redress::service {
namespace {

class ServiceTokensTest : public ::testing::Test {
 protected:
  ServiceTokensTest() {
    auth::Issuer issuer{.public_key = key_.public_key(), .label = "services"};
    issuer.bodies = {"kh:services"};
    issuer.roles.Insert(auth::Role::kService);
    issuers_.Put(issuer);
  }

  SeededRandom random_{7};
  const crypto::SigningKey key_{crypto::SecretKey::Generate(random_)};
  auth::IssuerRegistry issuers_;
  ManualClock clock_{absl::FromUnixSeconds(1'800'000'000)};
  ServiceTokens tokens_{NodeId::FromTrusted("kh"), "referral", key_, clock_};
};

TEST_F(ServiceTokensTest, ATokenIsGoodAtTheOwnNodeInTheServiceRole) {
  const auto principal = auth::VerifyToken(tokens_.Token(), "kh", clock_.Now(), issuers_);
  ASSERT_TRUE(principal.ok()) << principal.status();
  EXPECT_TRUE(principal->HasRole(auth::Role::kService));
  EXPECT_EQ(principal->body_id, "kh:services");
  EXPECT_EQ(principal->person_id, "referral-service");
}

TEST_F(ServiceTokensTest, OneTokenServesManyCallsAndIsRenewedBeforeItEnds) {
  const std::string first = tokens_.Token();
  clock_.Advance(absl::Minutes(5));
  EXPECT_EQ(tokens_.Token(), first);
  clock_.Advance(absl::Minutes(2));
  const std::string second = tokens_.Token();
  EXPECT_NE(second, first);
  EXPECT_TRUE(
      auth::VerifyToken(second, "kh", clock_.Now() + ServiceTokens::kLeastRemaining, issuers_)
          .ok());
}

}  // namespace
}  // namespace redress::service
