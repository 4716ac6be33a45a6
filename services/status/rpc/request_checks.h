#ifndef REDRESS_SERVICES_STATUS_RPC_REQUEST_CHECKS_H_
#define REDRESS_SERVICES_STATUS_RPC_REQUEST_CHECKS_H_

#include "absl/status/status.h"
#include "redress/status/v1/case_requests.pb.h"
#include "redress/status/v1/count.pb.h"
#include "redress/status/v1/timeline.pb.h"
#include "redress/status/v1/watch.pb.h"
#include "services/platform/codes/iso_codes.h"

namespace redress::status {

// OK, or INVALID_ARGUMENT that names every wrong field at once. Case numbers and referral ids are
// put into their usual form (upper case, no blanks), as the application reads them. Category codes
// are checked for their form only: their list is intake's, and an unknown one finds nothing.
absl::Status Check(v1::GetCaseStatusRequest& request);
absl::Status Check(v1::GetTimelineRequest& request);
absl::Status Check(const IsoCodes& codes, v1::ListCasesRequest& request);
absl::Status Check(const IsoCodes& codes, v1::WatchCasesRequest& request);
absl::Status Check(v1::CountCasesRequest& request);

}  // namespace redress::status

#endif  // REDRESS_SERVICES_STATUS_RPC_REQUEST_CHECKS_H_
