#include "services/platform/rpc/server.h"

#include <sys/stat.h>

#include <cassert>
#include <set>

#include "absl/synchronization/notification.h"
#include "absl/time/clock.h"
#include "fmt/format.h"
#include "google/protobuf/descriptor.h"
#include "grpcpp/resource_quota.h"
#include "grpcpp/security/server_credentials.h"
#include "grpcpp/server.h"
#include "grpcpp/server_builder.h"
#include "services/platform/rpc/internal/accept.h"
#include "services/platform/rpc/internal/health.h"
#include "services/platform/rpc/internal/server_core.h"
#include "services/platform/status/status_macros.h"

namespace redress::rpc {
namespace {

// "/redress.intake.v1.IntakeService/FileComplaint" → "redress.intake.v1.IntakeService"
std::string ServiceOf(std::string_view method) {
  const size_t slash = method.rfind('/');
  if (slash == std::string_view::npos || slash == 0 || method[0] != '/') return {};
  return std::string(method.substr(1, slash - 1));
}

// A listener on a unix socket is for the services of this node: the group they share.
constexpr mode_t kSocketMode = 0660;
constexpr std::string_view kUnixPrefix = "unix:";
constexpr int kLargestMetadataBytes = 16 * 1024;

}  // namespace

class Server::Impl {
 public:
  Impl(EventLoop& loop, ServerOptions options)
      : loop_(loop), options_(std::move(options)), core_(loop_, options_) {
    services_.insert(health_.service());
    for (auto& method : health_.Methods()) methods_.push_back(std::move(method));
  }

  void Add(grpc::Service* service, std::unique_ptr<internal::Method> method) {
    assert(server_ == nullptr);
    services_.insert(service);
    methods_.push_back(std::move(method));
  }

  absl::Status Start();
  int Shutdown(absl::Duration grace);
  const std::vector<std::string>& addresses() const { return addresses_; }
  internal::HealthService& health() { return health_; }

 private:
  absl::Status CheckMethods() const;
  absl::Status CheckListeners() const;
  void Configure(grpc::ServerBuilder& builder) const;
  absl::StatusOr<std::shared_ptr<grpc::ServerCredentials>> Credentials(
      const Listener& listener) const;
  void NoteAddresses(const std::vector<int>& ports);
  // Runs `work` on the loop and waits for it.
  void OnLoop(std::function<void()> work);

