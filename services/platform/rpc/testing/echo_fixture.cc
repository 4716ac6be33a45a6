#include "services/platform/rpc/testing/echo_fixture.h"

#include <unistd.h>

#include <thread>
#include <utility>

#include "absl/time/clock.h"
#include "fmt/format.h"
#include "grpcpp/create_channel.h"
#include "grpcpp/security/credentials.h"
#include "services/platform/rpc/retry_delay.h"
#include "services/platform/status/field_violations.h"
#include "services/platform/status/refusal.h"

namespace redress::rpc::testing {

using auth::Role;

void CountingObserver::OnCallFinished(std::string_view, absl::StatusCode code, absl::Duration) {
  --in_flight_;
  absl::MutexLock lock(&mutex_);
  ++counts_[code];
}

void CountingObserver::OnInternalError(std::string_view, std::string_view incident,
                                       const absl::Status& status) {
  absl::MutexLock lock(&mutex_);
  last_incident_ = incident;
  last_error_ = std::string(status.message());
}

int CountingObserver::count(absl::StatusCode code) const {
  absl::MutexLock lock(&mutex_);
  const auto found = counts_.find(code);
  return found == counts_.end() ? 0 : found->second;
}

std::string CountingObserver::last_incident() const {
  absl::MutexLock lock(&mutex_);
  return last_incident_;
}

std::string CountingObserver::last_error() const {
  absl::MutexLock lock(&mutex_);
  return last_error_;
}

class EchoFixture::Alive {
 public:
  explicit Alive(std::atomic<int>& count) : count_(count) { ++count_; }
  Alive(const Alive&) = delete;
  Alive& operator=(const Alive&) = delete;
  ~Alive() { --count_; }

