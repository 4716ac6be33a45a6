#ifndef REDRESS_SERVICES_PLATFORM_SERVICE_CALL_METRICS_H_
#define REDRESS_SERVICES_PLATFORM_SERVICE_CALL_METRICS_H_

#include <string_view>

#include "services/platform/rpc/observer.h"
#include "services/platform/telemetry/log.h"
#include "services/platform/telemetry/metrics.h"

namespace redress::service {

// Counts every call of a server, and logs the failures of which the caller was told only a number.
// Borrowed parts outlive it.
class CallMetrics final : public rpc::CallObserver {
 public:
  CallMetrics(telemetry::Metrics& metrics, telemetry::Logger& log) : metrics_(metrics), log_(log) {}

  void OnCallStarted() override { metrics_.RpcStarted(); }
  void OnCallFinished(std::string_view method, absl::StatusCode code,
                      absl::Duration duration) override;
  // Logs incident, method, code and reason, and of an error of the disk what the system said. Other
  // messages are left out: nobody has looked whether they repeat what a person wrote.
  void OnInternalError(std::string_view method, std::string_view incident,
                       const absl::Status& status) override;

 private:
  telemetry::Metrics& metrics_;
  telemetry::Logger& log_;
};

}  // namespace redress::service

#endif  // REDRESS_SERVICES_PLATFORM_SERVICE_CALL_METRICS_H_
