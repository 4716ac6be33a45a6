#include "services/platform/auth/issuer_registry.h"

#include <sys/stat.h>

#include <fstream>

#include "fmt/format.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "services/platform/crypto/system_random.h"
#include "services/platform/status/field_violations.h"

namespace redress::auth {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

crypto::SigningKey Key(char fill) {
  return crypto::SigningKey(*crypto::SecretKey::FromBytes(std::string(32, fill)));
}

Issuer Desk() {
  Issuer issuer;
  issuer.public_key = Key('d').public_key();
  issuer.label = "desk of LSCW";
  issuer.bodies = {"kh:lscw", "kh:mrc-*"};
  issuer.roles = {Role::kDesk, Role::kKiosk};
  issuer.rights = {Right::kRefer};
  issuer.postings = {"MY"};
  issuer.provinces = {"*"};
  issuer.valid_from = absl::FromUnixSeconds(1'700'000'000);
  issuer.valid_to = absl::FromUnixSeconds(1'900'000'000);
  return issuer;
}

std::vector<std::string> ViolatedFields(const absl::Status& status) {
  std::vector<std::string> fields;
  for (const FieldViolation& violation : GetFieldViolations(status)) {
    fields.push_back(violation.field);
  }
  return fields;
}

TEST(IssuerRegistryTest, ReadsWhatItWrites) {
  IssuerRegistry registry;
  registry.Put(Desk());
  Issuer open;
  open.public_key = Key('o').public_key();
  open.roles = {Role::kService};
  registry.Put(open);

  const absl::StatusOr<IssuerRegistry> again = IssuerRegistry::Parse(registry.ToJson());

  ASSERT_TRUE(again.ok()) << again.status();
  EXPECT_EQ(again->ToJson(), registry.ToJson());
  const Issuer* desk = again->Find(Desk().key_id());
  ASSERT_NE(desk, nullptr);
  EXPECT_EQ(desk->label, "desk of LSCW");
  EXPECT_EQ(desk->roles, Desk().roles);
  EXPECT_EQ(desk->rights, Desk().rights);
  EXPECT_EQ(desk->valid_to, Desk().valid_to);
  EXPECT_EQ(again->Find(open.key_id())->valid_to, absl::InfiniteFuture());
  EXPECT_EQ(again->Find("sig-0000000000000000"), nullptr);
}

TEST(IssuerRegistryTest, ScopesAreExactOrAPrefix) {
  const Issuer desk = Desk();
  EXPECT_TRUE(desk.MayAssertBody("kh:lscw"));
  EXPECT_TRUE(desk.MayAssertBody("kh:mrc-battambang"));
  EXPECT_FALSE(desk.MayAssertBody("kh:lscw2"));
  EXPECT_FALSE(desk.MayAssertBody("kh:mrc"));
  EXPECT_FALSE(desk.MayAssertBody("my:mtuc"));
  EXPECT_TRUE(desk.MayAssertPosting("MY"));
  EXPECT_FALSE(desk.MayAssertPosting("TH"));
  EXPECT_TRUE(desk.MayAssertProvince("KH-2"));
  EXPECT_FALSE(Issuer().MayAssertBody("kh:lscw"));
  EXPECT_FALSE(Issuer().MayAssertProvince("KH-2"));
}

TEST(IssuerRegistryTest, ValidityIncludesItsStartAndNotItsEnd) {
  const Issuer desk = Desk();
  EXPECT_TRUE(desk.ValidAt(desk.valid_from));
  EXPECT_FALSE(desk.ValidAt(desk.valid_from - absl::Seconds(1)));
  EXPECT_FALSE(desk.ValidAt(desk.valid_to));
}

TEST(IssuerRegistryTest, OneAnswerNamesEveryWrongField) {
  const std::string json = fmt::format(
      R"({{"version": 1, "issuers": [
          {{"kid": "sig-1", "public_key": "{}", "roles": ["desk", "king", 7], "bodies": "kh:lscw",
            "rights": ["rule"], "postings": ["Malaysia"], "valid_from": "yesterday",
            "valid_until": "2027-01-01T00:00:00Z"}},
          {{"public_key": "x", "bodies": ["KH:*", "kh"], "label": 5}},
          "desk"]}})",
      Key('d').public_key().ToText());
  EXPECT_THAT(ViolatedFields(IssuerRegistry::Parse(json).status()),
              ElementsAre("issuers[0]", "issuers[0].kid", "issuers[0].bodies",
                          "issuers[0].postings[0]", "issuers[0].roles[1]", "issuers[0].roles[2]",
                          "issuers[0].rights[0]", "issuers[0].valid_from", "issuers[1].public_key",
                          "issuers[1].label", "issuers[1].bodies[0]", "issuers[1].bodies[1]",
                          "issuers[1].roles", "issuers[2]"));
}

TEST(IssuerRegistryTest, AnEndBeforeTheStartIsRefused) {
  IssuerRegistry registry;
  Issuer issuer = Desk();
  issuer.valid_to = issuer.valid_from;
  registry.Put(issuer);
  EXPECT_THAT(ViolatedFields(IssuerRegistry::Parse(registry.ToJson()).status()),
              ElementsAre("issuers[0].valid_to"));
}

TEST(IssuerRegistryTest, TheSameKeyTwiceIsRefused) {
  IssuerRegistry registry;
  registry.Put(Desk());
  std::string json = registry.ToJson();
  const size_t start = json.find("    {");
  const size_t end = json.rfind('}', json.rfind('}') - 1) + 1;
  json.insert(end, ",\n" + json.substr(start, end - start));
  EXPECT_THAT(ViolatedFields(IssuerRegistry::Parse(json).status()), ElementsAre("issuers[1].kid"));
}

TEST(IssuerRegistryTest, WhatIsNoRegistryIsRefused) {
  for (std::string_view json :
       {"", "[]", "{", "null", "7", R"({"version": 1})", R"({"version": 2, "issuers": []})",
        R"({"issuers": []})", "{\"version\": 1, \"issuers\": [], \"\xff\": 1}"}) {
    EXPECT_TRUE(absl::IsInvalidArgument(IssuerRegistry::Parse(json).status())) << json;
  }
  EXPECT_EQ(IssuerRegistry::Parse(R"({"version": 1, "issuers": []})")->size(), 0u);
}

TEST(IssuerRegistryTest, AFileThatOthersMayWriteToIsRefused) {
  crypto::SystemRandom random;
  const std::string path = fmt::format("{}/issuers-{:x}", ::testing::TempDir(), random.Next());
  EXPECT_TRUE(absl::IsNotFound(IssuerRegistry::Load(path).status()));
  IssuerRegistry registry;
  registry.Put(Desk());
  std::ofstream(path) << registry.ToJson();
  ::chmod(path.c_str(), 0644);
  EXPECT_EQ(IssuerRegistry::Load(path)->size(), 1u);
  ::chmod(path.c_str(), 0664);
  const absl::Status status = IssuerRegistry::Load(path).status();
  EXPECT_TRUE(absl::IsFailedPrecondition(status));
  EXPECT_THAT(std::string(status.message()), HasSubstr("0664"));
  EXPECT_TRUE(absl::IsFailedPrecondition(IssuerRegistry::Load(::testing::TempDir()).status()));
}

}  // namespace
}  // namespace redress::auth
