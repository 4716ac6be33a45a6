#include <unistd.h>

#include <cstdio>
#include <memory>
#include <string>
#include <thread>

#include "grpcpp/grpcpp.h"
#include "redress/benchmark/v1/bare.grpc.pb.h"
#include "tools/benchmark/bare_server.h"

namespace redress::benchmark {
namespace {

// One call: waits for a request, answers it, and is gone with the answer.
class EchoCall {
 public:
  EchoCall(v1::BareService::AsyncService& service, grpc::ServerCompletionQueue& queue)
      : service_(service), queue_(queue), answer_(&context_) {
    service_.RequestEcho(&context_, &request_, &answer_, &queue_, &queue_, this);
  }

  void OnEvent(bool ok) {
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
  grpc::ServerBuilder builder;
  int port = 0;
  builder.AddListeningPort("127.0.0.1:0", grpc::InsecureServerCredentials(), &port);
  builder.RegisterService(&service);
  const std::unique_ptr<grpc::ServerCompletionQueue> queue = builder.AddCompletionQueue();
  const std::unique_ptr<grpc::Server> server = builder.BuildAndStart();
  if (server == nullptr) return 1;
  for (int i = 0; i < kWaitingCalls; ++i) new EchoCall(service, *queue);
  std::printf("%d\n", port);
  std::fflush(stdout);
  std::thread stopper([&] {
    char byte;
    while (read(STDIN_FILENO, &byte, 1) > 0) {
    }
    server->Shutdown();
    queue->Shutdown();
  });
  void* tag = nullptr;
  bool ok = false;
  while (queue->Next(&tag, &ok)) static_cast<EchoCall*>(tag)->OnEvent(ok);
  stopper.join();
  return 0;
}

}  // namespace redress::benchmark
