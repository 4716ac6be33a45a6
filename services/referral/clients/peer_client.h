#ifndef REDRESS_SERVICES_REFERRAL_CLIENTS_PEER_CLIENT_H_
#define REDRESS_SERVICES_REFERRAL_CLIENTS_PEER_CLIENT_H_

#include <map>
#include <memory>
#include <string>

#include "absl/status/statusor.h"
#include "services/platform/rpc/event_loop.h"
#include "services/platform/rpc/tls.h"
#include "services/referral/app/peer_port.h"
#include "services/referral/clients/peer_registry.h"

namespace redress::referral {

// The exchange of other nodes over gRPC with mutual TLS, and that of the own node by `loopback`.
//
// The authority that signed a peer's certificate is not trusted to say who the peer is: the
// certificate must be the pinned one. That is checked when the peer's first frame is there, before
// anything but ids has left. One kept connection a peer, which connects again by itself.
class PeerClient final : public PeerPort {
 public:
  // `loop`, `peers` and `loopback` (reached as `own`) are borrowed. INVALID_ARGUMENT when a TLS
  // file cannot be read.
  static absl::StatusOr<std::unique_ptr<PeerClient>> Make(rpc::EventLoop& loop, std::string own,
                                                          PeerPort& loopback,
                                                          const PeerRegistry& peers,
                                                          const rpc::TlsFiles& files);
  ~PeerClient() override;

  async::Task<absl::StatusOr<std::unique_ptr<DeliverStream>>> OpenDeliver(
      std::string peer, LinkOpening opening, async::CancellationToken cancellation) override;
  async::Task<absl::StatusOr<std::unique_ptr<FileStream>>> OpenTransfer(
      std::string peer, FileOpening opening, async::CancellationToken cancellation) override;

 private:
  struct Connection;
  PeerClient(rpc::EventLoop& loop, std::string own, PeerPort& loopback);
  // Nullptr when no such peer is configured.
  Connection* Find(const std::string& peer) const;

  rpc::EventLoop& loop_;
  const std::string own_;
  PeerPort& loopback_;
  std::map<std::string, std::unique_ptr<Connection>> connections_;
};

}  // namespace redress::referral

#endif  // REDRESS_SERVICES_REFERRAL_CLIENTS_PEER_CLIENT_H_
