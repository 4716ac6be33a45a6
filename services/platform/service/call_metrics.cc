#include "services/platform/service/call_metrics.h"

namespace redress::service {

using telemetry::Field;

void CallMetrics::OnCallFinished(std::string_view method, absl::StatusCode code,
                                 absl::Duration duration) {
  if (method.starts_with('/')) method.remove_prefix(1);
  metrics_.RpcFinished(method, code, duration);
}

void CallMetrics::OnInternalError(std::string_view method, std::string_view incident,
                                  const absl::Status& status) {
  log_.Error("rpc.failed", {Field::Id("method", method), Field::Code("incident", incident),
                            Field::Result("result", status)});
}

}  // namespace redress::service
