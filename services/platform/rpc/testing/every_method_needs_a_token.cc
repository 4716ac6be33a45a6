#include "services/platform/rpc/testing/every_method_needs_a_token.h"

#include <functional>

#include "absl/time/clock.h"
#include "absl/time/time.h"
#include "fmt/format.h"
#include "google/protobuf/descriptor.h"
#include "grpcpp/generic/generic_stub.h"

namespace redress::rpc::testing {
namespace {

// A method that wrongly lets the call in may answer never; a test must not wait for that.
constexpr absl::Duration kPatience = absl::Seconds(10);

// One call of any kind: gRPC tells the four apart only by how many messages come.
grpc::Status CallWithEmptyMessage(grpc::GenericStub& stub, const std::string& method,
                                  grpc::ClientContext& context) {
  grpc::CompletionQueue queue;
  grpc::Status status;
  {
    const auto call = stub.PrepareCall(&context, method, &queue);
    const auto wait = [&queue, &context] {
      void* tag = nullptr;
      bool ok = false;
      if (queue.AsyncNext(&tag, &ok, absl::ToChronoTime(absl::Now() + kPatience)) !=
          grpc::CompletionQueue::GOT_EVENT) {
        context.TryCancel();
        queue.Next(&tag, &ok);
      }
      return ok;
    };
    call->StartCall(nullptr);
    if (wait()) {
      grpc::Slice empty;
      call->WriteLast(grpc::ByteBuffer(&empty, 1), grpc::WriteOptions(), nullptr);
      wait();
      grpc::ByteBuffer answer;
      call->Read(&answer, nullptr);
      // A message has come: the method is open, and need not be heard to its end.
      if (wait()) context.TryCancel();
    }
    call->Finish(&status, nullptr);
    wait();
  }
  queue.Shutdown();
  void* tag = nullptr;
  bool ok = false;
  while (queue.Next(&tag, &ok)) {
  }
  return status;
}

std::vector<std::string> MethodsThatAnswerOtherThan(
    grpc::StatusCode expected, const std::shared_ptr<grpc::Channel>& channel,
    std::string_view service, const std::function<void(grpc::ClientContext&)>& prepare,
    int& methods_called) {
  methods_called = 0;
  const auto* descriptor =
      google::protobuf::DescriptorPool::generated_pool()->FindServiceByName(std::string(service));
  if (descriptor == nullptr) return {fmt::format("{}: is not linked in", service)};
  std::vector<std::string> open;
  grpc::GenericStub stub(channel);
  for (int i = 0; i < descriptor->method_count(); ++i) {
    const std::string method = fmt::format("/{}/{}", service, descriptor->method(i)->name());
    grpc::ClientContext context;
    prepare(context);
    const grpc::Status status = CallWithEmptyMessage(stub, method, context);
    ++methods_called;
    if (status.error_code() != expected) {
      open.push_back(fmt::format("{}: answered {} \"{}\"", method,
                                 static_cast<int>(status.error_code()), status.error_message()));
    }
  }
  return open;
}

}  // namespace

std::vector<std::string> MethodsOpenWithoutToken(const std::shared_ptr<grpc::Channel>& channel,
                                                 std::string_view service, int& methods_called) {
  const auto prepare = [](grpc::ClientContext& context) {
    context.set_deadline(absl::ToChronoTime(absl::Now() + kPatience));
  };
  return MethodsThatAnswerOtherThan(grpc::StatusCode::UNAUTHENTICATED, channel, service, prepare,
                                    methods_called);
}

std::vector<std::string> MethodsOpenWithoutDeadline(const std::shared_ptr<grpc::Channel>& channel,
                                                    std::string_view service,
                                                    const std::string& token, int& methods_called) {
  const auto prepare = [&token](grpc::ClientContext& context) {
    context.AddMetadata("authorization", "Bearer " + token);
  };
  return MethodsThatAnswerOtherThan(grpc::StatusCode::INVALID_ARGUMENT, channel, service, prepare,
                                    methods_called);
}

}  // namespace redress::rpc::testing
