#ifndef REDRESS_SERVICES_PLATFORM_RPC_INTERNAL_SERVER_CALL_H_
#define REDRESS_SERVICES_PLATFORM_RPC_INTERNAL_SERVER_CALL_H_

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/status.h"
#include "absl/time/time.h"
#include "grpcpp/server_context.h"
#include "services/platform/rpc/call_context.h"
#include "services/platform/rpc/event_loop.h"
#include "services/platform/rpc/internal/event.h"

namespace redress::rpc::internal {

class ServerCall;
class ServerCore;

// What a call must show to get in.
enum class Gate {
  kToken,  // A verified token, and the method's access rule lets its holder pass.
  kPeer,   // A connection to a listener for peers, with a pinned certificate.
  kOpen,   // Nothing: the health service alone.
};

struct MethodTraits {
  std::string name;  // "/package.Service/Method"
  AccessRule rule;   // With Gate::kToken.
  Gate gate = Gate::kToken;
  bool streams = false;  // Either way.
};

// One registered method: keeps some calls listening, so that requests which come together are all
// taken in one pass of the loop, and keeps call objects that have been used for the next ones.
class Method {
 public:
  explicit Method(MethodTraits traits) : traits_(std::move(traits)) {}
  virtual ~Method();
  Method(const Method&) = delete;
  Method& operator=(const Method&) = delete;

  const MethodTraits& traits() const { return traits_; }
  void Listen(ServerCore& core);
  void StoppedListening() { --listening_; }
  // Takes a call object that is over.
  void Recycle(ServerCall* call);

 protected:
  virtual std::unique_ptr<ServerCall> NewCall(ServerCore& core) = 0;

 private:
  MethodTraits traits_;
  int listening_ = 0;
  std::vector<std::unique_ptr<ServerCall>> free_;
};

// One call from listening for it to its last event. It owns itself while it is listening or active
// and goes back to its method when the handler has ended and gRPC has no event of it outstanding.
// Everything happens on the loop's thread.
class ServerCall : private CallContext::Transport {
 public:
  ServerCall(ServerCore& core, Method& method);
  virtual ~ServerCall() = default;
  ServerCall(const ServerCall&) = delete;
  ServerCall& operator=(const ServerCall&) = delete;

  void Listen();

  // For Shutdown. Tells the handler that nobody waits for its answer.
  void Cancel() { context_->Cancel(); }
  // Ends the call at once, whatever its handler waits for.
  void Cut() { grpc_context_->TryCancel(); }
  // Gives up gRPC's part of a cancelled call while the handler still runs; from then on its reads
  // and writes fail at once. Without that gRPC's own shutdown would wait for the handler for ever.
  void LetGo();

  Method& method() { return method_; }
  bool handler_running() const { return handler_running_; }

 protected:
  // Makes the request message and the responder anew, and asks gRPC for a call.
  virtual void Ask(Tag* arrived) = 0;
  // Starts the handler's coroutine.
  virtual void Run() = 0;
  // Ends the call with an error.
  virtual void FinishWithError(const grpc::Status& status, Tag* finished) = 0;
  // Destroys the messages and the responder.
  virtual void Clear() = 0;

  ServerCore& core() { return core_; }
  CallContext& context() { return *context_; }
  grpc::ServerContext& grpc_context() { return *grpc_context_; }
  grpc::ServerCompletionQueue* queue();
  EventLoop& loop();

  // Around every operation on the stream. Begin is false when the call is over.
  bool BeginOperation();
  void EndOperation();

  // How many turns of the loop to give up after an operation: now and then a stream must let the
  // loop look at the network, since as long as its operations complete at once gRPC hands out their
  // events without polling, and every other call waits. Three turns: the first is taken before the
  // loop asks gRPC, and gRPC takes its own kick for the last event for the first time it is asked.
  int TurnsToYield() { return ++operations_made_ % kOperationsPerTurn == 0 ? 3 : 0; }

  // The handler has ended: with an error, or with OK, when `finish_ok` gives the answer and OK to
  // gRPC. At the latest now nothing of the handler's coroutine may be needed any more.
  template <class FinishOk>
  void HandlerEnded(const absl::Status& status, FinishOk finish_ok) {
    handler_running_ = false;
    if (let_go_) {
      MaybeRelease();
    } else if (status.ok()) {
      BeginFinish(absl::StatusCode::kOk);
      finish_ok(&finished_);
    } else {
      FinishWithStatus(status);
    }
  }

 private:
  void OnArrived(bool ok);
  void Begin();
  void OnFinished(bool ok);
  void OnDone(bool ok);

  PeerIdentity Peer() const override;
  std::optional<std::string> Metadata(std::string_view key) const override;

  void MakeContext();
  absl::Status Admit();
  absl::Status Authenticate();
  absl::Status AuthenticatePeer();
  bool CameFromPeer() const;
  void BeginFinish(absl::StatusCode code);
  void FinishWithStatus(const absl::Status& status);
  void Depart(absl::StatusCode code);
  void MaybeRelease();

  ServerCore& core_;
  Method& method_;
  MemberTag<ServerCall, &ServerCall::OnArrived> arrived_{this};
  MemberTag<ServerCall, &ServerCall::OnFinished> finished_{this};
  MemberTag<ServerCall, &ServerCall::OnDone> done_{this};

  std::optional<grpc::ServerContext> grpc_context_;
  std::optional<CallContext> context_;
  absl::Time arrived_at_;
  absl::StatusCode code_ = absl::StatusCode::kUnknown;
  static constexpr uint32_t kOperationsPerTurn = 16;
  uint32_t operations_made_ = 0;
  int operations_ = 0;  // Of gRPC, whose events are outstanding; the done event is not among them.
  bool handler_running_ = false;
  bool is_done_ = false;
  bool taken_ = false;    // By the core's admission.
  bool handled_ = false;  // Its handler was begun.
  bool let_go_ = false;

  // The list of active calls, see ServerCore.
  friend class ServerCore;
  ServerCall* previous_ = nullptr;
  ServerCall* next_ = nullptr;
};

}  // namespace redress::rpc::internal

#endif  // REDRESS_SERVICES_PLATFORM_RPC_INTERNAL_SERVER_CALL_H_
