#ifndef REDRESS_SERVICES_STATUS_APP_COUNT_CASES_H_
#define REDRESS_SERVICES_STATUS_APP_COUNT_CASES_H_

#include "redress/status/v1/count.pb.h"
#include "services/status/app/parts.h"

namespace redress::status {

// Counts within what the caller may see, from cells alone. INVALID_ARGUMENT for a pair that is not
// kept, naming those that are; the rest of the request has been validated. One dimension alone is
// added up from its pair with DESTINATION (DESTINATION from that with CATEGORY), of which every
// case has exactly one.
Answer<v1::CountCasesResponse> CountCases(const AppParts& parts, Caller caller,
                                          v1::CountCasesRequest request);

}  // namespace redress::status

#endif  // REDRESS_SERVICES_STATUS_APP_COUNT_CASES_H_
