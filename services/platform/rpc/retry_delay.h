#ifndef REDRESS_SERVICES_PLATFORM_RPC_RETRY_DELAY_H_
#define REDRESS_SERVICES_PLATFORM_RPC_RETRY_DELAY_H_

#include <optional>

#include "absl/status/status.h"
#include "absl/time/time.h"

namespace redress::rpc {

// How long a caller should wait before it asks again, carried inside the status (of
// RESOURCE_EXHAUSTED or UNAVAILABLE) and sent as google.rpc.RetryInfo.
absl::Status WithRetryDelay(absl::Status status, absl::Duration delay);
std::optional<absl::Duration> GetRetryDelay(const absl::Status& status);

}  // namespace redress::rpc

#endif  // REDRESS_SERVICES_PLATFORM_RPC_RETRY_DELAY_H_
