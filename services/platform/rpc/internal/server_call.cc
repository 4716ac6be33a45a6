#include "services/platform/rpc/internal/server_call.h"

#include <cassert>
#include <utility>

#include "absl/time/clock.h"
#include "fmt/format.h"
#include "services/platform/rpc/internal/server_core.h"
#include "services/platform/rpc/retry_delay.h"
#include "services/platform/rpc/status_conversion.h"
#include "services/platform/rpc/tls.h"
#include "services/platform/status/refusal.h"
#include "services/platform/status/status_macros.h"

namespace redress::rpc::internal {
namespace {

// More used call objects than this are not kept: a burst should not hold its memory for ever.
constexpr size_t kFreeCallsKept = 256;
// Supervisors, and a balancer or two. A watcher shows no token and stays, so it is counted.
constexpr int kMostWatchers = 64;
constexpr absl::Duration kRetryWhenOverloaded = absl::Milliseconds(200);
constexpr absl::Duration kRetryWhenStopping = absl::Seconds(1);

absl::Status Overloaded(int limit, absl::Duration back_in = kRetryWhenOverloaded) {
  return WithRetryDelay(
      Refuse(absl::StatusCode::kResourceExhausted, "OVERLOADED",
             fmt::format("more than {} calls at once", limit), {{"limit", std::to_string(limit)}}),
      back_in);
}

absl::Status ShuttingDown() {
  return WithRetryDelay(
      Refuse(absl::StatusCode::kUnavailable, "SHUTTING_DOWN", "the process is stopping"),
      kRetryWhenStopping);
}

}  // namespace

Method::~Method() = default;

void Method::Listen(ServerCore& core) {
  while (listening_ < core.options().request_slots) {
    ++listening_;
    if (free_.empty()) {
      NewCall(core).release()->Listen();
    } else {
      ServerCall* call = free_.back().release();
      free_.pop_back();
      call->Listen();
    }
  }
}

void Method::Recycle(ServerCall* call) {
  std::unique_ptr<ServerCall> owned(call);
  if (free_.size() < kFreeCallsKept) free_.push_back(std::move(owned));
}

ServerCall::ServerCall(ServerCore& core, Method& method) : core_(core), method_(method) {}

grpc::ServerCompletionQueue* ServerCall::queue() { return core_.loop().completion_queue(); }

EventLoop& ServerCall::loop() { return core_.loop(); }

void ServerCall::Listen() {
  code_ = absl::StatusCode::kUnknown;
  operations_ = 0;
  handler_running_ = handled_ = taken_ = is_done_ = let_go_ = false;
  core_.StartedListening();
  grpc_context_.emplace();
  grpc_context_->AsyncNotifyWhenDone(&done_);
  Ask(&arrived_);
}

void ServerCall::OnArrived(bool ok) {
  method_.StoppedListening();
  core_.StoppedListening();
  if (!ok) {  // The server stops; the done event does not come for a call that never was.
    delete this;
    return;
  }
  arrived_at_ = absl::Now();
  core_.Add(this);
  if (CallObserver* observer = core_.options().observer; observer != nullptr) {
    observer->OnCallStarted();
  }
  if (!core_.draining()) method_.Listen(core_);
  MakeContext();
  const absl::Status admitted = Admit();
  if (!admitted.ok()) {
    FinishWithStatus(admitted);
    return;
  }
  // Not at once: first the loop looks who else has come, since those who wait at gRPC are neither
  // counted nor told that they are too many.
  handler_running_ = handled_ = true;
  core_.loop().Post([this] { Begin(); });
}

void ServerCall::Begin() {
  if (let_go_ || context_->cancelled()) {
    HandlerEnded(absl::CancelledError("the caller has gone"), [](Tag*) {});
  } else {
    Run();
  }
}

void ServerCall::MakeContext() {
  CallContext::Parts parts;
  parts.method = method_.traits().name;
  const auto deadline = grpc_context_->deadline();
  if (deadline != std::chrono::system_clock::time_point::max()) {
    parts.deadline = absl::FromChrono(deadline);
  }
  parts.executor = &core_.loop();
  parts.transport = this;
  context_.emplace(std::move(parts));
}

absl::Status ServerCall::Admit() {
  const MethodTraits& traits = method_.traits();
  if (traits.gate == Gate::kOpen) {
    const bool one_too_many = traits.streams && core_.watchers() > kMostWatchers;
    return one_too_many ? Overloaded(kMostWatchers) : absl::OkStatus();
  }
  if (core_.draining()) return ShuttingDown();
  if (core_.in_flight() > core_.options().max_calls_in_flight) {
    return Overloaded(core_.options().max_calls_in_flight);
  }
  if (!traits.streams && traits.gate == Gate::kToken) {
    const std::optional<absl::Duration> back_in = core_.admission().Enter(arrived_at_);
    if (back_in.has_value()) return Overloaded(core_.admission().limit(), *back_in);
    taken_ = true;
  }
  if (context_->deadline() == absl::InfiniteFuture()) {
    return Refuse(absl::StatusCode::kInvalidArgument, "DEADLINE_MISSING",
                  "the call has no deadline; set one");
  }
  if (!traits.streams && context_->deadline() > arrived_at_ + core_.options().max_unary_time) {
    return Refuse(absl::StatusCode::kInvalidArgument, "DEADLINE_MISSING",
                  fmt::format("the deadline is further away than {}, which is as good as none",
                              absl::FormatDuration(core_.options().max_unary_time)));
  }
  if (traits.gate == Gate::kPeer) return AuthenticatePeer();
  if (CameFromPeer()) return absl::UnimplementedError("this listener serves peers alone");
  RETURN_IF_ERROR(Authenticate());
  return traits.rule(*context_);
}

// Where peers are listened to, nobody else is (Server::Start sees to it), and their connections are
// the only ones with a certificate.
bool ServerCall::CameFromPeer() const {
  return core_.options().peer_authenticator != nullptr &&
         grpc_context_->auth_context()->IsPeerAuthenticated();
}

absl::Status ServerCall::AuthenticatePeer() {
  if (!CameFromPeer()) {
    return Refuse(absl::StatusCode::kPermissionDenied, "PEER_NOT_PINNED",
                  "this is for peers, which show a certificate");
  }
  absl::StatusOr<std::string> node = core_.options().peer_authenticator->Authenticate(Peer());
  if (!node.ok()) return std::move(node).status();
  context_->SetPeerNode(*std::move(node));
  return absl::OkStatus();
}

absl::Status ServerCall::Authenticate() {
  const auto& metadata = grpc_context_->client_metadata();
  const auto [first, last] = metadata.equal_range("authorization");
  if (first == last) {
    return Refuse(absl::StatusCode::kUnauthenticated, "TOKEN_MISSING",
                  "no token; send \"authorization: Bearer <token>\"");
  }
  if (std::next(first) != last) {
    return Refuse(absl::StatusCode::kUnauthenticated, "TOKEN_INVALID",
                  "more than one authorization was sent", {{"cause", "AMBIGUOUS"}});
  }
  absl::StatusOr<std::shared_ptr<const auth::Principal>> principal =
      core_.options().authenticator->Authenticate(
          std::string_view(first->second.data(), first->second.size()));
  if (!principal.ok()) return std::move(principal).status();
  context_->SetPrincipal(*std::move(principal));
  return absl::OkStatus();
}

void ServerCall::BeginFinish(absl::StatusCode code) {
  code_ = code;
  ++operations_;
}

void ServerCall::FinishWithStatus(const absl::Status& status) {
  std::string incident;
  if (IsInternalError(status)) {
    incident = NewIncident();
    if (CallObserver* observer = core_.options().observer; observer != nullptr) {
      observer->OnInternalError(method_.traits().name, incident, status);
    }
  }
  // A stream that ends because it was told to at shutdown is to be taken up again elsewhere.
  const bool stopped = core_.draining() && status.code() == absl::StatusCode::kCancelled;
  BeginFinish(status.code());
  FinishWithError(ToGrpcStatus(stopped ? ShuttingDown() : status, incident), &finished_);
}

bool ServerCall::BeginOperation() {
  if (let_go_) return false;
  assert(core_.loop().InLoopThread());
  ++operations_;
  return true;
}

void ServerCall::EndOperation() {
  --operations_;
  if (core_.letting_go()) LetGo();
}

void ServerCall::OnFinished(bool) {
  --operations_;
  MaybeRelease();
}

void ServerCall::OnDone(bool) {
  is_done_ = true;
  if (grpc_context_->IsCancelled()) {
    if (code_ == absl::StatusCode::kUnknown) code_ = absl::StatusCode::kCancelled;
    context_->Cancel();
  }
  if (core_.letting_go()) LetGo();
  MaybeRelease();
}

void ServerCall::LetGo() {
  if (let_go_ || !handler_running_ || !is_done_ || operations_ > 0) return;
  let_go_ = true;
  core_.CountHandlerLetGo();
  Depart(absl::StatusCode::kCancelled);
  context_->ForgetTransport();
  Clear();
  grpc_context_.reset();
}

void ServerCall::Depart(absl::StatusCode code) {
  if (taken_) core_.admission().Leave(absl::Now(), handled_);
  if (CallObserver* observer = core_.options().observer; observer != nullptr) {
    observer->OnCallFinished(method_.traits().name, code, absl::Now() - arrived_at_);
  }
  core_.Remove(this);
}

void ServerCall::MaybeRelease() {
  if (handler_running_ || operations_ > 0 || !is_done_) return;
  if (let_go_) {  // The server may be gone by now, its methods too.
    delete this;
    return;
  }
  Depart(code_);
  context_.reset();
  Clear();
  grpc_context_.reset();
  method_.Recycle(this);
}

PeerIdentity ServerCall::Peer() const {
  const std::shared_ptr<const grpc::AuthContext> auth_context = grpc_context_->auth_context();
  return auth_context == nullptr ? PeerIdentity() : ReadPeerIdentity(*auth_context);
}

std::optional<std::string> ServerCall::Metadata(std::string_view key) const {
  const auto& metadata = grpc_context_->client_metadata();
  const auto found = metadata.find(grpc::string_ref(key.data(), key.size()));
  if (found == metadata.end()) return std::nullopt;
  return std::string(found->second.data(), found->second.size());
}

}  // namespace redress::rpc::internal
