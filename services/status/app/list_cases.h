#ifndef REDRESS_SERVICES_STATUS_APP_LIST_CASES_H_
#define REDRESS_SERVICES_STATUS_APP_LIST_CASES_H_

#include "redress/status/unread/v1/lists.pb.h"
#include "redress/status/v1/case_requests.pb.h"
#include "services/status/app/parts.h"

namespace redress::status {

// Lists what the caller may see, from index rows alone, each handed on as it is kept unless the
// index does not say whether it fits. The request has been validated; errors are those of the RPC.
//
// A caller of one scope costs one scan of the narrowest index that is kept (list_index.h); what
// else the filter asks for is sifted. A caller of several scopes has these merged in the order of
// the list, and costs a look at each case besides: to show it once, as the widest scope sees it.
Answer<unread::v1::ListCasesResponse> ListCases(const AppParts& parts, Caller caller,
                                                v1::ListCasesRequest request);

}  // namespace redress::status

#endif  // REDRESS_SERVICES_STATUS_APP_LIST_CASES_H_
