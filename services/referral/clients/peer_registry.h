#ifndef REDRESS_SERVICES_REFERRAL_CLIENTS_PEER_REGISTRY_H_
#define REDRESS_SERVICES_REFERRAL_CLIENTS_PEER_REGISTRY_H_

#include <string>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"
#include "services/platform/ids/names.h"
#include "services/platform/rpc/call_context.h"

namespace redress::referral {

// Another node, as the operators of both have made it known to each other.
struct Peer {
  NodeId node;
  std::string address;  // Of its exchange: "referral.my.example:7443".
  // SHA-256 of the certificates that it may show, in DER form, as 64 lower-case hex digits. Two
  // while a certificate is being replaced.
  std::vector<std::string> certificate_sha256;

  bool Shows(std::string_view sha256) const;
};

// The peers of a node, from a file that operators keep:
//
//   [{"node": "my", "address": "127.0.0.1:7102", "certificate_sha256": "91b4…"},
//    {"node": "th", "address": "…", "certificate_sha256": ["old …", "new …"]}]
//
// The node's own entry may stand in it, so that one file serves several nodes; it is left out here,
// since a node reaches itself without a wire. Immutable, thread-safe. Read once at start: making a
// peer known is rare and a restart is short.
class PeerRegistry final : public rpc::PeerAuthenticator {
 public:
  PeerRegistry() = default;

  // INVALID_ARGUMENT naming every entry and field that is wrong, or that the text is no JSON.
  static absl::StatusOr<PeerRegistry> Parse(std::string_view json, const NodeId& own);
  // The same; also when the file cannot be read.
  static absl::StatusOr<PeerRegistry> Load(const std::string& path, const NodeId& own);

  const std::vector<Peer>& peers() const { return peers_; }
  // Nullptr for a node that is no peer.
  const Peer* Find(std::string_view node) const;

  absl::StatusOr<std::string> Authenticate(const rpc::PeerIdentity& peer) const override;

 private:
  std::vector<Peer> peers_;
};

}  // namespace redress::referral

#endif  // REDRESS_SERVICES_REFERRAL_CLIENTS_PEER_REGISTRY_H_
