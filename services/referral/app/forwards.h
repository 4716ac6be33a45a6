#ifndef REDRESS_SERVICES_REFERRAL_APP_FORWARDS_H_
#define REDRESS_SERVICES_REFERRAL_APP_FORWARDS_H_

#include "services/platform/async/cancellation.h"
#include "services/referral/app/disclosures.h"
#include "services/referral/app/parts.h"

namespace redress::referral {

// Decides on forwards that receivers asked for, and completes those whose child has arrived. Home
// sends the child by the rules of any referral, under the parent's kind of agreement; where they
// stand against it the forward is refused with a coded reason and the parent goes on as before. A
// person may send the child first: then nothing is left to decide. Returns how many were done.
Answer<int> DecideForwards(const AppParts& parts, Disclosures& disclosures);

// DecideForwards whenever there is one; ends when cancelled.
async::Task<void> RunForwards(const AppParts& parts, Disclosures& disclosures,
                              async::CancellationToken cancellation);

}  // namespace redress::referral

#endif  // REDRESS_SERVICES_REFERRAL_APP_FORWARDS_H_
