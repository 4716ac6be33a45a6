#ifndef REDRESS_SERVICES_STATUS_APP_COUNT_CASES_H_
#define REDRESS_SERVICES_STATUS_APP_COUNT_CASES_H_

#include "redress/status/v1/count.pb.h"
#include "services/status/app/parts.h"

namespace redress::status {

// Counts within what the caller may see, from cells alone. INVALID_ARGUMENT for a pair that is not
// kept, naming those that are; the rest of the request has been validated. What is shown is right
// also when there is more than a call may read: of the cells, of which it then says that they are
// not all, each is whole.
Answer<v1::CountCasesResponse> CountCases(const AppParts& parts, Caller caller,
                                          v1::CountCasesRequest request);

}  // namespace redress::status

#endif  // REDRESS_SERVICES_STATUS_APP_COUNT_CASES_H_