  EventLoop& loop_;
  const ServerOptions options_;
  internal::ServerCore core_;
  internal::HealthService health_;
  std::set<grpc::Service*> services_;
  std::vector<std::unique_ptr<internal::Method>> methods_;
  std::vector<std::string> addresses_;
  std::unique_ptr<grpc::Server> server_;
};

absl::Status Server::Impl::CheckMethods() const {
  std::set<std::string> registered;
  std::set<std::string> services;
  for (const auto& method : methods_) {
    const internal::MethodTraits& traits = method->traits();
    if (traits.gate == internal::Gate::kToken && !traits.rule) {
      return absl::FailedPreconditionError(fmt::format("{}: has no access rule", traits.name));
    }
    if (traits.gate == internal::Gate::kPeer && options_.peer_authenticator == nullptr) {
      return absl::FailedPreconditionError(
          fmt::format("{}: is for peers, and nothing tells who they are", traits.name));
    }
    if (!registered.insert(traits.name).second) {
      return absl::FailedPreconditionError(fmt::format("{}: is registered twice", traits.name));
    }
    services.insert(ServiceOf(traits.name));
  }
  for (const std::string& name : services) {
    const auto* service =
        google::protobuf::DescriptorPool::generated_pool()->FindServiceByName(name);
    if (service == nullptr) {
      return absl::FailedPreconditionError(
          fmt::format("{}: is no service that is linked in", name));
    }
    for (int i = 0; i < service->method_count(); ++i) {
      const std::string method = fmt::format("/{}/{}", name, service->method(i)->name());
      if (registered.count(method) == 0) {
        return absl::FailedPreconditionError(fmt::format("{}: has no handler", method));
      }
    }
  }
  return absl::OkStatus();
}

absl::Status Server::Impl::CheckListeners() const {
  const bool has_peers = options_.peer_authenticator != nullptr;
  for (const Listener& listener : options_.listeners) {
    if (listener.for_peers && !(has_peers && listener.tls.has_value())) {
      return absl::InvalidArgumentError(fmt::format(
          "{}: is for peers and needs TLS and somebody who knows them", listener.address));
    }
    if (has_peers && listener.tls.has_value() && !listener.for_peers) {
      return absl::InvalidArgumentError(
          fmt::format("{}: has TLS, which is for peers alone here", listener.address));
    }
  }
  return absl::OkStatus();
}

absl::StatusOr<std::shared_ptr<grpc::ServerCredentials>> Server::Impl::Credentials(
    const Listener& listener) const {
  if (listener.tls.has_value()) return MutualTlsServerCredentials(*listener.tls);
  if (!IsLocalAddress(listener.address)) {
    return absl::InvalidArgumentError(fmt::format(
        "{}: leaves this machine and needs TLS; without it only a loopback address or a "
        "unix socket is accepted",
        listener.address));
  }
  return grpc::InsecureServerCredentials();
}

void Server::Impl::Configure(grpc::ServerBuilder& builder) const {
  builder.SetMaxReceiveMessageSize(options_.max_receive_message_bytes);
  builder.SetMaxSendMessageSize(options_.max_send_message_bytes);
  builder.SetDefaultCompressionAlgorithm(GRPC_COMPRESS_NONE);
  builder.SetCompressionAlgorithmSupportStatus(GRPC_COMPRESS_DEFLATE, false);
  builder.SetCompressionAlgorithmSupportStatus(GRPC_COMPRESS_GZIP, false);
  // Two processes on one port would each get some of the calls.
  builder.AddChannelArgument(GRPC_ARG_ALLOW_REUSEPORT, 0);
  builder.AddChannelArgument(GRPC_ARG_MAX_CONCURRENT_STREAMS, options_.max_streams_per_connection);
  builder.AddChannelArgument(GRPC_ARG_MAX_METADATA_SIZE, kLargestMetadataBytes);
  grpc::ResourceQuota quota("messages");
  quota.Resize(options_.message_bytes);
  builder.SetResourceQuota(quota);
}

absl::Status Server::Impl::Start() {
  if (options_.authenticator == nullptr) {
    return absl::FailedPreconditionError("a server needs an authenticator");
  }
  RETURN_IF_ERROR(CheckMethods());
  RETURN_IF_ERROR(CheckListeners());
  grpc::ServerBuilder& builder = loop_.server_builder();
  Configure(builder);
  std::vector<int> ports(options_.listeners.size(), 0);
  for (size_t i = 0; i < options_.listeners.size(); ++i) {
    const Listener& listener = options_.listeners[i];
    ASSIGN_OR_RETURN(auto credentials, Credentials(listener));
    builder.AddListeningPort(listener.address, std::move(credentials), &ports[i]);
  }
  for (grpc::Service* service : services_) builder.RegisterService(service);
  server_ = builder.BuildAndStart();
  if (server_ == nullptr) {
    return absl::UnavailableError("cannot listen: an address is taken or may not be used");
  }
  NoteAddresses(ports);
  health_.Set("", true);
  for (const auto& method : methods_) health_.Set(ServiceOf(method->traits().name), true);
  OnLoop([this] {
    for (const auto& method : methods_) method->Listen(core_);
  });
  return absl::OkStatus();
}

void Server::Impl::NoteAddresses(const std::vector<int>& ports) {
  for (size_t i = 0; i < ports.size(); ++i) {
    const std::string& address = options_.listeners[i].address;
    if (std::string_view(address).starts_with(kUnixPrefix)) {
      ::chmod(address.c_str() + kUnixPrefix.size(), kSocketMode);
      addresses_.push_back(address);
    } else {
      addresses_.push_back(fmt::format("{}:{}", address.substr(0, address.rfind(':')), ports[i]));
    }
  }
}

void Server::Impl::OnLoop(std::function<void()> work) {
  absl::Notification done;
  loop_.Post([&work, &done] {
    work();
    done.Notify();
  });
  done.WaitForNotification();
}

int Server::Impl::Shutdown(absl::Duration grace) {
  if (server_ == nullptr) return core_.handlers_let_go();
  health_.End();
  OnLoop([this] { core_.Drain(); });
  // gRPC waits for `grace`, then cancels what is left, then waits for ever: for handlers that do
  // not end by themselves. Those are let go a moment after they were cancelled.
  auto alive = std::make_shared<bool>(true);
  loop_.PostAfter(grace + options_.patience_after_cancel, [this, alive] {
    if (*alive) core_.LetGo();
  });
  server_->Shutdown(absl::ToChronoTime(absl::Now() + grace));
  // After gRPC's own shutdown no call is left there, but the last events may still be on the queue.
  absl::Notification empty;
  struct Poll {
    static void Check(Impl* impl, absl::Notification* empty) {
      if (impl->core_.idle()) {
        empty->Notify();
      } else {
        impl->loop_.PostAfter(absl::Milliseconds(1), [impl, empty] { Check(impl, empty); });
      }
    }
  };
  loop_.Post([this, &empty] { Poll::Check(this, &empty); });
  empty.WaitForNotification();
  OnLoop([alive] { *alive = false; });
  server_.reset();
  return core_.handlers_let_go();
}

Server::Server(EventLoop& loop, ServerOptions options)
    : impl_(std::make_unique<Impl>(loop, std::move(options))) {}

Server::~Server() { Shutdown(absl::ZeroDuration()); }

void Server::Add(grpc::Service* service, std::unique_ptr<internal::Method> method) {
  impl_->Add(service, std::move(method));
}

absl::Status Server::Start() { return impl_->Start(); }
const std::vector<std::string>& Server::addresses() const { return impl_->addresses(); }
uint64_t Server::ConnectionsTurnedAway() { return internal::ConnectionsTurnedAway(); }
void Server::SetServing(std::string_view service, bool serving) {
  impl_->health().Set(service, serving);
}
void Server::StopServing() { impl_->health().Stop(); }
int Server::Shutdown(absl::Duration grace) { return impl_->Shutdown(grace); }

}  // namespace redress::rpc
