#include "services/referral/two_nodes_fixture.h"

#include <stdlib.h>
#include <sys/stat.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <utility>

#include "absl/strings/escaping.h"
#include "fmt/format.h"
#include "grpcpp/create_channel.h"
#include "services/platform/auth/issuer_registry.h"
#include "services/platform/auth/token.h"
#include "services/platform/codes/iso_codes.h"
#include "services/platform/crypto/node_keys.h"
#include "services/platform/crypto/sha256.h"
#include "services/platform/ids/case_number.h"

namespace redress::referral::testing {
namespace {

using auth::Role;

constexpr char kMember[] = "01J0000000000000000000000A";

void WriteFile(const std::string& path, const std::string& text) {
  std::ofstream file(path, std::ios::trunc);
  file << text;
}

std::string ReadFile(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
}

// SHA-256 of the certificate in a PEM file, as peers pin it.
std::string FingerprintOf(const std::string& path) {
  constexpr std::string_view kBegin = "-----BEGIN CERTIFICATE-----";
  const std::string pem = ReadFile(path);
  const size_t begin = pem.find(kBegin) + kBegin.size();
  std::string der;
  absl::Base64Unescape(pem.substr(begin, pem.find("-----END", begin) - begin), &der);
  return absl::BytesToHexString(crypto::Sha256::Of(der));
}

}  // namespace

bool Eventually(const std::function<bool()>& condition) {
  const absl::Time give_up = absl::Now() + absl::Seconds(30);
  while (!condition()) {
    if (absl::Now() > give_up) return false;
    absl::SleepFor(absl::Milliseconds(5));
  }
  return true;
}

Ground::Ground() {
  std::string pattern = ::testing::TempDir() + "/two-nodes-XXXXXX";
  directory_ = ::mkdtemp(pattern.data());
  const std::string command =
      fmt::format("'{}' '{}/pki' kh my th >/dev/null", REDRESS_MAKE_DEV_PKI, directory_);
  EXPECT_EQ(std::system(command.c_str()), 0);
}

Ground::~Ground() { std::filesystem::remove_all(directory_); }

std::string Ground::Path(std::string_view name) const {
  return fmt::format("{}/{}", directory_, name);
}

std::string Ground::Socket(std::string_view node) const {
  return fmt::format("unix:{}/{}.sock", directory_, node);
}

rpc::TlsFiles Ground::Tls(std::string_view node) const {
  return {.certificate_file = fmt::format("{}/pki/{}/node.crt", directory_, node),
          .key_file = fmt::format("{}/pki/{}/node.key", directory_, node),
          .authorities_file = fmt::format("{}/pki/ca.crt", directory_)};
}

std::string Ground::PeerEntry(std::string_view node, std::string_view certificate_of) const {
  return fmt::format(R"({{"node": "{}", "address": "{}", "certificate_sha256": "{}"}})", node,
                     Socket(node), FingerprintOf(Tls(certificate_of).certificate_file));
}

Node::Node(const Ground& ground, std::string id)
    : id_(std::move(id)), people_(crypto::SecretKey::Generate(random_)) {
  const std::string home = ground.Path(id_);
  auto keys = crypto::EnsureNodeKeys(home + "-keys", random_);
  EXPECT_TRUE(keys.ok()) << keys.status();
  auth::IssuerRegistry registry;
  registry.Put({.public_key = keys->signing.public_key(),
                .label = "services",
                .bodies = {id_ + ":services"},
                .roles = {Role::kService}});
  registry.Put({.public_key = people_.public_key(),
                .label = "people",
                .bodies = {id_ + ":*"},
                .roles = auth::RoleSet::All(),
                .rights = auth::RightSet::All()});
  WriteFile(home + "-issuers.json", registry.ToJson());
  ::chmod((home + "-issuers.json").c_str(), 0600);
  WriteFile(home + "-peers.json",
            fmt::format("[{}, {}]", ground.PeerEntry("kh", "kh"), ground.PeerEntry("my", "my")));
  const rpc::TlsFiles tls = ground.Tls(id_);
  options_.common.node = NodeId::FromTrusted(id_);
  options_.common.data_dir = home;
  options_.common.listen = {"127.0.0.1:0"};
  options_.common.node_keys = home + "-keys";
  options_.common.issuers = home + "-issuers.json";
  options_.intake = intake_.address();
  options_.exchange_listen = ground.Socket(id_);
  options_.exchange_cert = tls.certificate_file;
  options_.exchange_key = tls.key_file;
  options_.exchange_ca = tls.authorities_file;
  options_.peers = home + "-peers.json";
  options_.iso_codes = kIsoCodesDirectory;
}

void Node::Start() {
  auto process = ReferralProcess::Start(options_);
  ASSERT_TRUE(process.ok()) << process.status();
  process_ = *std::move(process);
  channel_ = grpc::CreateChannel(process_->address(), grpc::InsecureChannelCredentials());
  referrals_ = v1::ReferralService::NewStub(channel_);
  directory_ = v1::DirectoryService::NewStub(channel_);
}

std::string Node::Token(Role role, std::string_view body) const {
  auth::TokenClaims claims;
  claims.issuer_node = claims.audience_node = id_;
  claims.person_id = fmt::format("{}.test", auth::RoleName(role));
  claims.body_id = std::string(body);
  claims.roles.Insert(role);
  claims.issued_at = absl::FromUnixSeconds(absl::ToUnixSeconds(absl::Now()));
  claims.expires = claims.issued_at + auth::kMaxTokenLifetime;
  return auth::MintToken(people_, claims);
}

TwoNodes::TwoNodes()
    : kh_(ground_, "kh"), my_(ground_, "my"), case_(CaseNumber("KH", 26, 1).ToString()) {}

void TwoNodes::SetUp() {
  kh_.intake().AddCase(case_, kMember);
  ASSERT_NO_FATAL_FAILURE(kh_.Start());
  ASSERT_NO_FATAL_FAILURE(my_.Start());
}

std::string TwoNodes::RequestId() {
  static int number = 0;
  return fmt::format("two-nodes-request-{:04}", ++number);
}

void TwoNodes::Publish(Node& node, const std::string& body_id, const std::string& country) {
  v1::PutBodyRequest request;
  request.set_request_id(RequestId());
  v1::Body& body = *request.mutable_body();
  body.set_body_id(body_id);
  body.set_kind("TRADE_UNION");
  v1::LocalName& name = *body.add_names();
  name.set_language("en");
  name.set_name("Workers' Congress");
  body.set_country(country);
  body.add_languages("en");
  body.set_active(true);
  v1::FocalPoint& point = *body.add_focal_points();
  point.set_focal_point_id(body_id + "/desk");
  point.set_name("Lim Siew");
  point.set_from("2024-04-01");
  v1::PutBodyResponse response;
  const absl::Status put =
      node.Call(node.directory(), &v1::DirectoryService::Stub::PutBody, Role::kAdmin,
                body_id.substr(0, 3) + "administration", request, response);
  ASSERT_TRUE(put.ok()) << put;
}

void TwoNodes::AwaitBody(Node& node, const std::string& body_id) {
  v1::GetBodyRequest get;
  get.set_body_id(body_id);
  EXPECT_TRUE(Eventually([&] {
    v1::GetBodyResponse got;
    return node
        .Call(node.directory(), &v1::DirectoryService::Stub::GetBody, Role::kAdmin, "", get, got)
        .ok();
  })) << body_id;
}

void TwoNodes::PublishUnion() {
  ASSERT_NO_FATAL_FAILURE(Publish(my_, "my:mtuc", "MY"));
  AwaitBody(kh_, "my:mtuc");
}

std::string TwoNodes::Refer(const std::string& body_id) {
  v1::ReferComplaintRequest request;
  request.set_request_id(RequestId());
  request.set_case_number(case_);
  request.set_case_etag("1");
  request.set_receiver_body_id(body_id);
  request.set_ad_hoc(true);
  v1::ReferComplaintResponse response;
  const absl::Status referred =
      kh_.Call(kh_.referrals(), &v1::ReferralService::Stub::ReferComplaint, Role::kMinistry,
               "kh:mlvt", request, response);
  EXPECT_TRUE(referred.ok()) << referred;
  return response.change().referral_id();
}

absl::Status TwoNodes::Accept(const std::string& id, v1::AcceptReferralResponse& response) {
  v1::AcceptReferralRequest request;
  request.set_request_id(RequestId());
  request.set_referral_id(id);
  request.set_etag(AtUnion(id).etag());
  request.mutable_acceptance()->set_focal_point_id("my:mtuc/desk");
  return my_.Call(my_.referrals(), &v1::ReferralService::Stub::AcceptReferral, Role::kContact,
                  "my:mtuc", request, response);
}

v1::Referral TwoNodes::Shown(Node& node, Role role, std::string_view body, const std::string& id) {
  v1::GetReferralRequest request;
  request.set_referral_id(id);
  v1::GetReferralResponse response;
  const absl::Status shown = node.Call(node.referrals(), &v1::ReferralService::Stub::GetReferral,
                                       role, body, request, response);
  return shown.ok() ? response.referral() : v1::Referral();
}

v1::Referral TwoNodes::AtHome(const std::string& id) {
  return Shown(kh_, Role::kMinistry, "kh:mlvt", id);
}

v1::Referral TwoNodes::AtUnion(const std::string& id) {
  return Shown(my_, Role::kContact, "my:mtuc", id);
}

}  // namespace redress::referral::testing
