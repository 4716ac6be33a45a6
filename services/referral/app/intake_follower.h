#ifndef REDRESS_SERVICES_REFERRAL_APP_INTAKE_FOLLOWER_H_
#define REDRESS_SERVICES_REFERRAL_APP_INTAKE_FOLLOWER_H_

#include "services/platform/async/cancellation.h"
#include "services/referral/app/parts.h"

namespace redress::referral {

class Disclosures;

// Follows intake's event log from a stored cursor: a withdrawal or a revoked consent recalls every
// open referral that it touches, or narrows what it discloses when other members stay. The effect
// and the cursor may be committed apart, effect first: a repetition finds nothing left to do.
// Ends when cancelled.
async::Task<void> FollowIntake(const AppParts& parts, Disclosures& disclosures,
                               async::CancellationToken cancellation);

// Handles what has come since the cursor and returns how many events that was; waits at most
// `wait` for the first.
Answer<int> FollowIntakeOnce(const AppParts& parts, Disclosures& disclosures, absl::Duration wait,
                             async::CancellationToken cancellation);

// Recalls a referral of this node for a reason that the node itself found. OK and false when there
// is nothing to recall.
Answer<bool> RecallByNode(const AppParts& parts, ReferralRef ref, std::string reason);

// Tells intake how ended referrals ended and which of them have come to life again, posts money
// that came from destinations, and settles disclosures that a crash left without a referral and
// whose request did not come back within ClockConfig::open_disclosure. What cannot be told now
// stays for the next run. Returns how much was done.
Answer<int> SettleWithIntake(const AppParts& parts, Disclosures& disclosures);

// SettleWithIntake whenever there is something to settle; ends when cancelled.
async::Task<void> RunSettling(const AppParts& parts, Disclosures& disclosures,
                              async::CancellationToken cancellation);

}  // namespace redress::referral

#endif  // REDRESS_SERVICES_REFERRAL_APP_INTAKE_FOLLOWER_H_
