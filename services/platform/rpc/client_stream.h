#ifndef REDRESS_SERVICES_PLATFORM_RPC_CLIENT_STREAM_H_
#define REDRESS_SERVICES_PLATFORM_RPC_CLIENT_STREAM_H_

#include <memory>
#include <optional>
#include <type_traits>
#include <utility>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "grpcpp/security/auth_context.h"
#include "grpcpp/support/async_stream.h"
#include "services/platform/rpc/call_context.h"
#include "services/platform/rpc/client.h"
#include "services/platform/rpc/stream.h"

// Outbound streams of a coroutine on the event loop. Open… starts the call; an error that the
// server gives at once is seen by the first Read or Write, and told by Finish. Streams are never
// repeated by themselves. Destroying one that is not finished cancels it.
//
//   using Stub = v1::StatusService::Stub;
//   auto stream = co_await OpenServerStream(loop, stub, &Stub::PrepareAsyncWatch, request,
//   options); if (!stream.ok()) co_return stream.status(); while (true) {
//     std::optional<v1::Change> change = co_await (*stream)->Read();
//     if (!change.has_value()) break;
//     …
//   }
//   const absl::Status status = co_await (*stream)->Finish();
namespace redress::rpc {
namespace internal {

// Shared with the coroutines of the operations, so that it lives until the last has ended.
template <class Stream, class Response>
struct OutboundStream {
  OutboundStream(EventLoop& loop, const CallOptions& options) : call(loop, options) {}

  ClientCall call;
  Response response;  // Of a client stream, which has one.
  std::unique_ptr<Stream> stream;
};

template <class State>
async::Task<absl::Status> StartStream(std::shared_ptr<State> state) {
  const OutboundOperation operation(state->call);
  Event started;
  state->stream->StartCall(&started);
  const bool ok = co_await started;
  if (ok) co_return absl::OkStatus();
  grpc::Status status;
  Event finished;
  state->stream->Finish(&status, &finished);
  co_await finished;
  co_return status.ok() ? absl::UnavailableError("the call did not start") : FromGrpcStatus(status);
}

template <class State, class Message>
async::Task<std::optional<Message>> ReadStream(std::shared_ptr<State> state) {
  std::optional<Message> message;
  message.emplace();
  const OutboundOperation operation(state->call);
  Event read;
  state->stream->Read(&*message, &read);
  const bool ok = co_await read;
  if (!ok) message.reset();
  co_return message;
}

template <class State, class Message>
async::Task<bool> WriteStream(std::shared_ptr<State> state, Message message) {
  const OutboundOperation operation(state->call);
  Event written;
  state->stream->Write(message, &written);
  const bool ok = co_await written;
  co_return ok;
}

template <class State>
async::Task<bool> EndWrites(std::shared_ptr<State> state) {
  const OutboundOperation operation(state->call);
  Event ended;
  state->stream->WritesDone(&ended);
  const bool ok = co_await ended;
  co_return ok;
}

template <class State>
async::Task<absl::Status> FinishStream(std::shared_ptr<State> state) {
  const OutboundOperation operation(state->call);
  grpc::Status status;
  Event finished;
  state->stream->Finish(&status, &finished);
  co_await finished;
  co_return FromGrpcStatus(status);
}

struct Nothing {};

}  // namespace internal

// What the server sends.
template <class Response>
class InboundStream final : public Reader<Response> {
 public:
  using State = internal::OutboundStream<grpc::ClientAsyncReader<Response>, internal::Nothing>;
  explicit InboundStream(std::shared_ptr<State> state) : state_(std::move(state)) {}
  ~InboundStream() override { Cancel(); }

  async::Task<std::optional<Response>> Read() override {
    return internal::ReadStream<State, Response>(state_);
  }
  // Why it ended. After Read gave nothing, or after Cancel.
  async::Task<absl::Status> Finish() { return internal::FinishStream<State>(state_); }
  void Cancel() { state_->call.context().TryCancel(); }

 private:
  std::shared_ptr<State> state_;
};

// What is sent to the server, which answers once at the end.
template <class Request, class Response>
class UploadStream final : public Writer<Request> {
 public:
  using State = internal::OutboundStream<grpc::ClientAsyncWriter<Request>, Response>;
  explicit UploadStream(std::shared_ptr<State> state) : state_(std::move(state)) {}
  ~UploadStream() override { Cancel(); }

  async::Task<bool> Write(Request message) override {
    return internal::WriteStream<State, Request>(state_, std::move(message));
  }
  // Says that nothing more comes, and waits for the answer.
  async::Task<absl::StatusOr<Response>> Finish() { return FinishWithAnswer(state_); }
  void Cancel() { state_->call.context().TryCancel(); }

