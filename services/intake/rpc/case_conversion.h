#ifndef REDRESS_SERVICES_INTAKE_RPC_CASE_CONVERSION_H_
#define REDRESS_SERVICES_INTAKE_RPC_CASE_CONVERSION_H_

#include "redress/intake/v1/bulk_requests.pb.h"
#include "redress/intake/v1/case.pb.h"
#include "redress/intake/v1/filing_requests.pb.h"
#include "services/intake/app/views.h"
#include "services/platform/codes/iso_codes.h"

namespace redress::intake {

// What readers get of a case, from the application's views to the API. See common_conversion.h for
// what all converters have in common. `codes` are for the decimals of amounts.

v1::Case ToProto(const CaseView& view, const IsoCodes& codes);
v1::CaseSummary ToProto(const ListRow& row);
v1::Approval ToProto(const ApprovalRow& row, const IsoCodes& codes);
v1::Disclosure ToProto(const DisclosureRow& row);
v1::SimilarCase ToProto(const SimilarCase& similar);

v1::UrgencySuggestion ToProto(const UrgencySuggestion& suggestion);
v1::ForcedLabourIndicator ToProto(const IndicatorSuggestion& suggestion);

}  // namespace redress::intake

#endif  // REDRESS_SERVICES_INTAKE_RPC_CASE_CONVERSION_H_
