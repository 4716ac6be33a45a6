#ifndef REDRESS_SERVICES_REFERRAL_APP_REFERRAL_MONEY_H_
#define REDRESS_SERVICES_REFERRAL_APP_REFERRAL_MONEY_H_

#include <vector>

#include "absl/status/status.h"
#include "redress/intake/v1/event_data.pb.h"
#include "redress/intake/v1/money.pb.h"
#include "services/referral/app/loaded_referral.h"

namespace redress::referral {

// Sums of a referral as this node knows them, one per currency: the entries recorded or received
// here, and what the standing outcome or the accepted proposal makes owed. Home's ledger at intake
// is authoritative and may know more.
std::vector<intake::v1::CurrencyTotal> TotalsOf(const LoadedReferral& loaded);

// True while something is owed that was neither received nor written off.
bool HasOpenBalance(const LoadedReferral& loaded);

// Adds an entry to the record's sums. REVERSAL takes away what `reversed` added; give nullptr for
// other kinds. OUT_OF_RANGE when a sum would overflow.
absl::Status AddToTotals(rows::ReferralRecord& record, const intake::v1::PostedEntry& entry,
                         const intake::v1::PostedEntry* reversed);

intake::v1::LedgerBalance ToBalance(const intake::v1::CurrencyTotal& total, const IsoCodes& codes);

// Whether what members obtained (ObtainedTerms) is owed to them: the referral is over, with or
// without a solution for all. Until then an agreement may still be replaced by another proposal.
bool AgreementsStand(const FoldedReferral& folded);

// Whether what is owed was awarded and not agreed.
bool IsAwarded(const FoldedReferral& folded);

}  // namespace redress::referral

#endif  // REDRESS_SERVICES_REFERRAL_APP_REFERRAL_MONEY_H_
