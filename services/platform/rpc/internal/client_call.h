#ifndef REDRESS_SERVICES_PLATFORM_RPC_INTERNAL_CLIENT_CALL_H_
#define REDRESS_SERVICES_PLATFORM_RPC_INTERNAL_CLIENT_CALL_H_

#include <optional>

#include "absl/status/status.h"
#include "absl/time/time.h"
#include "grpcpp/client_context.h"
#include "services/platform/async/cancellation.h"
#include "services/platform/rpc/call_options.h"
#include "services/platform/rpc/event_loop.h"

namespace redress::rpc::internal {

// gRPC's context of one outbound call, with the deadline, the token and the cancellation set, and
// known to the loop as long as it lives. On the loop's thread.
class ClientCall {
 public:
  ClientCall(EventLoop& loop, const CallOptions& options);
  ~ClientCall();
  ClientCall(const ClientCall&) = delete;
  ClientCall& operator=(const ClientCall&) = delete;

  // Not OK: do not start it. INVALID_ARGUMENT without a deadline, CANCELLED, UNAVAILABLE when the
  // loop stops.
  absl::Status Admit() const;
  grpc::ClientContext& context() { return context_; }
  EventLoop& loop() { return loop_; }

 private:
  EventLoop& loop_;
  bool has_deadline_;
  bool added_ = false;
  grpc::ClientContext context_;
  async::CancellationToken cancellation_;
  std::optional<async::CancellationCallback> on_cancel_;
};

// Stands in a coroutine's frame from the start of an operation until its event was taken. The loop
// waits for these when it stops, and not for calls: one that is held while its holder waits for
// something else has no event to come.
class OutboundOperation {
 public:
  explicit OutboundOperation(ClientCall& call) : loop_(call.loop()) {
    loop_.BeginOutboundOperation();
  }
  ~OutboundOperation() { loop_.EndOutboundOperation(); }
  OutboundOperation(const OutboundOperation&) = delete;
  OutboundOperation& operator=(const OutboundOperation&) = delete;

 private:
  EventLoop& loop_;
};

// Whether and when to try a call again.
class Attempts {
 public:
  explicit Attempts(const CallOptions& options)
      : idempotent_(options.idempotent), deadline_(options.deadline) {}

  // Nothing when it should not be repeated: not idempotent, an answer that would not change, the
  // attempts are used up, or the pause would last beyond the deadline.
  std::optional<absl::Duration> PauseBeforeNext(const absl::Status& status);

 private:
  bool idempotent_;
  absl::Time deadline_;
  int made_ = 1;
};

}  // namespace redress::rpc::internal

#endif  // REDRESS_SERVICES_PLATFORM_RPC_INTERNAL_CLIENT_CALL_H_
