#ifndef REDRESS_SERVICES_PLATFORM_RPC_CLIENT_H_
#define REDRESS_SERVICES_PLATFORM_RPC_CLIENT_H_

#include <memory>
#include <optional>
#include <string>
#include <utility>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "grpcpp/channel.h"
#include "grpcpp/client_context.h"
#include "grpcpp/completion_queue.h"
#include "grpcpp/support/async_unary_call.h"
#include "services/platform/async/cancellation.h"
#include "services/platform/async/signal.h"
#include "services/platform/async/task.h"
#include "services/platform/rpc/call_options.h"
#include "services/platform/rpc/event_loop.h"
#include "services/platform/rpc/internal/client_call.h"
#include "services/platform/rpc/internal/event.h"
#include "services/platform/rpc/status_conversion.h"
#include "services/platform/rpc/tls.h"

namespace redress::rpc {

struct ChannelOptions {
  std::string target;  // "127.0.0.1:7001", "unix:/run/redress/intake.sock", "my.example:443"
  std::optional<TlsFiles> tls;  // Required unless the target stays on this machine.
  std::string expected_name;    // Of the server's certificate, when it is not the target's host.
  int max_receive_message_bytes = 16 * 1024 * 1024;
};

// A connection that is kept: make one per peer at start and share it (thread-safe). It connects
// when first used and again by itself. INVALID_ARGUMENT for a remote target without TLS.
absl::StatusOr<std::shared_ptr<grpc::Channel>> OpenChannel(const ChannelOptions& options);

// A unary call from a coroutine on the event loop:
//
//   CallOptions options{.deadline = context.deadline(), .token = token, .idempotent = true};
//   absl::StatusOr<v1::DiscloseComplaintResponse> answer = co_await CallUnary(
//       loop, stub, &v1::IntakeService::Stub::PrepareAsyncDiscloseComplaint, request, options);
//
// Errors come back as the server's handler made them: code, message, refusal and field violations.
// `idempotent` (a read, or a call with a request_id) is repeated on UNAVAILABLE, and where the
// server says when, with exponential back-off and jitter, while the deadline lasts.
// REQUIRES: awaited on the loop's thread; `stub` outlives the call.
template <class Stub, class Base, class Request, class Response>
async::Task<absl::StatusOr<Response>> CallUnary(
    EventLoop& loop, Stub& stub,
    std::unique_ptr<grpc::ClientAsyncResponseReader<Response>> (Base::*prepare)(
        grpc::ClientContext*, const Request&, grpc::CompletionQueue*),
    std::type_identity_t<Request> request, CallOptions options) {
  internal::Attempts attempts(options);
  while (true) {
    Response response;
    absl::Status status;
    {
      internal::ClientCall call(loop, options);
      status = call.Admit();
      if (!status.ok()) co_return status;
      auto reader = (stub.*prepare)(&call.context(), request, loop.completion_queue());
      reader->StartCall();
      const internal::OutboundOperation operation(call);
      grpc::Status answer;
      internal::Event finished;
      reader->Finish(&response, &answer, &finished);
      co_await finished;
      status = FromGrpcStatus(answer);
    }
    if (status.ok()) co_return response;
    const std::optional<absl::Duration> pause = attempts.PauseBeforeNext(status);
    if (!pause.has_value()) co_return status;
    async::CancellationToken cancellation = options.cancellation;
    const bool slept = co_await async::SleepUnlessCancelled(loop, *pause, std::move(cancellation));
    if (!slept) co_return absl::CancelledError("cancelled by the caller");
  }
}

}  // namespace redress::rpc

#endif  // REDRESS_SERVICES_PLATFORM_RPC_CLIENT_H_
