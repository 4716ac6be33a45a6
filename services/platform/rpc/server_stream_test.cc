#include <thread>
#include <vector>

#include "absl/synchronization/notification.h"
#include "absl/time/clock.h"
#include "gmock/gmock.h"
#include "grpc/health/v1/health.grpc.pb.h"
#include "gtest/gtest.h"
#include "services/platform/async/completion.h"
#include "services/platform/rpc/client_stream.h"
#include "services/platform/rpc/testing/echo_fixture.h"
#include "services/platform/status/refusal.h"

namespace redress::rpc {
namespace {

using testing::EchoFixture;
namespace health = ::grpc::health::v1;
namespace v1 = ::redress::rpctest::v1;
using Stub = v1::EchoService::Stub;
using ::testing::ElementsAre;

CallOptions Options() {
  return {.deadline = absl::Now() + absl::Seconds(20), .token = "desk", .idempotent = true};
}

// Runs a coroutine on the loop from the test's thread.
template <class T>
class OnLoop {
 public:
  static T Run(EventLoop& loop, async::Task<T> task) {
    absl::Notification done;
    std::optional<T> result;
    async::Spawn(loop, Store(std::move(task), result, done));
    done.WaitForNotification();
    return std::move(*result);
  }

 private:
  static async::Task<void> Store(async::Task<T> task, std::optional<T>& result,
                                 absl::Notification& done) {
    result.emplace(co_await task);
    done.Notify();
  }
};

class ClientTest : public ::testing::Test {
 protected:
  void SetUp() override {
    ASSERT_TRUE(fixture_.Start().ok());
    stub_ = fixture_.NewStub();
  }
  template <class T>
  T Run(async::Task<T> task) {
    return OnLoop<T>::Run(fixture_.loop(), std::move(task));
  }
  absl::StatusOr<v1::EchoResponse> Echo(const std::string& text, CallOptions options) {
    v1::EchoRequest request;
    request.set_text(text);
    return Run(
        CallUnary(fixture_.loop(), *stub_, &Stub::PrepareAsyncEcho, request, std::move(options)));
  }

