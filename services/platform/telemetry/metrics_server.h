#ifndef REDRESS_SERVICES_PLATFORM_TELEMETRY_METRICS_SERVER_H_
#define REDRESS_SERVICES_PLATFORM_TELEMETRY_METRICS_SERVER_H_

#include <cstddef>
#include <memory>
#include <string>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "services/platform/telemetry/metrics.h"

namespace redress::telemetry {

// Serves /metrics over HTTP on a port of its own until destroyed. Has one thread of its own, so it
// answers while the service is busy. It asks for no token: listen on loopback, or where only the
// collector comes.
//
// Kept simple: one request a connection, and whoever takes longer than `patience` is hung up on.
// The exposer that comes with prometheus-cpp looks only every two seconds whether it is to stop;
// this one ends at once.
class MetricsServer {
 public:
  static constexpr size_t kMaxRequestBytes = 16 << 10;
  static constexpr absl::Duration kPatience = absl::Seconds(5);

  // `address` is "127.0.0.1:0" or "[::1]:9101"; port 0 takes a free one. UNAVAILABLE when it cannot
  // be listened on. `metrics` outlives this.
  static absl::StatusOr<std::unique_ptr<MetricsServer>> Start(const std::string& address,
                                                              const Metrics& metrics,
                                                              absl::Duration patience = kPatience);
  ~MetricsServer();
  MetricsServer(const MetricsServer&) = delete;
  MetricsServer& operator=(const MetricsServer&) = delete;

  // The one taken.
  int port() const;

 private:
  struct Http;
  explicit MetricsServer(std::unique_ptr<Http> http);

  const std::unique_ptr<Http> http_;
};

}  // namespace redress::telemetry

#endif  // REDRESS_SERVICES_PLATFORM_TELEMETRY_METRICS_SERVER_H_
