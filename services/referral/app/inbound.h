#ifndef REDRESS_SERVICES_REFERRAL_APP_INBOUND_H_
#define REDRESS_SERVICES_REFERRAL_APP_INBOUND_H_

#include <string>

#include "redress/exchange/v1/envelope.pb.h"
#include "services/referral/app/parts.h"

namespace redress::referral {

// The receiving half of the links: takes each envelope of a peer, acts on it once, and answers with
// a stored receipt. `peer` is the node that the connection's certificate proves; nothing in a
// message is believed over it.
//
// Every envelope ends in a receipt: accepted, duplicate or refused with a code. The receipt, the
// envelope's effect and the link's place are one commit. What arrives twice, in any number of
// connections and for the life of the case, gets its original receipt.
//
// REQUIRES: the envelopes of one stream are handed over one after another. Two streams of one peer
// (an old one that has not noticed) are safe: the store settles which comes first.
class Inbound {
 public:
  explicit Inbound(const AppParts& parts) : parts_(parts) {}

  // The answer to a stream's first frame. PERMISSION_DENIED PEER_NOT_PINNED when the opening names
  // another sender than `peer`; INVALID_ARGUMENT RECIPIENT_IS_ANOTHER_NODE; FAILED_PRECONDITION
  // LINK_EPOCH_OLD {epoch, current_epoch}.
  Answer<LinkState> Open(std::string peer, LinkOpening opening);

  // An error ends the stream and leaves no trace: INVALID_ARGUMENT NOT_IN_ORDER when the sequence
  // leaves a gap or goes back, FAILED_PRECONDITION LINK_EPOCH_OLD, or what the store answers.
  Answer<ReceiptFrame> HandleEnvelope(std::string peer, exchange::v1::Envelope envelope);

 private:
  const AppParts& parts_;
};

}  // namespace redress::referral

#endif  // REDRESS_SERVICES_REFERRAL_APP_INBOUND_H_