  EchoFixture fixture_;
  std::unique_ptr<Stub> stub_;
};

TEST_F(ClientTest, AUnaryCallFromTheLoopIsAnsweredByTheSameLoop) {
  const auto answer = Echo("hello", Options());
  ASSERT_TRUE(answer.ok()) << answer.status();
  EXPECT_EQ(answer->text(), "hello");
}

TEST_F(ClientTest, TheServersRefusalComesBackWhole) {
  EXPECT_EQ(GetRefusal(Echo("fail:etag", Options()).status()),
            (Refusal{"ETAG_STALE", {{"etag", "41"}}}));
}

TEST_F(ClientTest, AnIdempotentCallIsRepeatedAsLongAsTheServerSays) {
  EXPECT_EQ(Echo("fail:later", Options()).status().code(), absl::StatusCode::kResourceExhausted);
  EXPECT_TRUE(EchoFixture::Eventually(
      [&] { return fixture_.observer().count(absl::StatusCode::kResourceExhausted) == 5; }));
}

TEST_F(ClientTest, ACallThatIsNotIdempotentIsMadeOnce) {
  CallOptions options = Options();
  options.idempotent = false;
  EXPECT_EQ(Echo("fail:later", options).status().code(), absl::StatusCode::kResourceExhausted);
  EXPECT_EQ(Echo("after", options)->text(), "after");
  EXPECT_EQ(fixture_.observer().count(absl::StatusCode::kResourceExhausted), 1);
}

TEST_F(ClientTest, ACallWithoutDeadlineIsNotMade) {
  CallOptions options = Options();
  options.deadline = absl::InfiniteFuture();
  EXPECT_EQ(Echo("hello", options).status().code(), absl::StatusCode::kInvalidArgument);
}

TEST_F(ClientTest, CancellingEndsTheCall) {
  async::CancellationSource source;
  CallOptions options = Options();
  options.cancellation = source.token();
  std::thread cancelling([&] {
    EchoFixture::Eventually([&] { return fixture_.handlers_alive() == 1; });
    fixture_.loop().Post([&source] { source.Cancel(); });
  });
  const auto answer =
      Run(CallUnary(fixture_.loop(), *stub_, &Stub::PrepareAsyncWait, v1::EchoRequest(), options));
  cancelling.join();
  EXPECT_EQ(answer.status().code(), absl::StatusCode::kCancelled);
  EXPECT_TRUE(EchoFixture::Eventually([&] { return fixture_.handlers_alive() == 0; }));
}

async::Task<absl::StatusOr<std::vector<int64_t>>> CountTo(EventLoop& loop, Stub& stub,
                                                          int64_t number) {
  v1::EchoRequest request;
  request.set_number(number);
  CallOptions options = Options();
  auto stream = co_await OpenServerStream(loop, stub, &Stub::PrepareAsyncCount, std::move(request),
                                          std::move(options));
  if (!stream.ok()) co_return stream.status();
  std::vector<int64_t> numbers;
  while (true) {
    std::optional<v1::EchoResponse> response = co_await (*stream)->Read();
    if (!response.has_value()) break;
    numbers.push_back(response->number());
  }
  absl::Status status = co_await (*stream)->Finish();
  if (!status.ok()) co_return status;
  co_return numbers;
}

TEST_F(ClientTest, AServerStreamArrivesInOrderAndEnds) {
  const auto numbers = Run(CountTo(fixture_.loop(), *stub_, 4));
  ASSERT_TRUE(numbers.ok()) << numbers.status();
  EXPECT_THAT(*numbers, ElementsAre(0, 1, 2, 3));
  EXPECT_EQ(Run(CountTo(fixture_.loop(), *stub_, 5000))->size(), 5000u);
}

async::Task<absl::Status> ReadOneAndLeave(EventLoop& loop, Stub& stub) {
  v1::EchoRequest request;
  request.set_number(1'000'000'000);
  CallOptions options = Options();
  auto stream = co_await OpenServerStream(loop, stub, &Stub::PrepareAsyncCount, std::move(request),
                                          std::move(options));
  if (!stream.ok()) co_return stream.status();
  std::optional<v1::EchoResponse> response = co_await (*stream)->Read();
  co_return response.has_value() ? absl::OkStatus() : absl::UnknownError("nothing came");
}

TEST_F(ClientTest, LeavingAStreamEndsItsHandler) {
  EXPECT_TRUE(Run(ReadOneAndLeave(fixture_.loop(), *stub_)).ok());
  EXPECT_TRUE(EchoFixture::Eventually([&] { return fixture_.handlers_alive() == 0; }));
}

async::Task<absl::StatusOr<v1::EchoResponse>> SumUp(EventLoop& loop, Stub& stub, int count,
                                                    std::string last_text) {
  CallOptions options = Options();
  auto stream = co_await OpenClientStream(loop, stub, &Stub::PrepareAsyncSum, std::move(options));
  if (!stream.ok()) co_return stream.status();
  for (int i = 1; i <= count; ++i) {
    v1::EchoRequest request;
    request.set_number(i);
    if (i == count) request.set_text(last_text);
    co_await (*stream)->Write(std::move(request));
  }
  absl::StatusOr<v1::EchoResponse> sum = co_await (*stream)->Finish();
  co_return sum;
}

TEST_F(ClientTest, AClientStreamIsReadToItsEndAndAnswered) {
  EXPECT_EQ(Run(SumUp(fixture_.loop(), *stub_, 100, ""))->number(), 5050);
}

TEST_F(ClientTest, AHandlerMayAnswerBeforeTheStreamHasEnded) {
  EXPECT_EQ(Run(SumUp(fixture_.loop(), *stub_, 10, "enough"))->number(), 55);
}

async::Task<absl::StatusOr<std::vector<std::string>>> Talk(EventLoop& loop, Stub& stub) {
  CallOptions options = Options();
  auto stream = co_await OpenBidi(loop, stub, &Stub::PrepareAsyncChat, std::move(options));
  if (!stream.ok()) co_return stream.status();
  std::vector<std::string> heard;
  for (const char* word : {"one", "two", "three"}) {
    v1::EchoRequest request;
    request.set_text(word);
    co_await (*stream)->Write(std::move(request));
    std::optional<v1::EchoResponse> response = co_await (*stream)->Read();
    if (response.has_value()) heard.push_back(response->text());
  }
  co_await (*stream)->WritesDone();
  std::optional<v1::EchoResponse> end = co_await (*stream)->Read();
  if (end.has_value()) co_return absl::UnknownError("more came");
  absl::Status status = co_await (*stream)->Finish();
  if (!status.ok()) co_return status;
  co_return heard;
}

TEST_F(ClientTest, BothSidesTalkOnABidirectionalStream) {
  const auto heard = Run(Talk(fixture_.loop(), *stub_));
  ASSERT_TRUE(heard.ok()) << heard.status();
  EXPECT_THAT(*heard, ElementsAre("one", "two", "three"));
  EXPECT_EQ(fixture_.handlers_alive(), 0);
}

TEST(OpenChannelTest, ARemoteTargetNeedsTls) {
  EXPECT_EQ(OpenChannel({.target = "my.example:443"}).status().code(),
            absl::StatusCode::kInvalidArgument);
  EXPECT_TRUE(OpenChannel({.target = "unix:/run/none.sock"}).ok());
}

TEST(ClientStopTest, StoppingTheLoopEndsACallThatIsGoingOut) {
  EchoFixture fixture;
  ASSERT_TRUE(fixture.Start().ok());
  const auto stub = fixture.NewStub();
  EventLoop loop;
  std::optional<absl::Status> status;
  const auto call = [](EventLoop& loop, Stub& stub,
                       std::optional<absl::Status>& status) -> async::Task<void> {
    CallOptions options = Options();
    auto answer = co_await CallUnary(loop, stub, &Stub::PrepareAsyncWait, v1::EchoRequest(),
                                     std::move(options));
    status = answer.status();
  };
  async::Spawn(loop, call(loop, *stub, status));
  EXPECT_TRUE(EchoFixture::Eventually([&] { return fixture.handlers_alive() == 1; }));
  loop.Stop();
  ASSERT_TRUE(status.has_value());
  EXPECT_EQ(status->code(), absl::StatusCode::kCancelled);
}

TEST(ServerStreamTest, AHandlerMayEndWhileAReadOfItIsUnderWay) {
  EchoFixture fixture;
  ASSERT_TRUE(fixture.Start().ok());
  constexpr int kCalls = 50;
  for (int i = 0; i < kCalls; ++i) {
    const auto stub = fixture.NewStub();
    const auto context = EchoFixture::NewContext();
    const auto stream = stub->Chat(context.get());
    v1::EchoRequest request;
    request.set_text("leave");
    ASSERT_TRUE(stream->Write(request));
    EXPECT_TRUE(stream->Finish().ok());
  }
  // Each is over for the server too, which could not shut down otherwise.
  EXPECT_TRUE(EchoFixture::Eventually(
      [&fixture] { return fixture.observer().count(absl::StatusCode::kOk) == kCalls; }));
}

TEST(HealthTest, AProbeNeedsNeitherTokenNorDeadline) {
  EchoFixture fixture;
  ASSERT_TRUE(fixture.Start().ok());
  const auto stub = health::Health::NewStub(fixture.NewChannel());
  health::HealthCheckRequest request;
  health::HealthCheckResponse response;
  {
    grpc::ClientContext context;
    EXPECT_TRUE(stub->Check(&context, request, &response).ok());
    EXPECT_EQ(response.status(), health::HealthCheckResponse::SERVING);
  }
  fixture.server().SetServing("redress.rpctest.v1.EchoService", false);
  request.set_service("redress.rpctest.v1.EchoService");
  {
    grpc::ClientContext context;
    EXPECT_TRUE(stub->Check(&context, request, &response).ok());
    EXPECT_EQ(response.status(), health::HealthCheckResponse::NOT_SERVING);
  }
  request.set_service("unknown");
  grpc::ClientContext context;
  EXPECT_EQ(stub->Check(&context, request, &response).error_code(), grpc::StatusCode::NOT_FOUND);
}

TEST(HealthTest, WatchersNeitherTakeThePlaceOfCallsNorAreThereManyOfThem) {
  ServerOptions options = EchoFixture::OnLoopback();
  options.max_calls_in_flight = 2;
  EchoFixture fixture(std::move(options));
  ASSERT_TRUE(fixture.Start().ok());
  const auto stub = health::Health::NewStub(fixture.NewChannel());
  constexpr int kWatchers = 300;
  std::vector<std::unique_ptr<grpc::ClientContext>> contexts;
  std::vector<std::unique_ptr<grpc::ClientReader<health::HealthCheckResponse>>> watchers;
  int served = 0;
  for (int i = 0; i < kWatchers; ++i) {
    contexts.push_back(std::make_unique<grpc::ClientContext>());
    watchers.push_back(stub->Watch(contexts.back().get(), health::HealthCheckRequest()));
    health::HealthCheckResponse response;
    if (watchers.back()->Read(&response)) ++served;
  }
  EXPECT_GE(served, 16);
  EXPECT_LT(served, kWatchers);

  v1::EchoResponse response;
  const auto context = EchoFixture::NewContext();
  const grpc::Status status = fixture.NewStub()->Echo(context.get(), v1::EchoRequest(), &response);
  EXPECT_TRUE(status.ok()) << status.error_message();
  for (const auto& watched : contexts) watched->TryCancel();
}

TEST(HealthTest, AServiceNameWithoutMeasureIsNotKept) {
  EchoFixture fixture;
  ASSERT_TRUE(fixture.Start().ok());
  grpc::ClientContext context;
  health::HealthCheckRequest request;
  request.set_service(std::string(100'000, 'x'));
  const auto watcher = health::Health::NewStub(fixture.NewChannel())->Watch(&context, request);
  health::HealthCheckResponse response;
  EXPECT_FALSE(watcher->Read(&response));
  EXPECT_EQ(watcher->Finish().error_code(), grpc::StatusCode::INVALID_ARGUMENT);
}

TEST(HealthTest, AWatcherIsToldOfEveryChange) {
  EchoFixture fixture;
  ASSERT_TRUE(fixture.Start().ok());
  const auto stub = health::Health::NewStub(fixture.NewChannel());
  grpc::ClientContext context;
  const auto stream = stub->Watch(&context, health::HealthCheckRequest());
  health::HealthCheckResponse response;
  ASSERT_TRUE(stream->Read(&response));
  EXPECT_EQ(response.status(), health::HealthCheckResponse::SERVING);
  fixture.server().SetServing("", false);
  ASSERT_TRUE(stream->Read(&response));
  EXPECT_EQ(response.status(), health::HealthCheckResponse::NOT_SERVING);
  context.TryCancel();
  stream->Finish();
}

TEST(HealthTest, AProcessThatHasStoppedServingDoesNotBeginAgain) {
  EchoFixture fixture;
  ASSERT_TRUE(fixture.Start().ok());
  fixture.server().StopServing();
  fixture.server().SetServing("", true);
  fixture.server().SetServing("redress.rpctest.v1.EchoService", true);
  const auto stub = health::Health::NewStub(fixture.NewChannel());
  for (const char* name : {"", "redress.rpctest.v1.EchoService"}) {
    health::HealthCheckRequest request;
    request.set_service(name);
    health::HealthCheckResponse response;
    grpc::ClientContext context;
    ASSERT_TRUE(stub->Check(&context, request, &response).ok());
    EXPECT_EQ(response.status(), health::HealthCheckResponse::NOT_SERVING) << name;
  }
  // It serves all the same.
  v1::EchoResponse response;
  const auto context = EchoFixture::NewContext();
  EXPECT_TRUE(fixture.NewStub()->Echo(context.get(), v1::EchoRequest(), &response).ok());
}

}  // namespace
}  // namespace redress::rpc
