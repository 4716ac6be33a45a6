#include "services/platform/rpc/internal/health.h"

#include <utility>

#include "fmt/format.h"
#include "services/platform/status/field_violations.h"

namespace redress::rpc::internal {

using grpc::health::v1::Health;

namespace {

// No service has a longer name, and a watcher's request is kept as long as it watches.
constexpr size_t kLongestName = 256;

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
  methods.push_back(std::make_unique<UnaryMethod<CheckRequest, CheckResponse>>(
      MethodTraits{.name = "/grpc.health.v1.Health/Check", .gate = Gate::kOpen},
      Bind(&service_, &Health::AsyncService::RequestCheck),
      [this](CallContext& context, CheckRequest request) {
        return Check(context, std::move(request));
      }));
  methods.push_back(std::make_unique<ServerStreamMethod<CheckRequest, CheckResponse>>(
      MethodTraits{.name = "/grpc.health.v1.Health/Watch", .gate = Gate::kOpen},
      Bind(&service_, &Health::AsyncService::RequestWatch),
      [this](CallContext& context, CheckRequest request, Writer<CheckResponse>& writer) {
        return Watch(context, std::move(request), writer);
      }));
  return methods;
}

async::Task<absl::StatusOr<HealthService::CheckResponse>> HealthService::Check(
    CallContext&, CheckRequest request) {
  const std::optional<bool> serving = Get(request.service());
  if (!serving.has_value()) co_return absl::NotFoundError("service: not found");
  CheckResponse response;
  response.set_status(*serving ? CheckResponse::SERVING : CheckResponse::NOT_SERVING);
  co_return response;
}

async::Task<absl::Status> HealthService::Watch(CallContext& context, CheckRequest request,
                                               Writer<CheckResponse>& writer) {
  if (request.service().size() > kLongestName) {
    co_return InvalidField(
        "service", fmt::format("{} bytes; at most {}", request.service().size(), kLongestName));
  }
  const async::CancellationToken cancellation = context.cancellation();
  async::Executor& executor = context.executor();
  int last = -1;
  while (true) {
    const uint64_t seen = changed_.count();
    const bool ending = ending_;
    const std::optional<bool> serving = Get(request.service());
    CheckResponse response;
    response.set_status(!serving.has_value() ? CheckResponse::SERVICE_UNKNOWN
                        : *serving           ? CheckResponse::SERVING
                                             : CheckResponse::NOT_SERVING);
    if (response.status() != last) {
      last = response.status();
      const bool written = co_await writer.Write(std::move(response));
      if (!written) break;
    }
    if (ending || cancellation.IsCancelled()) break;
    co_await changed_.WaitPast(executor, seen, cancellation);
  }
  co_return absl::CancelledError("the watch has ended");
}

}  // namespace redress::rpc::internal