 private:
  std::atomic<int>& count_;
};

ServerOptions EchoFixture::OnLoopback() {
  ServerOptions options;
  options.listeners.push_back({.address = "127.0.0.1:0"});
  return options;
}

EchoFixture::EchoFixture(ServerOptions options)
    : chat_is_for_peers_(options.peer_authenticator != nullptr) {
  options.authenticator = &authenticator_;
  options.observer = &observer_;
  server_ = std::make_unique<Server>(loop_, std::move(options));
  Register();
}

EchoFixture::~EchoFixture() {
  DestroyServer();
  loop_.Stop();
}

void EchoFixture::Register() {
  using Service = v1::EchoService::AsyncService;
  server_->Unary(&service_, &Service::RequestEcho, "/redress.rpctest.v1.EchoService/Echo",
                 AnyOfRoles({Role::kDesk, Role::kService}),
                 [this](CallContext& context, v1::EchoRequest request) {
                   return Echo(context, std::move(request));
                 });
  server_->Unary(&service_, &Service::RequestWait, "/redress.rpctest.v1.EchoService/Wait",
                 AnyVerifiedCaller(), [this](CallContext& context, v1::EchoRequest request) {
                   return Wait(context, std::move(request));
                 });
  server_->ServerStream(
      &service_, &Service::RequestCount, "/redress.rpctest.v1.EchoService/Count",
      AnyVerifiedCaller(),
      [this](CallContext& context, v1::EchoRequest request, Writer<v1::EchoResponse>& writer) {
        return Count(context, std::move(request), writer);
      });
  server_->ServerStream(
      &service_, &Service::RequestFollow, "/redress.rpctest.v1.EchoService/Follow",
      AnyVerifiedCaller(),
      [this](CallContext& context, v1::EchoRequest request, Writer<v1::EchoResponse>& writer) {
        return Follow(context, std::move(request), writer);
      });
  server_->ClientStream(&service_, &Service::RequestSum, "/redress.rpctest.v1.EchoService/Sum",
                        AnyVerifiedCaller(),
                        [this](CallContext& context, Reader<v1::EchoRequest>& reader) {
                          return Sum(context, reader);
                        });
  const auto chat = [this](CallContext& context, Reader<v1::EchoRequest>& reader,
                           Writer<v1::EchoResponse>& writer) {
    return Chat(context, reader, writer);
  };
  constexpr std::string_view kChat = "/redress.rpctest.v1.EchoService/Chat";
  if (chat_is_for_peers_) {
    server_->PeerBidi(&service_, &Service::RequestChat, kChat, chat);
  } else {
    server_->Bidi(&service_, &Service::RequestChat, kChat, AnyVerifiedCaller(), chat);
  }
}

std::shared_ptr<grpc::Channel> EchoFixture::NewChannel() const {
  grpc::ChannelArguments arguments;
  arguments.SetInt(GRPC_ARG_USE_LOCAL_SUBCHANNEL_POOL, 1);
  return grpc::CreateCustomChannel(server_->addresses().at(0), grpc::InsecureChannelCredentials(),
                                   arguments);
}

std::unique_ptr<v1::EchoService::Stub> EchoFixture::NewStub() const {
  return v1::EchoService::NewStub(NewChannel());
}

std::unique_ptr<grpc::ClientContext> EchoFixture::NewContext(std::string_view role) {
  auto context = std::make_unique<grpc::ClientContext>();
  context->set_deadline(absl::ToChronoTime(absl::Now() + absl::Seconds(20)));
  context->AddMetadata("authorization", "Bearer " + std::string(role));
  return context;
}

bool EchoFixture::Eventually(const std::function<bool()>& condition) {
  const absl::Time give_up = absl::Now() + absl::Seconds(20);
  while (!condition()) {
    if (absl::Now() > give_up) return false;
    std::this_thread::yield();
  }
  return true;
}

async::Task<absl::StatusOr<v1::EchoResponse>> EchoFixture::Echo(CallContext& context,
                                                                v1::EchoRequest request) {
  Alive alive(handlers_alive_);
  const std::string& text = request.text();
  if (text == "fail:etag") co_return RefuseStaleEtag("41");
  if (text == "fail:internal") co_return absl::InternalError("/var/lib/secret: bad block");
  if (text == "fail:fields") co_return InvalidField("complaint.sector", "accepted: FISHING");
  if (text == "fail:form") {
    FieldViolations violations;
    for (int i = 0; i < 200; ++i) {
      violations.Add(fmt::format("complaint.members[{}].sex", i),
                     "was \"X\"; accepted: FEMALE, MALE, OTHER, UNKNOWN");
    }
    co_return violations.ToStatus();
  }
  if (text == "fail:later") {
    co_return WithRetryDelay(absl::ResourceExhaustedError("later"), absl::Milliseconds(20));
  }
  v1::EchoResponse response;
  if (text == "who") {
    response.set_text(auth::RoleNames(context.principal().roles));
  } else if (text == "peer") {
    const PeerIdentity peer = context.peer_identity();
    response.set_text(peer.common_name + " " + peer.certificate_sha256);
  } else if (text == "deadline") {
    response.set_number(absl::ToInt64Seconds(context.deadline() - absl::Now()));
  } else if (text == "metadata") {
    response.set_text(context.Metadata("x-test").value_or("none"));
  } else {
    response.set_text(text);
    response.set_number(request.number());
  }
  co_return response;
}

async::Task<absl::StatusOr<v1::EchoResponse>> EchoFixture::Wait(CallContext& context,
                                                                v1::EchoRequest request) {
  Alive alive(handlers_alive_);
  async::CancellationToken cancellation;
  if (!ignore_cancellation_) cancellation = context.cancellation();
  const async::Wake wake = co_await signal_.WaitPast(loop_, signal_.count(), cancellation);
  if (wake == async::Wake::kCancelled) co_return absl::CancelledError("was told to");
  v1::EchoResponse response;
  response.set_text(request.text());
  co_return response;
}

async::Task<absl::Status> EchoFixture::Count(CallContext&, v1::EchoRequest request,
                                             Writer<v1::EchoResponse>& writer) {
  Alive alive(handlers_alive_);
  for (int64_t i = 0; i < request.number(); ++i) {
    v1::EchoResponse response;
    response.set_number(i);
    const bool written = co_await writer.Write(std::move(response));
    if (!written) co_return absl::CancelledError("nobody reads");
  }
  co_return absl::OkStatus();
}

async::Task<absl::Status> EchoFixture::Follow(CallContext& context, v1::EchoRequest,
                                              Writer<v1::EchoResponse>& writer) {
  Alive alive(handlers_alive_);
  const async::CancellationToken cancellation = context.cancellation();
  uint64_t seen = signal_.count();
  while (true) {
    const async::Wake wake = co_await signal_.WaitPast(loop_, seen, cancellation);
    if (wake == async::Wake::kCancelled) co_return absl::CancelledError("was told to");
    seen = signal_.count();
    v1::EchoResponse response;
    response.set_number(static_cast<int64_t>(seen));
    const bool written = co_await writer.Write(std::move(response));
    if (!written) co_return absl::CancelledError("nobody reads");
  }
}

async::Task<absl::StatusOr<v1::EchoResponse>> EchoFixture::Sum(CallContext&,
                                                               Reader<v1::EchoRequest>& reader) {
  Alive alive(handlers_alive_);
  v1::EchoResponse response;
  while (true) {
    std::optional<v1::EchoRequest> request = co_await reader.Read();
    if (!request.has_value()) co_return response;
    response.set_number(response.number() + request->number());
    if (request->text() == "enough") co_return response;
  }
}

async::Task<void> EchoFixture::ReadOne(Reader<v1::EchoRequest>* reader) { co_await reader->Read(); }

async::Task<absl::Status> EchoFixture::Chat(CallContext& context, Reader<v1::EchoRequest>& reader,
                                            Writer<v1::EchoResponse>& writer) {
  Alive alive(handlers_alive_);
  while (true) {
    std::optional<v1::EchoRequest> request = co_await reader.Read();
    if (!request.has_value()) co_return absl::OkStatus();
    if (request->text() == "leave") {
      async::Spawn(loop_, ReadOne(&reader));
      co_await async::ResumeOn(loop_);
      co_return absl::OkStatus();
    }
    v1::EchoResponse response;
    response.set_text(context.peer_node() + request->text());
    const bool written = co_await writer.Write(std::move(response));
    if (!written) co_return absl::CancelledError("nobody reads");
  }
}

}  // namespace redress::rpc::testing
