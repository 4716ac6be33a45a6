#include <memory>
#include <vector>

#include "gtest/gtest.h"
#include "services/platform/rpc/testing/echo_fixture.h"

namespace redress::rpc {
namespace {

using testing::EchoFixture;
namespace v1 = ::redress::rpctest::v1;

TEST(OverloadTest, ThoseWhoComeTogetherAreCountedBeforeTheFirstIsServed) {
  ServerOptions options = EchoFixture::OnLoopback();
  options.least_unary_calls = 2;
  options.longest_wait = absl::ZeroDuration();
  options.request_slots = 1;  // As when more come than slots are open: all but one wait at gRPC.
  EchoFixture fixture(options);
  ASSERT_TRUE(fixture.Start().ok());
  const auto stub = fixture.NewStub();
  v1::EchoResponse connected;
  ASSERT_TRUE(stub->Echo(EchoFixture::NewContext().get(), {}, &connected).ok());
  ASSERT_TRUE(fixture.EventuallyIdle());
  struct Call {
    std::unique_ptr<grpc::ClientContext> context = EchoFixture::NewContext();
    std::unique_ptr<grpc::ClientAsyncResponseReader<v1::EchoResponse>> reader;
    v1::EchoResponse response;
    grpc::Status status;
  };
  std::vector<Call> calls(20);
  grpc::CompletionQueue answers;
  // From the loop's own thread, which so cannot take the first before the last is on its way.
  fixture.loop().Post([&] {
    for (Call& call : calls) {
      call.reader = stub->AsyncEcho(call.context.get(), {}, &answers);
      call.reader->Finish(&call.response, &call.status, &call);
    }
  });
  int served = 0;
  for (size_t i = 0; i < calls.size(); ++i) {
    void* tag = nullptr;
    bool ok = false;
    ASSERT_TRUE(answers.Next(&tag, &ok));
    if (static_cast<Call*>(tag)->status.ok()) ++served;
  }
  // Not always just two, since their bytes may come in several pieces.
  EXPECT_LE(served, 10);
  EXPECT_GE(served, 1);
}

}  // namespace
}  // namespace redress::rpc
