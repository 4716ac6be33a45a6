#ifndef REDRESS_SERVICES_STATUS_CLIENTS_EVENT_CLIENTS_H_
#define REDRESS_SERVICES_STATUS_CLIENTS_EVENT_CLIENTS_H_

#include <functional>
#include <memory>
#include <string>

#include "absl/status/statusor.h"
#include "services/platform/rpc/event_loop.h"
#include "services/status/app/event_source.h"

namespace redress::status {

// The token of role service that a call is made with.
using TokenMint = std::function<std::string()>;

// The logs of this node's intake and referral over gRPC. A connection is kept and opened anew by
// itself; what a reading that broke off means for the reader is app/ingest.h's.
// INVALID_ARGUMENT for an address that leaves this machine. `loop` outlives the source.
absl::StatusOr<std::unique_ptr<EventSource<IntakeEvent>>> MakeIntakeEvents(
    const std::string& address, rpc::EventLoop& loop, TokenMint token);
absl::StatusOr<std::unique_ptr<EventSource<ReferralEvent>>> MakeReferralEvents(
    const std::string& address, rpc::EventLoop& loop, TokenMint token);

}  // namespace redress::status

#endif  // REDRESS_SERVICES_STATUS_CLIENTS_EVENT_CLIENTS_H_
