#ifndef REDRESS_SERVICES_REFERRAL_APP_DIRECT_PEER_H_
#define REDRESS_SERVICES_REFERRAL_APP_DIRECT_PEER_H_

#include <memory>
#include <string>

#include "services/referral/app/inbound.h"
#include "services/referral/app/peer_port.h"
#include "services/referral/app/referral_files.h"

namespace redress::referral {

// A link without a wire: hands envelopes and files straight to an Inbound of the same process. It
// is the loopback link, by which a referral to a body of the own node takes the same path as any
// other, and it joins two nodes in tests. `sender` is the node that the other side sees.
std::unique_ptr<DeliverStream> OpenDirectDeliver(Inbound& inbound, std::string sender,
                                                 LinkState state);

// A PeerPort that has only this one peer.
class DirectPeer final : public PeerPort {
 public:
  DirectPeer(std::string sender, Inbound& inbound, ReferralFiles& files)
      : sender_(std::move(sender)), inbound_(inbound), files_(files) {}

  async::Task<absl::StatusOr<std::unique_ptr<DeliverStream>>> OpenDeliver(
      std::string peer, LinkOpening opening, async::CancellationToken cancellation) override;
  async::Task<absl::StatusOr<std::unique_ptr<FileStream>>> OpenTransfer(
      std::string peer, FileOpening opening, async::CancellationToken cancellation) override;

 private:
  const std::string sender_;
  Inbound& inbound_;
  ReferralFiles& files_;
};

}  // namespace redress::referral

#endif  // REDRESS_SERVICES_REFERRAL_APP_DIRECT_PEER_H_
