#ifndef REDRESS_SERVICES_REFERRAL_APP_FOLDED_RECORD_H_
#define REDRESS_SERVICES_REFERRAL_APP_FOLDED_RECORD_H_

#include "services/referral/app/loaded_referral.h"

namespace redress::referral {

// Writes into a referral's record what follows from its facts, so that a verb need not fold again.
// Everything else of the record stays. `clocks` stands in for rules that the referral does not
// carry. A check of the store does the same and compares.
void WriteFolded(const LoadedReferral& loaded, const ClockConfig& clocks,
                 rows::ReferralRecord& record);

}  // namespace redress::referral

#endif  // REDRESS_SERVICES_REFERRAL_APP_FOLDED_RECORD_H_
