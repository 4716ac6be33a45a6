#include "services/platform/rpc/internal/health.h"

#include <utility>

#include "fmt/format.h"
#include "grpcpp/impl/codegen/proto_utils.h"
#include "services/platform/status/field_violations.h"

namespace redress::rpc::internal {

namespace {

using CheckRequest = grpc::health::v1::HealthCheckRequest;
using CheckResponse = grpc::health::v1::HealthCheckResponse;
using Bytes = grpc::ByteBuffer;

// No service has a longer name, and a watcher's request is kept as long as it watches.
constexpr size_t kLargestRequest = 256;

absl::StatusOr<CheckRequest> Read(Bytes& bytes) {
  if (bytes.Length() > kLargestRequest) {
    return InvalidField("service",
                        fmt::format("{} bytes; at most {}", bytes.Length(), kLargestRequest));
  }
  CheckRequest request;
  const grpc::Status parsed =
      grpc::SerializationTraits<CheckRequest>::Deserialize(&bytes, &request);
  if (!parsed.ok()) return absl::InvalidArgumentError("these bytes are no request");
  return request;
}

Bytes Written(CheckResponse::ServingStatus status) {
  CheckResponse response;
  response.set_status(status);
  Bytes bytes;
  bool own_buffer = false;
  (void)grpc::SerializationTraits<CheckResponse>::Serialize(response, &bytes, &own_buffer);
  return bytes;
}

}  // namespace

void HealthService::Set(std::string_view service, bool serving) {
  {
    absl::MutexLock lock(&mutex_);
    serving_[std::string(service)] = serving;
  }
  changed_.Notify();
}

void HealthService::Stop() {
  {
    absl::MutexLock lock(&mutex_);
    stopped_ = true;
  }
  changed_.Notify();
}

void HealthService::End() {
  ending_ = true;
  Stop();
}

std::optional<bool> HealthService::Get(const std::string& service) const {
  absl::MutexLock lock(&mutex_);
  const auto found = serving_.find(service);
  if (found == serving_.end()) return std::nullopt;
  return found->second && !stopped_;
}

std::vector<std::unique_ptr<Method>> HealthService::Methods() {
  std::vector<std::unique_ptr<Method>> methods;
  methods.push_back(std::make_unique<UnaryMethod<Bytes, Bytes>>(
      MethodTraits{.name = "/grpc.health.v1.Health/Check", .gate = Gate::kOpen},
      Bind(&service_, &Wire::RequestCheck),
      [this](CallContext& context, Bytes bytes) { return Check(context, std::move(bytes)); }));
  methods.push_back(std::make_unique<ServerStreamMethod<Bytes, Bytes>>(
      MethodTraits{.name = "/grpc.health.v1.Health/Watch", .gate = Gate::kOpen},
      Bind(&service_, &Wire::RequestWatch),
      [this](CallContext& context, Bytes bytes, Writer<Bytes>& writer) {
        return Watch(context, std::move(bytes), writer);
      }));
  return methods;
}

async::Task<absl::StatusOr<Bytes>> HealthService::Check(CallContext&, Bytes bytes) {
  const absl::StatusOr<CheckRequest> request = Read(bytes);
  if (!request.ok()) co_return request.status();
  const std::optional<bool> serving = Get(request->service());
  if (!serving.has_value()) co_return absl::NotFoundError("service: not found");
  co_return Written(*serving ? CheckResponse::SERVING : CheckResponse::NOT_SERVING);
}

async::Task<absl::Status> HealthService::Watch(CallContext& context, Bytes bytes,
                                               Writer<Bytes>& writer) {
  const absl::StatusOr<CheckRequest> request = Read(bytes);
  if (!request.ok()) co_return request.status();
  bytes.Clear();
  const async::CancellationToken cancellation = context.cancellation();
  async::Executor& executor = context.executor();
  std::optional<CheckResponse::ServingStatus> last;
  while (true) {
    const uint64_t seen = changed_.count();
    const bool ending = ending_;
    const std::optional<bool> serving = Get(request->service());
    const CheckResponse::ServingStatus status = !serving.has_value()
                                                    ? CheckResponse::SERVICE_UNKNOWN
                                                : *serving ? CheckResponse::SERVING
                                                           : CheckResponse::NOT_SERVING;
    if (status != last) {
      last = status;
      Bytes answer = Written(status);
      const bool written = co_await writer.Write(std::move(answer));
      if (!written) break;
    }
    if (ending || cancellation.IsCancelled()) break;
    co_await changed_.WaitPast(executor, seen, cancellation);
  }
  co_return absl::CancelledError("the watch has ended");
}

}  // namespace redress::rpc::internal
