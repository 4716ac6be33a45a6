#ifndef REDRESS_SERVICES_PLATFORM_RPC_INTERNAL_SERVER_METHODS_H_
#define REDRESS_SERVICES_PLATFORM_RPC_INTERNAL_SERVER_METHODS_H_

#include <functional>
#include <memory>
#include <optional>
#include <utility>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "grpcpp/completion_queue.h"
#include "grpcpp/server_context.h"
#include "grpcpp/support/async_stream.h"
#include "grpcpp/support/async_unary_call.h"
#include "services/platform/async/task.h"
#include "services/platform/rpc/call_context.h"
#include "services/platform/rpc/internal/event.h"
#include "services/platform/rpc/internal/server_call.h"
#include "services/platform/rpc/stream.h"

namespace redress::rpc::internal {

// The handlers of the four kinds of method. Requests are moved in, so they live in the handler's
// frame; readers and writers outlive it.
template <class Request, class Response>
using UnaryHandler =
    std::function<async::Task<absl::StatusOr<Response>>(CallContext&, Request request)>;
template <class Request, class Response>
using ServerStreamHandler =
    std::function<async::Task<absl::Status>(CallContext&, Request request, Writer<Response>&)>;
template <class Request, class Response>
using ClientStreamHandler =
    std::function<async::Task<absl::StatusOr<Response>>(CallContext&, Reader<Request>&)>;
template <class Request, class Response>
using BidiHandler =
    std::function<async::Task<absl::Status>(CallContext&, Reader<Request>&, Writer<Response>&)>;

// The generated RequestX members of the four kinds.
template <class Base, class Request, class Response>
using RequestUnary = void (Base::*)(grpc::ServerContext*, Request*,
                                    grpc::ServerAsyncResponseWriter<Response>*,
                                    grpc::CompletionQueue*, grpc::ServerCompletionQueue*, void*);
template <class Base, class Request, class Response>
using RequestServerStream = void (Base::*)(grpc::ServerContext*, Request*,
                                           grpc::ServerAsyncWriter<Response>*,
                                           grpc::CompletionQueue*, grpc::ServerCompletionQueue*,
                                           void*);
template <class Base, class Request, class Response>
using RequestClientStream = void (Base::*)(grpc::ServerContext*,
                                           grpc::ServerAsyncReader<Response, Request>*,
                                           grpc::CompletionQueue*, grpc::ServerCompletionQueue*,
                                           void*);
template <class Base, class Request, class Response>
using RequestBidi = void (Base::*)(grpc::ServerContext*,
                                   grpc::ServerAsyncReaderWriter<Response, Request>*,
                                   grpc::CompletionQueue*, grpc::ServerCompletionQueue*, void*);

// A RequestX member with its service, as one function of the other arguments.
template <class Service, class Base, class... Arguments>
std::function<void(Arguments...)> Bind(Service* service, void (Base::*request)(Arguments...)) {
  return [service, request](Arguments... arguments) { (service->*request)(arguments...); };
}

inline MethodTraits Streaming(MethodTraits traits) {
  traits.streams = true;
  return traits;
}

// The four kinds. Each has its Call, which holds the messages and gRPC's responder, and whose
// static Serve is the coroutine that runs the handler; it ends the handler's frame before the call.
template <class Request, class Response>
class UnaryMethod final : public Method {
 public:
  using Responder = grpc::ServerAsyncResponseWriter<Response>;
  using AskForCall =
      std::function<void(grpc::ServerContext*, Request*, Responder*, grpc::CompletionQueue*,
                         grpc::ServerCompletionQueue*, void*)>;

  UnaryMethod(MethodTraits traits, AskForCall ask, UnaryHandler<Request, Response> handler)
      : Method(std::move(traits)), ask_(std::move(ask)), handler_(std::move(handler)) {}

 private:
  class Call final : public ServerCall {
   public:
    Call(ServerCore& core, UnaryMethod& method) : ServerCall(core, method), method_(method) {}

   private:
    void Ask(Tag* arrived) override {
      responder_.emplace(&grpc_context());
      method_.ask_(&grpc_context(), &request_, &*responder_, queue(), queue(), arrived);
    }
    void Run() override { Serve(this); }
    void FinishWithError(const grpc::Status& status, Tag* finished) override {
      responder_->FinishWithError(status, finished);
    }
    void Clear() override {
      responder_.reset();
      request_ = Request();  // A message that is cleared keeps all that it ever held for the next.
    }

