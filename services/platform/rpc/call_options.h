#ifndef REDRESS_SERVICES_PLATFORM_RPC_CALL_OPTIONS_H_
#define REDRESS_SERVICES_PLATFORM_RPC_CALL_OPTIONS_H_

#include <string>

#include "absl/time/time.h"
#include "services/platform/async/cancellation.h"

namespace redress::rpc {

// How to make one outbound call.
struct CallOptions {
  absl::Time deadline;  // Required: of the whole, repetitions included.
  std::string token;    // Sent as "authorization: Bearer <token>"; empty: none.
  // It may run twice with the effect of once: only then is it repeated.
  bool idempotent = false;
  async::CancellationToken cancellation = {};
};

}  // namespace redress::rpc

#endif  // REDRESS_SERVICES_PLATFORM_RPC_CALL_OPTIONS_H_
