#include "tools/benchmark/answered_call.h"
#include "tools/benchmark/bare_calls.h"
#include "tools/benchmark/bare_server.h"

namespace redress::benchmark {

int ServeEcho() {
  using EchoCall = AnsweredCall<v1::EchoRequest, v1::EchoResponse>;
  v1::BareService::AsyncService service;
  const EchoCall::Answer answer = [](const v1::EchoRequest& request, v1::EchoResponse& response) {
    response.mutable_payload()->assign(request.answer_bytes(), 'e');
    return grpc::Status::OK;
  };
  return ServeCalls(service, kWaitingCalls, [&](grpc::ServerCompletionQueue& queue) {
    new EchoCall(service, queue, &v1::BareService::AsyncService::RequestEcho, answer);
  });
}

}  // namespace redress::benchmark
