#include "tools/benchmark/bare_calls.h"
#include "tools/benchmark/bare_server.h"

namespace redress::benchmark {
namespace {

// One call: waits for a request, answers it, and is gone with the answer.
class EchoCall final : public BareCall {
 public:
  EchoCall(v1::BareService::AsyncService& service, grpc::ServerCompletionQueue& queue)
      : service_(service), queue_(queue), answer_(&context_) {
    service_.RequestEcho(&context_, &request_, &answer_, &queue_, &queue_, this);
  }

  void OnEvent(bool ok) override {
    if (!ok || answered_) {
      delete this;
      return;
    }
    new EchoCall(service_, queue_);
    answered_ = true;
    v1::EchoResponse response;
    response.mutable_payload()->assign(request_.answer_bytes(), 'e');
    answer_.Finish(response, grpc::Status::OK, this);
  }

 private:
  v1::BareService::AsyncService& service_;
  grpc::ServerCompletionQueue& queue_;
  grpc::ServerContext context_;
  v1::EchoRequest request_;
  grpc::ServerAsyncResponseWriter<v1::EchoResponse> answer_;
  bool answered_ = false;
};

constexpr int kWaitingCalls = 256;

}  // namespace

int ServeEcho() {
  v1::BareService::AsyncService service;
  return ServeCalls(service, kWaitingCalls, [&service](grpc::ServerCompletionQueue& queue) {
    new EchoCall(service, queue);
  });
}

}  // namespace redress::benchmark
