#ifndef REDRESS_SERVICES_PLATFORM_SERVICE_WIRE_HANDLERS_H_
#define REDRESS_SERVICES_PLATFORM_SERVICE_WIRE_HANDLERS_H_

#include <functional>
#include <optional>
#include <string_view>
#include <utility>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "grpcpp/support/byte_buffer.h"
#include "services/platform/async/task.h"
#include "services/platform/rpc/call_context.h"
#include "services/platform/rpc/stream.h"
#include "services/platform/service/unreadable_request.h"
#include "services/platform/service/wire_message.h"

// Handlers over the bytes of the wire, made of handlers over messages, for services whose requests
// hold what people wrote: a text that is not UTF-8 is then answered with INVALID_ARGUMENT naming
// the field, and with it whatever else is wrong (see unreadable_request.h). They are registered
// with a service of WithRawMethod_… in place of WithAsyncMethod_…:
//
//   server.Unary(&service, &Raw::RequestFileComplaint, "/…/FileComplaint", rule,
//                service::Wire(&filing, &FilingRpc::FileComplaint));
//
// The object with the handlers is borrowed and outlives the server.
namespace redress::service {

// A message that came in on a stream, or why it cannot be taken; see ParseMessage for what
// `message` holds then.
template <class Request>
struct Incoming {
  Request message;
  absl::Status status;
};

template <class Request>
class MessageReader final : public rpc::Reader<Incoming<Request>> {
 public:
  explicit MessageReader(rpc::Reader<grpc::ByteBuffer>& bytes) : bytes_(bytes) {}

  async::Task<std::optional<Incoming<Request>>> Read() override { return ReadFrom(&bytes_); }

 private:
  // Static, so that a read which ends after the handler touches nothing of it.
  static async::Task<std::optional<Incoming<Request>>> ReadFrom(
      rpc::Reader<grpc::ByteBuffer>* bytes) {
    std::optional<Incoming<Request>> incoming;
    std::optional<grpc::ByteBuffer> read = co_await bytes->Read();
    if (!read.has_value()) co_return incoming;
    incoming.emplace();
    incoming->status = ParseMessage(*read, incoming->message);
    co_return incoming;
  }

  rpc::Reader<grpc::ByteBuffer>& bytes_;
};

template <class Response>
class MessageWriter final : public rpc::Writer<Response> {
 public:
  explicit MessageWriter(rpc::Writer<grpc::ByteBuffer>& bytes) : bytes_(bytes) {}

  async::Task<bool> Write(Response message) override { return bytes_.Write(ToBytes(message)); }

