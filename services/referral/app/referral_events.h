#ifndef REDRESS_SERVICES_REFERRAL_APP_REFERRAL_EVENTS_H_
#define REDRESS_SERVICES_REFERRAL_APP_REFERRAL_EVENTS_H_

#include <string>
#include <vector>

#include "redress/referral/v1/events.pb.h"
#include "redress/referral/v1/reads.pb.h"
#include "services/referral/app/loaded_referral.h"

namespace redress::referral {

// What the event log, lists and answers say of a referral. No personal data passes here.

// The envelope of an event about the referral as `now` shows it; `kind` and the states are the
// caller's.
v1::Event BaseEvent(const AppParts& parts, const LoadedReferral& now);

// What a fact says without words and people.
v1::FactAdded FactAddedOf(const AppParts& parts, const Fact& fact, bool lost,
                          v1::EvidenceKind evidence);

v1::PeerView PeerViewOf(const LoadedReferral& loaded);

// The line of lists, and every index key under which it is found.
v1::ReferralSummary SummaryOf(const rows::ReferralRecord& record);
std::vector<IndexKey> IndexKeysOf(const ReferralRef& ref, const rows::ReferralRecord& record);

// The earliest of the clocks; InfiniteFuture when none runs.
absl::Time DueOf(const v1::Clocks& clocks);

}  // namespace redress::referral

#endif  // REDRESS_SERVICES_REFERRAL_APP_REFERRAL_EVENTS_H_
