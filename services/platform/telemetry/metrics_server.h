#ifndef REDRESS_SERVICES_PLATFORM_TELEMETRY_METRICS_SERVER_H_
#define REDRESS_SERVICES_PLATFORM_TELEMETRY_METRICS_SERVER_H_

#include <cstddef>
#include <memory>
#include <string>
#include <thread>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "services/platform/telemetry/metrics.h"

namespace redress::telemetry {

// Serves /metrics over HTTP on a port of its own until destroyed. Has one thread of its own, so it
// answers while the service is busy. It asks for no token: listen on loopback, or where only the
// collector comes.
//
// Kept simple: one connection after another, one request each, and whoever takes longer than
// kPatience is hung up on. A collector comes every few seconds and is alone. The exposer that comes
// with prometheus-cpp looks only every two seconds whether it is to stop; this one ends at once.
class MetricsServer {
 public:
  static constexpr size_t kMaxRequestBytes = 16 << 10;
  static constexpr absl::Duration kPatience = absl::Seconds(5);

  // `address` is "127.0.0.1:0" or "[::1]:9101"; port 0 takes a free one. UNAVAILABLE when it cannot
  // be listened on. `metrics` outlives this.
  static absl::StatusOr<std::unique_ptr<MetricsServer>> Start(const std::string& address,
                                                              const Metrics& metrics);
  ~MetricsServer();
  MetricsServer(const MetricsServer&) = delete;
  MetricsServer& operator=(const MetricsServer&) = delete;

  // The one taken.
  int port() const { return port_; }

 private:
  MetricsServer(const Metrics& metrics, int listening, int stop, int port);

  void Run();
  void Serve(int connection);
  std::string Answer(const std::string& request) const;
  // Waits until `socket` is ready for `events`; false when stopping, or at `until`.
  bool WaitFor(int socket, short events, absl::Time until) const;

  const Metrics& metrics_;
  const int listening_;
  const int stop_;  // An eventfd, readable from the destructor on.
  const int port_;
  std::thread thread_;
};

}  // namespace redress::telemetry

#endif  // REDRESS_SERVICES_PLATFORM_TELEMETRY_METRICS_SERVER_H_
