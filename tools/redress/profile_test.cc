#include "tools/redress/profile.h"

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "services/platform/status/field_violations.h"

namespace redress::cli {
namespace {

using ::testing::HasSubstr;

constexpr char kMinistry[] = R"({
  "node": "kh", "intake": "127.0.0.1:1", "referral": "127.0.0.1:2", "status": "127.0.0.1:3",
  "key_file": "../keys/kh-ministry.key", "person": "sok.dara", "body": "kh:mlvt",
  "roles": ["ministry"], "rights": ["refer"]})";

TEST(ProfileTest, SaysWhoSomebodyIsAndWhereTheirNodeServes) {
  const auto profile = ParseProfile(kMinistry, "/srv/profiles");
  ASSERT_TRUE(profile.ok()) << profile.status();
  EXPECT_EQ(profile->person, "sok.dara");
  EXPECT_TRUE(profile->roles.Contains(auth::Role::kMinistry));
  EXPECT_TRUE(profile->rights.Contains(auth::Right::kRefer));
  EXPECT_EQ(profile->key_file, "/srv/keys/kh-ministry.key");
}

TEST(ProfileTest, NamesEverythingThatIsWrong) {
  const auto profile = ParseProfile(R"({"node": 7, "roles": ["king"]})", "");
  std::vector<std::string> fields;
  for (const auto& violation : GetFieldViolations(profile.status())) {
    fields.push_back(violation.field);
  }
  EXPECT_THAT(fields, ::testing::IsSupersetOf({"node", "intake", "key_file", "roles[0]"}));
}

TEST(ProfileTest, WhatIsNoJsonIsRefused) {
  EXPECT_FALSE(ParseProfile("node: kh", "").ok());
  EXPECT_FALSE(ParseProfile("[]", "").ok());
}

TEST(ProfileTest, AMissingOneIsAnsweredWithThoseThatAreThere) {
  const auto profile = LoadProfile(testing::TempDir() + "/no-such-folder", "kh-desk");
  EXPECT_EQ(profile.status().code(), absl::StatusCode::kNotFound);
  EXPECT_THAT(std::string(profile.status().message()), HasSubstr("REDRESS_PROFILES"));
}

TEST(ProfileTest, TokensLiveAsLongAsTheyMay) {
  const auto profile = ParseProfile(kMinistry, "");
  const absl::Time now = absl::FromUnixSeconds(1'800'000'000) + absl::Milliseconds(300);
  const auth::TokenClaims claims = ClaimsOf(*profile, now);
  EXPECT_EQ(claims.issued_at, absl::FromUnixSeconds(1'800'000'000));
  EXPECT_EQ(claims.expires - claims.issued_at, auth::kMaxTokenLifetime);
  EXPECT_EQ(claims.audience_node, "kh");
}

}  // namespace
}  // namespace redress::cli