 private:
  rpc::Writer<grpc::ByteBuffer>& bytes_;
};

// Answers a unary call over bytes with `act`, which takes the request and gives the verb's task.
// `method` is the full name of the verb and outlives the call.
template <class Request, class Response, class Act>
async::Task<absl::StatusOr<grpc::ByteBuffer>> AnswerBytes(Act act, std::string_view method,
                                                          grpc::ByteBuffer bytes) {
  Request request;
  absl::Status parsed = ParseMessage(bytes, request);
  bytes.Clear();
  if (!parsed.ok()) {
    UnreadableRequest unreadable(std::move(parsed));
    if (unreadable.Disarm(method, request)) {
      auto task = act(std::move(request));
      const absl::StatusOr<Response> answer = co_await task;
      unreadable.Take(answer.status());
    }
    co_return unreadable.ToStatus();
  }
  auto task = act(std::move(request));
  absl::StatusOr<Response> response = co_await task;
  if (!response.ok()) co_return std::move(response).status();
  co_return ToBytes(*response);
}

namespace internal {

using Bytes = grpc::ByteBuffer;

// Takes the place of a writer while nothing may be written.
template <class Response>
class NoWriter final : public rpc::Writer<Response> {
 public:
  async::Task<bool> Write(Response) override { co_return false; }
};

template <class Handlers, class Request, class Response>
async::Task<absl::Status> AnswerServerStream(
    Handlers* handlers,
    async::Task<absl::Status> (Handlers::*verb)(rpc::CallContext&, Request, rpc::Writer<Response>&),
    rpc::CallContext* context, Bytes bytes, rpc::Writer<Bytes>* out) {
  Request request;
  absl::Status parsed = ParseMessage(bytes, request);
  bytes.Clear();
  if (!parsed.ok()) {
    UnreadableRequest unreadable(std::move(parsed));
    NoWriter<Response> nowhere;
    if (unreadable.Disarm(context->method(), request)) {
      auto task = (handlers->*verb)(*context, std::move(request), nowhere);
      const absl::Status answer = co_await task;
      unreadable.Take(answer);
    }
    co_return unreadable.ToStatus();
  }
  MessageWriter<Response> writer(*out);
  auto task = (handlers->*verb)(*context, std::move(request), writer);
  absl::Status status = co_await task;
  co_return status;
}

template <class Handlers, class Request, class Response>
async::Task<absl::StatusOr<Bytes>> AnswerClientStream(
    Handlers* handlers,
    async::Task<absl::StatusOr<Response>> (Handlers::*verb)(rpc::CallContext&,
                                                            rpc::Reader<Incoming<Request>>&),
    rpc::CallContext* context, rpc::Reader<Bytes>* in) {
  MessageReader<Request> reader(*in);
  auto task = (handlers->*verb)(*context, reader);
  absl::StatusOr<Response> response = co_await task;
  if (!response.ok()) co_return std::move(response).status();
  co_return ToBytes(*response);
}

template <class Handlers, class Request, class Response>
async::Task<absl::Status> AnswerBidi(
    Handlers* handlers,
    async::Task<absl::Status> (Handlers::*verb)(rpc::CallContext&, rpc::Reader<Incoming<Request>>&,
                                                rpc::Writer<Response>&),
    rpc::CallContext* context, rpc::Reader<Bytes>* in, rpc::Writer<Bytes>* out) {
  MessageReader<Request> reader(*in);
  MessageWriter<Response> writer(*out);
  auto task = (handlers->*verb)(*context, reader, writer);
  absl::Status status = co_await task;
  co_return status;
}

}  // namespace internal

template <class Handlers, class Request, class Response>
auto Wire(Handlers* handlers,
          async::Task<absl::StatusOr<Response>> (Handlers::*verb)(rpc::CallContext&, Request)) {
  return [handlers, verb](rpc::CallContext& context, internal::Bytes bytes) {
    auto act = [handlers, verb, &context](Request request) {
      return (handlers->*verb)(context, std::move(request));
    };
    return AnswerBytes<Request, Response>(std::move(act), context.method(), std::move(bytes));
  };
}

template <class Handlers, class Request, class Response>
auto Wire(Handlers* handlers,
          async::Task<absl::Status> (Handlers::*verb)(rpc::CallContext&, Request,
                                                      rpc::Writer<Response>&)) {
  return [handlers, verb](rpc::CallContext& context, internal::Bytes bytes,
                          rpc::Writer<internal::Bytes>& out) {
    return internal::AnswerServerStream<Handlers, Request, Response>(handlers, verb, &context,
                                                                     std::move(bytes), &out);
  };
}

template <class Handlers, class Request, class Response>
auto WireUpload(Handlers* handlers, async::Task<absl::StatusOr<Response>> (Handlers::*verb)(
                                        rpc::CallContext&, rpc::Reader<Incoming<Request>>&)) {
  return [handlers, verb](rpc::CallContext& context, rpc::Reader<internal::Bytes>& in) {
    return internal::AnswerClientStream<Handlers, Request, Response>(handlers, verb, &context, &in);
  };
}

template <class Handlers, class Request, class Response>
auto WireBidi(Handlers* handlers,
              async::Task<absl::Status> (Handlers::*verb)(rpc::CallContext&,
                                                          rpc::Reader<Incoming<Request>>&,
                                                          rpc::Writer<Response>&)) {
  return [handlers, verb](rpc::CallContext& context, rpc::Reader<internal::Bytes>& in,
                          rpc::Writer<internal::Bytes>& out) {
    return internal::AnswerBidi<Handlers, Request, Response>(handlers, verb, &context, &in, &out);
  };
}

}  // namespace redress::service

#endif  // REDRESS_SERVICES_PLATFORM_SERVICE_WIRE_HANDLERS_H_
