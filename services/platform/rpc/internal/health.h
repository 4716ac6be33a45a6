#ifndef REDRESS_SERVICES_PLATFORM_RPC_INTERNAL_HEALTH_H_
#define REDRESS_SERVICES_PLATFORM_RPC_INTERNAL_HEALTH_H_

#include <atomic>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/status/statusor.h"
#include "absl/synchronization/mutex.h"
#include "grpc/health/v1/health.grpc.pb.h"
#include "services/platform/async/signal.h"
#include "services/platform/rpc/internal/server_methods.h"

namespace redress::rpc::internal {

// grpc.health.v1.Health, which every server has: "" is the process as a whole (liveness and
// readiness of the supervisor), the others are its services. Set, Stop and End are
// thread-safe.
class HealthService {
 public:
  void Set(std::string_view service, bool serving);
  // From now on nothing is serving, whatever is set.
  void Stop();
  // Stop, and every watch ends when it has told so.
  void End();

  grpc::Service* service() { return &service_; }
  // Check and Watch, the only methods that need neither token nor deadline.
  std::vector<std::unique_ptr<Method>> Methods();

 private:
  using CheckRequest = grpc::health::v1::HealthCheckRequest;
  using CheckResponse = grpc::health::v1::HealthCheckResponse;

  async::Task<absl::StatusOr<CheckResponse>> Check(CallContext& context, CheckRequest request);
  async::Task<absl::Status> Watch(CallContext& context, CheckRequest request,
                                  Writer<CheckResponse>& writer);
  std::optional<bool> Get(const std::string& service) const;

  grpc::health::v1::Health::AsyncService service_;
  async::Signal changed_;
  mutable absl::Mutex mutex_;
  std::map<std::string, bool, std::less<>> serving_ ABSL_GUARDED_BY(mutex_);
  bool stopped_ ABSL_GUARDED_BY(mutex_) = false;
  std::atomic<bool> ending_ = false;
};

}  // namespace redress::rpc::internal

#endif  // REDRESS_SERVICES_PLATFORM_RPC_INTERNAL_HEALTH_H_