    static Detached Serve(Call* call) {
      EventLoop& loop =
          call->loop();  // The server may be gone when a handler that was let go ends.
      absl::StatusOr<Response> result;
      {
        auto task = call->method_.handler_(call->context(), std::move(call->request_));
        result = co_await task;
      }
      // Its caller is woken for many answers at once.
      co_await EventLoop::WithOthers(loop);
      const absl::Status status = result.status();
      call->HandlerEnded(status, [call, &result](Tag* finished) {
        call->responder_->Finish(*result, grpc::Status::OK, finished);
      });
    }

    UnaryMethod& method_;
    Request request_;
    std::optional<Responder> responder_;
  };

  std::unique_ptr<ServerCall> NewCall(ServerCore& core) override {
    return std::make_unique<Call>(core, *this);
  }

  AskForCall ask_;
  UnaryHandler<Request, Response> handler_;
};

// What the calls that stream have in common: the responder, and one way to read and to write by it.
template <class Responder>
class StreamCall : public ServerCall {
 protected:
  using ServerCall::ServerCall;

  void MakeResponder() {
    at_end_ = false;
    responder_.emplace(&grpc_context());
  }
  void Clear() override { responder_.reset(); }

  template <class Message>
  async::Task<std::optional<Message>> ReadMessage() {
    std::optional<Message> message;
    if (at_end_ || !BeginOperation()) co_return message;
    EventLoop& executor = loop();
    message.emplace();
    Event read;
    responder_->Read(&*message, &read);
    const bool ok = co_await read;
    at_end_ = !ok;
    EndOperation();
    const int turns = TurnsToYield();
    // From the first turn on the call may be gone, if the handler ended while it read ahead.
    for (int i = 0; i < turns; ++i) co_await async::ResumeOn(executor);
    if (!ok) message.reset();
    co_return message;
  }

  template <class Message>
  async::Task<bool> WriteMessage(Message message) {
    if (!BeginOperation()) co_return false;
    EventLoop& executor = loop();
    Event written;
    responder_->Write(message, &written);
    const bool ok = co_await written;
    EndOperation();
    const int turns = TurnsToYield();
    for (int i = 0; i < turns; ++i) co_await async::ResumeOn(executor);
    co_return ok;
  }

  std::optional<Responder> responder_;

 private:
  bool at_end_ = false;
};

template <class Request, class Response>
class ServerStreamMethod final : public Method {
 public:
  using Responder = grpc::ServerAsyncWriter<Response>;
  using AskForCall =
      std::function<void(grpc::ServerContext*, Request*, Responder*, grpc::CompletionQueue*,
                         grpc::ServerCompletionQueue*, void*)>;

  ServerStreamMethod(MethodTraits traits, AskForCall ask,
                     ServerStreamHandler<Request, Response> handler)
      : Method(Streaming(std::move(traits))), ask_(std::move(ask)), handler_(std::move(handler)) {}

 private:
  class Call final : public StreamCall<Responder>, private Writer<Response> {
   public:
    Call(ServerCore& core, ServerStreamMethod& method)
        : StreamCall<Responder>(core, method), method_(method) {}

   private:
    void Ask(Tag* arrived) override {
      this->MakeResponder();
      method_.ask_(&this->grpc_context(), &request_, &*this->responder_, this->queue(),
                   this->queue(), arrived);
    }
    void Run() override { Serve(this); }
    void FinishWithError(const grpc::Status& status, Tag* finished) override {
      this->responder_->Finish(status, finished);
    }
    void Clear() override {
      StreamCall<Responder>::Clear();
      request_ = Request();
    }

    async::Task<bool> Write(Response message) override {
      return this->WriteMessage(std::move(message));
    }

    static Detached Serve(Call* call) {
      absl::Status status;
      {
        Writer<Response>& writer = *call;
        auto task = call->method_.handler_(call->context(), std::move(call->request_), writer);
        status = co_await task;
      }
      call->HandlerEnded(
          status, [call](Tag* finished) { call->responder_->Finish(grpc::Status::OK, finished); });
    }

    ServerStreamMethod& method_;
    Request request_;
  };

