#ifndef REDRESS_SERVICES_STATUS_APP_VIEWS_H_
#define REDRESS_SERVICES_STATUS_APP_VIEWS_H_

#include <string>
#include <vector>

#include "absl/time/time.h"
#include "google/protobuf/repeated_ptr_field.h"
#include "redress/status/v1/case_requests.pb.h"
#include "redress/status/v1/case_view.pb.h"
#include "redress/status/v1/timeline.pb.h"
#include "services/platform/codes/iso_codes.h"
#include "services/status/app/directory.h"
#include "services/status/domain/case_view.h"
#include "services/status/domain/timeline.h"

namespace redress::status {

// What the domain says of a case, as the API shows it. Pure functions.

// What a list row keeps: without names and without what depends on the present.
v1::CaseSummary SummaryOf(const CaseView& view);

// What a list row does not keep: names and `overdue`, in a summary of nothing else, which can be
// merged into the one kept or put behind it on the wire.
v1::CaseSummary RestOfSummary(const Directory& directory, absl::Time now,
                              const std::string& holder_body_id, absl::Time due_at);

// Fills that in.
void FinishSummary(const Directory& directory, absl::Time now, v1::CaseSummary& summary);

// The same of a referral: what is kept, and what is not: the receiver's name, `overdue`, and when
// the peer was heard from, by the referral (`heard_at`) or by another.
v1::ReferralStatus ReferralStatusOf(const ReferralRow& referral, bool home_here);
v1::ReferralStatus RestOfReferral(const Directory& directory, absl::Time now,
                                  const std::string& receiver_body_id, absl::Time due_at,
                                  const std::string& peer_node, absl::Time heard_at);
const std::string& PeerOf(const ReferralRow& referral, bool home_here);

// A case without its referrals and sums, and without what RestOfSummary gives.
v1::CaseStatus BareStatusOf(const CaseView& view);

v1::CaseStatus CaseStatusOf(const CaseView& view, const Directory& directory, const IsoCodes& codes,
                            absl::Time now);

v1::InStep InStepOf(const ReferralRow& referral, bool home_here, const Directory& directory);

// `claimed` is left out where it is not known.
google::protobuf::RepeatedPtrField<v1::MoneyTotals> MoneyOf(
    const std::vector<CurrencyTotal>& totals, bool claims_known, const IsoCodes& codes);

v1::TimelineEntry EntryOf(const TimelineEntry& entry, const IsoCodes& codes);

// Whether a case fits the filter, by what a list row knows. `overdue` is judged at `now`.
bool Fits(const v1::CaseFilter& filter, const v1::CaseSummary& summary,
          const std::vector<std::string>& nationalities, absl::Time now);

}  // namespace redress::status

#endif  // REDRESS_SERVICES_STATUS_APP_VIEWS_H_