 private:
  static async::Task<absl::StatusOr<Response>> FinishWithAnswer(std::shared_ptr<State> state) {
    co_await internal::EndWrites<State>(state);
    absl::Status status = co_await internal::FinishStream<State>(state);
    if (!status.ok()) co_return status;
    co_return std::move(state->response);
  }

  std::shared_ptr<State> state_;
};

// Both ways at once: one Read and one Write may be under way together.
template <class Request, class Response>
class DuplexStream final : public Reader<Response>, public Writer<Request> {
 public:
  using State =
      internal::OutboundStream<grpc::ClientAsyncReaderWriter<Request, Response>, internal::Nothing>;
  explicit DuplexStream(std::shared_ptr<State> state) : state_(std::move(state)) {}
  ~DuplexStream() override { Cancel(); }

  async::Task<std::optional<Response>> Read() override {
    return internal::ReadStream<State, Response>(state_);
  }
  async::Task<bool> Write(Request message) override {
    return internal::WriteStream<State, Request>(state_, std::move(message));
  }
  // Who answers, as its certificate says. After the first message was read.
  PeerIdentity Peer() const { return ReadPeerIdentity(*state_->call.context().auth_context()); }
  // Nothing more will be written; reading goes on.
  async::Task<bool> WritesDone() { return internal::EndWrites<State>(state_); }
  // Why it ended. After Read gave nothing, or after Cancel.
  async::Task<absl::Status> Finish() { return internal::FinishStream<State>(state_); }
  void Cancel() { state_->call.context().TryCancel(); }

 private:
  std::shared_ptr<State> state_;
};

template <class Stub, class Base, class Request, class Response>
async::Task<absl::StatusOr<std::unique_ptr<InboundStream<Response>>>> OpenServerStream(
    EventLoop& loop, Stub& stub,
    std::unique_ptr<grpc::ClientAsyncReader<Response>> (Base::*prepare)(grpc::ClientContext*,
                                                                        const Request&,
                                                                        grpc::CompletionQueue*),
    std::type_identity_t<Request> request, CallOptions options) {
  using State = typename InboundStream<Response>::State;
  auto state = std::make_shared<State>(loop, options);
  absl::Status status = state->call.Admit();
  if (!status.ok()) co_return status;
  state->stream = (stub.*prepare)(&state->call.context(), request, loop.completion_queue());
  status = co_await internal::StartStream<State>(state);
  if (!status.ok()) co_return status;
  co_return std::make_unique<InboundStream<Response>>(std::move(state));
}

template <class Stub, class Base, class Request, class Response>
async::Task<absl::StatusOr<std::unique_ptr<UploadStream<Request, Response>>>> OpenClientStream(
    EventLoop& loop, Stub& stub,
    std::unique_ptr<grpc::ClientAsyncWriter<Request>> (Base::*prepare)(grpc::ClientContext*,
                                                                       Response*,
                                                                       grpc::CompletionQueue*),
    CallOptions options) {
  using State = typename UploadStream<Request, Response>::State;
  auto state = std::make_shared<State>(loop, options);
  absl::Status status = state->call.Admit();
  if (!status.ok()) co_return status;
  state->stream =
      (stub.*prepare)(&state->call.context(), &state->response, loop.completion_queue());
  status = co_await internal::StartStream<State>(state);
  if (!status.ok()) co_return status;
  co_return std::make_unique<UploadStream<Request, Response>>(std::move(state));
}

template <class Stub, class Base, class Request, class Response>
async::Task<absl::StatusOr<std::unique_ptr<DuplexStream<Request, Response>>>> OpenBidi(
    EventLoop& loop, Stub& stub,
    std::unique_ptr<grpc::ClientAsyncReaderWriter<Request, Response>> (Base::*prepare)(
        grpc::ClientContext*, grpc::CompletionQueue*),
    CallOptions options) {
  using State = typename DuplexStream<Request, Response>::State;
  auto state = std::make_shared<State>(loop, options);
  absl::Status status = state->call.Admit();
  if (!status.ok()) co_return status;
  state->stream = (stub.*prepare)(&state->call.context(), loop.completion_queue());
  status = co_await internal::StartStream<State>(state);
  if (!status.ok()) co_return status;
  co_return std::make_unique<DuplexStream<Request, Response>>(std::move(state));
}

}  // namespace redress::rpc

#endif  // REDRESS_SERVICES_PLATFORM_RPC_CLIENT_STREAM_H_
