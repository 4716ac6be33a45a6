#ifndef REDRESS_SERVICES_REFERRAL_APP_RESEND_H_
#define REDRESS_SERVICES_REFERRAL_APP_RESEND_H_

#include <vector>

#include "services/referral/app/loaded_referral.h"
#include "services/referral/app/outbox.h"

namespace redress::referral {

// Everything that makes a referral known to a destination that may have nothing of it, out of what
// is stored at home: the head, the pages of the first disclosure that was sent, and home's facts
// after the first. Sent as new messages; what the destination has already it answers DUPLICATE.
Answer<std::vector<OutgoingMessage>> MessagesAgain(const AppParts& parts,
                                                   const LoadedReferral& loaded);

// The facts of this node's side, with all of its evidence, in the order of their chains; without
// home's first of either, which go with the head.
absl::StatusOr<std::vector<OutgoingMessage>> FactsAgain(const AppParts& parts,
                                                        const LoadedReferral& loaded);

// A head as it is sent, without fact and evidence.
exchange::v1::ReferralHead HeadOf(const rows::ReferralRecord& record,
                                  const intake::v1::DisclosedComplaint& complaint,
                                  uint32_t page_count);

}  // namespace redress::referral

#endif  // REDRESS_SERVICES_REFERRAL_APP_RESEND_H_
