#ifndef REDRESS_SERVICES_PLATFORM_RPC_OBSERVER_H_
#define REDRESS_SERVICES_PLATFORM_RPC_OBSERVER_H_

#include <string_view>

#include "absl/status/status.h"
#include "absl/time/time.h"

namespace redress::rpc {

// Hears of every call of a server; telemetry counts with it. Called on the loop's
// thread: it must not block.
class CallObserver {
 public:
  virtual ~CallObserver() = default;

  // A call has come in; OnCallFinished follows, once, whatever becomes of it.
  virtual void OnCallStarted() = 0;

  // `duration` from the arrival of the request to the last byte given to the transport.
  virtual void OnCallFinished(std::string_view method, absl::StatusCode code,
                              absl::Duration duration) = 0;

  // A handler ended with INTERNAL, UNKNOWN or DATA_LOSS. The caller was told only `incident`; what
  // really happened is for the log.
  virtual void OnInternalError(std::string_view method, std::string_view incident,
                               const absl::Status& status) = 0;
};

}  // namespace redress::rpc

#endif  // REDRESS_SERVICES_PLATFORM_RPC_OBSERVER_H_
