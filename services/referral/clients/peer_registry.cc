#include "services/referral/clients/peer_registry.h"

#include <algorithm>
#include <fstream>
#include <iterator>
#include <set>
#include <utility>

#include "fmt/format.h"
#include "nlohmann/json.hpp"
#include "services/platform/status/field_violations.h"
#include "services/platform/status/refusal.h"

namespace redress::referral {
namespace {

constexpr std::string_view kHexDigits = "0123456789abcdef";
constexpr size_t kDigestDigits = 64;

bool IsDigest(std::string_view text) {
  return text.size() == kDigestDigits &&
         text.find_first_not_of(kHexDigits) == std::string_view::npos;
}

std::string TextOf(const nlohmann::json& entry, const char* name) {
  const auto found = entry.find(name);
  return found != entry.end() && found->is_string() ? found->get<std::string>() : std::string();
}

std::vector<std::string> DigestsOf(const nlohmann::json& entry) {
  const auto found = entry.find("certificate_sha256");
  std::vector<std::string> digests;
  if (found == entry.end()) return digests;
  if (found->is_string()) digests.push_back(found->get<std::string>());
  if (!found->is_array()) return digests;
  for (const nlohmann::json& one : *found) {
    digests.push_back(one.is_string() ? one.get<std::string>() : std::string());
  }
  return digests;
}

Peer ReadPeer(const nlohmann::json& entry, const std::string& at, FieldViolations& violations) {
  Peer peer;
  const std::string node = TextOf(entry, "node");
  if (const absl::StatusOr<NodeId> parsed = NodeId::Parse(node, at); parsed.ok()) {
    peer.node = *parsed;
  } else {
    violations.AddValue(at + ".node", node, "a country in lower case, such as my");
  }
  peer.address = TextOf(entry, "address");
  if (peer.address.empty()) violations.Add(at + ".address", "is required");
  peer.certificate_sha256 = DigestsOf(entry);
  const auto& digests = peer.certificate_sha256;
  if (digests.empty() || !std::all_of(digests.begin(), digests.end(), IsDigest)) {
    violations.Add(at + ".certificate_sha256",
                   "must be 64 lower-case hex digits, or a list of such");
  }
  return peer;
}

}  // namespace

bool Peer::Shows(std::string_view sha256) const {
  return std::find(certificate_sha256.begin(), certificate_sha256.end(), sha256) !=
         certificate_sha256.end();
}

absl::StatusOr<PeerRegistry> PeerRegistry::Parse(std::string_view json, const NodeId& own) {
  const nlohmann::json content = nlohmann::json::parse(json, nullptr, /*allow_exceptions=*/false);
  if (!content.is_array()) return InvalidField("peers", "is no JSON list of peers");
  PeerRegistry registry;
  FieldViolations violations;
  std::set<NodeId> nodes;
  std::set<std::string> digests;
  for (size_t i = 0; i < content.size(); ++i) {
    const std::string at = fmt::format("peers[{}]", i);
    if (!content[i].is_object()) {
      violations.Add(at, "is no object");
      continue;
    }
    Peer peer = ReadPeer(content[i], at, violations);
    if (!peer.node.empty() && !nodes.insert(peer.node).second) {
      violations.AddValue(at + ".node", peer.node.ToString(), "each node once");
    }
    // One certificate for two nodes would let either speak for the other.
    for (const std::string& digest : peer.certificate_sha256) {
      if (!digests.insert(digest).second) {
        violations.Add(at + ".certificate_sha256", "stands in the list before");
      }
    }
    if (peer.node != own) registry.peers_.push_back(std::move(peer));
  }
  if (!violations.empty()) return violations.ToStatus();
  return registry;
}

absl::StatusOr<PeerRegistry> PeerRegistry::Load(const std::string& path, const NodeId& own) {
  std::ifstream file(path, std::ios::binary);
  if (!file) return InvalidField("--peers", fmt::format("{}: cannot be read", path));
  const std::string text{std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
  return Parse(text, own);
}

const Peer* PeerRegistry::Find(std::string_view node) const {
  for (const Peer& peer : peers_) {
    if (peer.node.ToString() == node) return &peer;
  }
  return nullptr;
}

absl::StatusOr<std::string> PeerRegistry::Authenticate(const rpc::PeerIdentity& identity) const {
  for (const Peer& peer : peers_) {
    if (peer.Shows(identity.certificate_sha256)) return peer.node.ToString();
  }
  return Refuse(absl::StatusCode::kPermissionDenied, "PEER_NOT_PINNED",
                "the certificate is pinned for no peer");
}

}  // namespace redress::referral
