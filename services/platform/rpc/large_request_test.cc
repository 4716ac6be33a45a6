#include <malloc.h>

#include <cstddef>
#include <memory>
#include <string>

#include "absl/time/clock.h"
#include "grpc/health/v1/health.grpc.pb.h"
#include "grpcpp/channel.h"
#include "gtest/gtest.h"
#include "services/platform/rpc/status_conversion.h"
#include "services/platform/rpc/testing/echo_fixture.h"

#ifdef __SANITIZE_ADDRESS__
// GCC 12 has it in its library, but no header of its packages declares it.
extern "C" size_t __sanitizer_get_current_allocated_bytes();
#endif

namespace redress::rpc {
namespace {

using testing::EchoFixture;
namespace health = ::grpc::health::v1;
namespace v1 = ::redress::rpctest::v1;

// What the process has of the heap, whichever allocator it has it from.
size_t HeapInUse() {
#ifdef __SANITIZE_ADDRESS__
  return __sanitizer_get_current_allocated_bytes();
#else
  const struct mallinfo2 found = ::mallinfo2();
  return found.uordblks + found.hblkhd;
#endif
}

constexpr int kParts = 50'000;       // 100 kB on the wire, some megabytes as a message.
constexpr size_t kLittle = 8 << 20;  // Less than three such requests.

v1::EchoRequest WideRequest() {
  v1::EchoRequest request;
  for (int i = 0; i < kParts; ++i) request.add_parts();
  return request;
}

std::unique_ptr<grpc::ClientContext> Tokenless() {
  auto context = std::make_unique<grpc::ClientContext>();
  context->set_deadline(absl::ToChronoTime(absl::Now() + absl::Seconds(20)));
  return context;
}

TEST(LargeRequestTest, ARequestIsGivenUpWithItsCallAndNotKeptForTheNext) {
  EchoFixture fixture;
  ASSERT_TRUE(fixture.Start().ok());
  const auto stub = fixture.NewStub();
  const v1::EchoRequest request = WideRequest();
  ASSERT_GT(request.SpaceUsedLong(), kLittle / 3);
  v1::EchoResponse response;
  const size_t before = HeapInUse();
  for (int i = 0; i < 25; ++i) {
    EXPECT_EQ(stub->Echo(Tokenless().get(), request, &response).error_code(),
              grpc::StatusCode::UNAUTHENTICATED);
    EXPECT_FALSE(stub->Count(Tokenless().get(), request)->Finish().ok());
  }
  ASSERT_TRUE(fixture.EventuallyIdle());
  EXPECT_LT(HeapInUse(), before + kLittle);
}

// The largest name and a field that the message has not, `bytes` long.
health::HealthCheckRequest WithUnknown(size_t bytes) {
  health::HealthCheckRequest request;
  request.GetReflection()->MutableUnknownFields(&request)->AddLengthDelimited(
      9, std::string(bytes, 'a'));
  return request;
}

TEST(LargeRequestTest, HealthIsAskedInFewBytesOrNotAnswered) {
  EchoFixture fixture;
  ASSERT_TRUE(fixture.Start().ok());
  const auto stub = health::Health::NewStub(fixture.NewChannel());
  health::HealthCheckResponse response;
  EXPECT_TRUE(stub->Check(Tokenless().get(), WithUnknown(100), &response).ok());
  EXPECT_EQ(stub->Check(Tokenless().get(), WithUnknown(1000), &response).error_code(),
            grpc::StatusCode::INVALID_ARGUMENT);
  const auto context = Tokenless();
  const auto watch = stub->Watch(context.get(), WithUnknown(1000));
  EXPECT_FALSE(watch->Read(&response));
  EXPECT_EQ(watch->Finish().error_code(), grpc::StatusCode::INVALID_ARGUMENT);
}

}  // namespace
}  // namespace redress::rpc
