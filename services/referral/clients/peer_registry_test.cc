#include "services/referral/clients/peer_registry.h"

#include <string>

#include "fmt/format.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "services/platform/status/field_violations.h"
#include "services/platform/status/refusal.h"

namespace redress::referral {
namespace {

using ::testing::ElementsAre;
using ::testing::Field;

const std::string kFirst(64, 'a');
const std::string kSecond(64, 'b');
const NodeId kOwn = NodeId::FromTrusted("kh");

rpc::PeerIdentity Showing(std::string sha256) {
  rpc::PeerIdentity identity;
  identity.certificate_sha256 = std::move(sha256);
  return identity;
}

std::string OnePeer(std::string_view node, std::string_view sha256) {
  return fmt::format(R"({{"node": "{}", "address": "127.0.0.1:7", "certificate_sha256": "{}"}})",
                     node, sha256);
}

TEST(PeerRegistryTest, APeerIsKnownByItsPinnedCertificateAlone) {
  const auto registry = PeerRegistry::Parse("[" + OnePeer("my", kFirst) + "]", kOwn);
  ASSERT_TRUE(registry.ok()) << registry.status();
  EXPECT_EQ(registry->Authenticate(Showing(kFirst)).value(), "my");
  rpc::PeerIdentity impostor = Showing(kSecond);
  impostor.alternative_names = {"redress://my"};
  const absl::Status refused = registry->Authenticate(impostor).status();
  EXPECT_EQ(refused.code(), absl::StatusCode::kPermissionDenied);
  EXPECT_EQ(GetRefusal(refused)->reason, "PEER_NOT_PINNED");
  EXPECT_FALSE(registry->Authenticate(Showing("")).ok());
}

TEST(PeerRegistryTest, TheOwnEntryIsNoPeerEvenWithTheOwnCertificate) {
  const auto registry =
      PeerRegistry::Parse("[" + OnePeer("kh", kFirst) + "," + OnePeer("my", kSecond) + "]", kOwn);
  ASSERT_TRUE(registry.ok()) << registry.status();
  EXPECT_EQ(registry->peers().size(), 1u);
  EXPECT_EQ(registry->Find("kh"), nullptr);
  ASSERT_NE(registry->Find("my"), nullptr);
  EXPECT_FALSE(registry->Authenticate(Showing(kFirst)).ok());
}

TEST(PeerRegistryTest, ACertificateThatIsBeingReplacedIsPinnedTwice) {
  const auto registry = PeerRegistry::Parse(
      fmt::format(R"([{{"node": "my", "address": "x:1", "certificate_sha256": ["{}", "{}"]}}])",
                  kFirst, kSecond),
      kOwn);
  ASSERT_TRUE(registry.ok()) << registry.status();
  EXPECT_EQ(registry->Authenticate(Showing(kFirst)).value(), "my");
  EXPECT_EQ(registry->Authenticate(Showing(kSecond)).value(), "my");
}

TEST(PeerRegistryTest, EveryWrongFieldIsNamedAtOnce) {
  const auto registry =
      PeerRegistry::Parse(R"([{"node": "Malaysia", "certificate_sha256": "12"}, 7])", kOwn);
  EXPECT_THAT(GetFieldViolations(registry.status()),
              ElementsAre(Field(&FieldViolation::field, "peers[0].node"),
                          Field(&FieldViolation::field, "peers[0].address"),
                          Field(&FieldViolation::field, "peers[0].certificate_sha256"),
                          Field(&FieldViolation::field, "peers[1]")));
}

TEST(PeerRegistryTest, OneCertificateIsNeverPinnedForTwoNodes) {
  const auto registry =
      PeerRegistry::Parse("[" + OnePeer("th", kFirst) + "," + OnePeer("my", kFirst) + "]", kOwn);
  EXPECT_THAT(GetFieldViolations(registry.status()),
              ElementsAre(Field(&FieldViolation::field, "peers[1].certificate_sha256")));
}

TEST(PeerRegistryTest, WhatIsNoListOfPeersIsRefused) {
  EXPECT_FALSE(PeerRegistry::Parse("{\"node\": \"my\"}", kOwn).ok());
  EXPECT_FALSE(PeerRegistry::Parse("[", kOwn).ok());
  EXPECT_FALSE(PeerRegistry::Load(::testing::TempDir() + "/no-such-peers.json", kOwn).ok());
}

}  // namespace
}  // namespace redress::referral