  std::unique_ptr<ServerCall> NewCall(ServerCore& core) override {
    return std::make_unique<Call>(core, *this);
  }

  AskForCall ask_;
  ServerStreamHandler<Request, Response> handler_;
};

template <class Request, class Response>
class ClientStreamMethod final : public Method {
 public:
  using Responder = grpc::ServerAsyncReader<Response, Request>;
  using AskForCall = std::function<void(grpc::ServerContext*, Responder*, grpc::CompletionQueue*,
                                        grpc::ServerCompletionQueue*, void*)>;

  ClientStreamMethod(MethodTraits traits, AskForCall ask,
                     ClientStreamHandler<Request, Response> handler)
      : Method(Streaming(std::move(traits))), ask_(std::move(ask)), handler_(std::move(handler)) {}

 private:
  class Call final : public StreamCall<Responder>, private Reader<Request> {
   public:
    Call(ServerCore& core, ClientStreamMethod& method)
        : StreamCall<Responder>(core, method), method_(method) {}

   private:
    void Ask(Tag* arrived) override {
      this->MakeResponder();
      method_.ask_(&this->grpc_context(), &*this->responder_, this->queue(), this->queue(),
                   arrived);
    }
    void Run() override { Serve(this); }
    void FinishWithError(const grpc::Status& status, Tag* finished) override {
      this->responder_->FinishWithError(status, finished);
    }

    async::Task<std::optional<Request>> Read() override {
      return this->template ReadMessage<Request>();
    }

    static Detached Serve(Call* call) {
      absl::StatusOr<Response> result;
      {
        Reader<Request>& reader = *call;
        auto task = call->method_.handler_(call->context(), reader);
        result = co_await task;
      }
      const absl::Status status = result.status();
      call->HandlerEnded(status, [call, &result](Tag* finished) {
        call->responder_->Finish(*result, grpc::Status::OK, finished);
      });
    }

    ClientStreamMethod& method_;
  };

  std::unique_ptr<ServerCall> NewCall(ServerCore& core) override {
    return std::make_unique<Call>(core, *this);
  }

  AskForCall ask_;
  ClientStreamHandler<Request, Response> handler_;
};

template <class Request, class Response>
class BidiMethod final : public Method {
 public:
  using Responder = grpc::ServerAsyncReaderWriter<Response, Request>;
  using AskForCall = std::function<void(grpc::ServerContext*, Responder*, grpc::CompletionQueue*,
                                        grpc::ServerCompletionQueue*, void*)>;

  BidiMethod(MethodTraits traits, AskForCall ask, BidiHandler<Request, Response> handler)
      : Method(Streaming(std::move(traits))), ask_(std::move(ask)), handler_(std::move(handler)) {}

 private:
  class Call final : public StreamCall<Responder>,
                     private Reader<Request>,
                     private Writer<Response> {
   public:
    Call(ServerCore& core, BidiMethod& method)
        : StreamCall<Responder>(core, method), method_(method) {}

   private:
    void Ask(Tag* arrived) override {
      this->MakeResponder();
      method_.ask_(&this->grpc_context(), &*this->responder_, this->queue(), this->queue(),
                   arrived);
    }
    void Run() override { Serve(this); }
    void FinishWithError(const grpc::Status& status, Tag* finished) override {
      this->responder_->Finish(status, finished);
    }

    async::Task<std::optional<Request>> Read() override {
      return this->template ReadMessage<Request>();
    }
    async::Task<bool> Write(Response message) override {
      return this->WriteMessage(std::move(message));
    }

    static Detached Serve(Call* call) {
      absl::Status status;
      {
        Reader<Request>& reader = *call;
        Writer<Response>& writer = *call;
        auto task = call->method_.handler_(call->context(), reader, writer);
        status = co_await task;
      }
      call->HandlerEnded(
          status, [call](Tag* finished) { call->responder_->Finish(grpc::Status::OK, finished); });
    }

    BidiMethod& method_;
  };

  std::unique_ptr<ServerCall> NewCall(ServerCore& core) override {
    return std::make_unique<Call>(core, *this);
  }

  AskForCall ask_;
  BidiHandler<Request, Response> handler_;
};

}  // namespace redress::rpc::internal

#endif  // REDRESS_SERVICES_PLATFORM_RPC_INTERNAL_SERVER_METHODS_H_
