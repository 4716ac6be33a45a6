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
#include "grpcpp/support/byte_buffer.h"
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
  // The requests come as bytes: whoever asks has shown nothing, so their size is looked at first.
  using Wire = grpc::health::v1::Health::WithRawMethod_Check<
      grpc::health::v1::Health::WithRawMethod_Watch<grpc::health::v1::Health::Service>>;

  async::Task<absl::StatusOr<grpc::ByteBuffer>> Check(CallContext& context, grpc::ByteBuffer bytes);
  async::Task<absl::Status> Watch(CallContext& context, grpc::ByteBuffer bytes,
                                  Writer<grpc::ByteBuffer>& writer);
  std::optional<bool> Get(const std::string& service) const;

  Wire service_;
  async::Signal changed_;
  mutable absl::Mutex mutex_;
  std::map<std::string, bool, std::less<>> serving_ ABSL_GUARDED_BY(mutex_);
  bool stopped_ ABSL_GUARDED_BY(mutex_) = false;
  std::atomic<bool> ending_ = false;
};

}  // namespace redress::rpc::internal

#endif  // REDRESS_SERVICES_PLATFORM_RPC_INTERNAL_HEALTH_H_
