#include "services/platform/auth/verifier.h"

#include <thread>
#include <vector>

#include "fmt/format.h"
#include "gtest/gtest.h"
#include "services/platform/auth/token.h"
#include "services/platform/status/refusal.h"

namespace redress::auth {
namespace {

const absl::Time kNow = absl::FromUnixSeconds(1'795'305'600);

crypto::SigningKey Key() {
  return crypto::SigningKey(*crypto::SecretKey::FromBytes(std::string(32, 'd')));
}

IssuerRegistry Issuers(RoleSet roles = {Role::kMinistry}) {
  Issuer issuer;
  issuer.public_key = Key().public_key();
  issuer.roles = roles;
  IssuerRegistry registry;
  registry.Put(issuer);
  return registry;
}

std::string Bearer(const std::string& person, absl::Time issued_at = kNow) {
  TokenClaims claims;
  claims.issuer_node = claims.audience_node = "kh";
  claims.person_id = person;
  claims.roles = {Role::kMinistry};
  claims.issued_at = issued_at;
  claims.expires = issued_at + absl::Minutes(10);
  return "Bearer " + MintToken(Key(), claims);
}

std::string ReasonOf(const absl::Status& status) {
  const std::optional<Refusal> refusal = GetRefusal(status);
  return refusal.has_value() ? refusal->reason : "";
}

TEST(VerifierTest, RemembersAGoodTokenUntilItEnds) {
  ManualClock clock(kNow);
  Verifier verifier("kh", Issuers(), clock);
  const std::string authorization = Bearer("sophea");
  const auto first = verifier.Authenticate(authorization);
  const auto second = verifier.Authenticate(authorization);
  ASSERT_TRUE(first.ok()) << first.status();
  EXPECT_EQ(first->get(), second->get());
  EXPECT_EQ((*first)->person_id, "sophea");
  EXPECT_EQ(verifier.cached(), 1u);

  clock.Advance(absl::Minutes(10));
  EXPECT_EQ(ReasonOf(verifier.Authenticate(authorization).status()), "TOKEN_EXPIRED");
}

TEST(VerifierTest, TheSchemeIsBearerInAnyCase) {
  ManualClock clock(kNow);
  Verifier verifier("kh", Issuers(), clock);
  const std::string token = Bearer("sophea").substr(7);
  EXPECT_TRUE(verifier.Authenticate("bearer " + token).ok());
  EXPECT_TRUE(verifier.Authenticate("BEARER " + token).ok());
  EXPECT_EQ(ReasonOf(verifier.Authenticate("").status()), "TOKEN_MISSING");
  for (const std::string& wrong : {token, std::string("Bearer"), std::string("Bearer "),
                                   "Bearer  " + token, "Basic " + token, "Bearer " + token + " "}) {
    EXPECT_EQ(ReasonOf(verifier.Authenticate(wrong).status()), "TOKEN_INVALID");
  }
}

TEST(VerifierTest, ABadTokenIsNotRemembered) {
  ManualClock clock(kNow);
  Verifier verifier("kh", Issuers(), clock);
  EXPECT_FALSE(verifier.Authenticate(Bearer("sophea") + "x").ok());
  EXPECT_EQ(verifier.cached(), 0u);
}

TEST(VerifierTest, RemembersABoundedNumber) {
  ManualClock clock(kNow);
  Verifier verifier("kh", Issuers(), clock, 4);
  for (int i = 0; i < 50; ++i) {
    ASSERT_TRUE(verifier.Authenticate(Bearer(fmt::format("p{}", i))).ok());
    EXPECT_LE(verifier.cached(), 8u);
  }
}

TEST(VerifierTest, ForgetsTokensThatHaveEndedHoweverFewCome) {
  ManualClock clock(kNow);
  Verifier verifier("kh", Issuers(), clock);
  // Every minute another person, for two hours: of each, one token of ten minutes.
  for (int minute = 0; minute < 120; ++minute) {
    ASSERT_TRUE(verifier.Authenticate(Bearer(fmt::format("p{}", minute), clock.Now())).ok());
    EXPECT_LE(verifier.cached(), 22u) << "after " << minute << " minutes";
    clock.Advance(absl::Minutes(1));
  }
  // Nobody for half an hour: what comes then finds none of them.
  clock.Advance(absl::Minutes(30));
  ASSERT_TRUE(verifier.Authenticate(Bearer("last", clock.Now())).ok());
  EXPECT_EQ(verifier.cached(), 1u);
}

TEST(VerifierTest, ReplacedIssuersForgetWhatWasVerified) {
  ManualClock clock(kNow);
  Verifier verifier("kh", Issuers(), clock);
  const std::string authorization = Bearer("sophea");
  ASSERT_TRUE(verifier.Authenticate(authorization).ok());

  verifier.Replace(Issuers({Role::kDesk}));
  EXPECT_EQ(verifier.cached(), 0u);
  EXPECT_EQ(GetRefusal(verifier.Authenticate(authorization).status())->metadata.at("cause"),
            "CLAIM_NOT_PERMITTED");

  verifier.Replace(IssuerRegistry());
  EXPECT_EQ(GetRefusal(verifier.Authenticate(authorization).status())->metadata.at("cause"),
            "UNKNOWN_KEY");
}

TEST(VerifierTest, ThreadsShareIt) {
  ManualClock clock(kNow);
  Verifier verifier("kh", Issuers(), clock, 8);
  std::vector<std::string> tokens;
  for (int i = 0; i < 20; ++i) tokens.push_back(Bearer(fmt::format("p{}", i)));
  std::vector<std::thread> threads;
  for (int t = 0; t < 4; ++t) {
    threads.emplace_back([&, t] {
      for (int i = 0; i < 200; ++i) {
        const size_t index = static_cast<size_t>(i * (t + 1)) % tokens.size();
        const auto principal = verifier.Authenticate(tokens[index]);
        ASSERT_TRUE(principal.ok());
        EXPECT_EQ((*principal)->person_id, fmt::format("p{}", index));
        if (i % 50 == 0) verifier.Replace(Issuers());
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
}

}  // namespace
}  // namespace redress::auth
