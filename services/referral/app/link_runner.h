#ifndef REDRESS_SERVICES_REFERRAL_APP_LINK_RUNNER_H_
#define REDRESS_SERVICES_REFERRAL_APP_LINK_RUNNER_H_

#include <string>

#include "services/platform/async/cancellation.h"
#include "services/referral/app/parts.h"

namespace redress::referral {

// The sending half of the link to one peer: takes the outbox in order, from where the last stored
// receipt left off, keeps up to the receiver's window of envelopes on their way, and stores what
// each receipt says together with its effect (the outbox row gone, the referral's own facts
// confirmed, RELAY evidence, what was refused kept for an operator).
//
// A peer that is down blocks nobody: the runner tries again with growing, jittered delays for as
// long as it takes. After a restart it goes on from the store. One runner a peer; it runs until
// cancelled.
async::Task<void> RunLink(const AppParts& parts, PeerPort& peers, std::string peer,
                          async::CancellationToken cancellation);

}  // namespace redress::referral

#endif  // REDRESS_SERVICES_REFERRAL_APP_LINK_RUNNER_H_
