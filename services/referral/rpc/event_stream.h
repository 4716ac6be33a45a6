#ifndef REDRESS_SERVICES_REFERRAL_RPC_EVENT_STREAM_H_
#define REDRESS_SERVICES_REFERRAL_RPC_EVENT_STREAM_H_

#include "absl/status/status.h"
#include "redress/referral/v1/reads.pb.h"
#include "services/platform/async/task.h"
#include "services/platform/journal/event_log.h"
#include "services/platform/rpc/call_context.h"
#include "services/platform/rpc/stream.h"
#include "services/referral/app/referral_queries.h"

namespace redress::referral {

using EventWriter = rpc::Writer<v1::ReadEventsResponse>;

// Sends the event log from `request.after` on. With `follow` it stays until the call's deadline and
// sends a message without event every kSignOfLife of silence. References outlive the call.
async::Task<absl::Status> SendEvents(ReferralQueries& queries, journal::EventFollowers& followers,
                                     rpc::CallContext& context, v1::ReadEventsRequest request,
                                     EventWriter& writer);

inline constexpr absl::Duration kSignOfLife = absl::Seconds(5);

}  // namespace redress::referral

#endif  // REDRESS_SERVICES_REFERRAL_RPC_EVENT_STREAM_H_
