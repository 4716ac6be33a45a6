#ifndef REDRESS_TOOLS_BENCHMARK_ANSWERED_CALL_H_
#define REDRESS_TOOLS_BENCHMARK_ANSWERED_CALL_H_

#include <functional>

#include "tools/benchmark/bare_calls.h"

namespace redress::benchmark {

// One call that is answered where it arrives: waits for a request, answers it, and is gone with the
// answer.
template <class Request, class Response>
class AnsweredCall final : public BareCall {
 public:
  // How the service asks for such a call, and what it is answered with. The second is borrowed.
  using Ask = void (v1::BareService::AsyncService::*)(grpc::ServerContext*, Request*,
                                                      grpc::ServerAsyncResponseWriter<Response>*,
                                                      grpc::CompletionQueue*,
                                                      grpc::ServerCompletionQueue*, void*);
  using Answer = std::function<grpc::Status(const Request&, Response&)>;

  AnsweredCall(v1::BareService::AsyncService& service, grpc::ServerCompletionQueue& queue, Ask ask,
               const Answer& answer)
      : service_(service), queue_(queue), ask_(ask), answer_(answer), writer_(&context_) {
    (service_.*ask_)(&context_, &request_, &writer_, &queue_, &queue_, this);
  }

  void OnEvent(bool ok) override {
    if (!ok || answered_) {
      delete this;
      return;
    }
    new AnsweredCall(service_, queue_, ask_, answer_);
    answered_ = true;
    Response response;
    const grpc::Status status = answer_(request_, response);
    writer_.Finish(response, status, this);
  }

 private:
  v1::BareService::AsyncService& service_;
  grpc::ServerCompletionQueue& queue_;
  const Ask ask_;
  const Answer& answer_;
  grpc::ServerContext context_;
  Request request_;
  grpc::ServerAsyncResponseWriter<Response> writer_;
  bool answered_ = false;
};

// With so many those that only answer or read begin.
inline constexpr int kWaitingCalls = 256;

}  // namespace redress::benchmark

#endif  // REDRESS_TOOLS_BENCHMARK_ANSWERED_CALL_H_
