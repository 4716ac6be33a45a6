#ifndef REDRESS_SERVICES_REFERRAL_APP_RESTORED_LINKS_H_
#define REDRESS_SERVICES_REFERRAL_APP_RESTORED_LINKS_H_

#include <cstdint>
#include <string>

#include "services/referral/app/parts.h"

namespace redress::referral {

// What two nodes do when the store of one was put back to a backup. The restored node opens a
// stream to every peer, also without a message, and says how often it was restored. A peer that
// knew of fewer times puts everything of its own about their referrals into its outbox again: what
// the restored node has, it answers DUPLICATE. The own node's loopback link is restored as a whole
// and needs none of this.

// Whether this node was restored and `peer` has not been told.
Answer<bool> MustTellOfRestore(const AppParts& parts, std::string peer);
// Notes that it was.
Answer<bool> NoteRestoreTold(const AppParts& parts, std::string peer);

// Notes what a peer said of itself. True when that is news.
Answer<bool> NotePeerRestores(const AppParts& parts, std::string peer, uint32_t restores);
// Puts what is this node's own into the outbox of a peer that was restored, a commit for each
// referral, unless that was done. True when it did. Interrupted it begins again.
Answer<bool> SendAgainToRestored(const AppParts& parts, std::string peer);

}  // namespace redress::referral

#endif  // REDRESS_SERVICES_REFERRAL_APP_RESTORED_LINKS_H_
