#ifndef REDRESS_SERVICES_STATUS_APP_WATCH_CASES_H_
#define REDRESS_SERVICES_STATUS_APP_WATCH_CASES_H_

#include "absl/status/status.h"
#include "absl/time/time.h"
#include "redress/status/v1/watch.pb.h"
#include "services/platform/async/cancellation.h"
#include "services/platform/rpc/stream.h"
#include "services/status/app/parts.h"

namespace redress::status {

inline constexpr absl::Duration kWatchIdle = absl::Seconds(15);

// Sends changes as they are taken in, from the token's place in both logs on, until the call is
// cancelled, its time is over, or the caller's token has ended: then the caller watches on with a
// new one. Every change is looked up and judged by the rights of that moment, so that what is sent
// is the case as it is now. The request has been validated; errors are those of the RPC.
//
// A place is a number in each log and not in a merged order, which is why it survives a rebuild:
// all that a watch needs is whatever came after the one and after the other.
async::Task<absl::Status> WatchCases(const AppParts& parts, Caller caller,
                                     v1::WatchCasesRequest request,
                                     async::CancellationToken cancellation,
                                     rpc::Writer<v1::WatchCasesResponse>& writer);

}  // namespace redress::status

#endif  // REDRESS_SERVICES_STATUS_APP_WATCH_CASES_H_
