#include <cstdlib>
#include <thread>

#include "absl/synchronization/notification.h"
#include "absl/time/clock.h"
#include "grpc/health/v1/health.grpc.pb.h"
#include "gtest/gtest.h"
#include "services/platform/rpc/client_stream.h"
#include "services/platform/rpc/status_conversion.h"
#include "services/platform/rpc/testing/echo_fixture.h"
#include "services/platform/status/refusal.h"

namespace redress::rpc {
namespace {

using testing::EchoFixture;
namespace v1 = ::redress::rpctest::v1;

// A call of Wait that is under way.
class Waiting {
 public:
  explicit Waiting(EchoFixture& fixture) : stub_(fixture.NewStub()) {
    thread_ = std::thread([this] {
      v1::EchoResponse response;
      const auto context = EchoFixture::NewContext();
      status_ = FromGrpcStatus(stub_->Wait(context.get(), v1::EchoRequest(), &response));
    });
    EchoFixture::Eventually([&fixture] { return fixture.handlers_alive() > 0; });
  }
  absl::Status Join() {
    thread_.join();
    return status_;
  }

 private:
  std::unique_ptr<v1::EchoService::Stub> stub_;
  absl::Status status_;
  std::thread thread_;
};

ServerOptions Impatient() {
  ServerOptions options = EchoFixture::OnLoopback();
  options.patience_after_cancel = absl::Milliseconds(50);
  return options;
}

TEST(ShutdownTest, AServerThatWasNeverStartedShutsDown) {
  EchoFixture fixture;
  EXPECT_EQ(fixture.server().Shutdown(absl::Seconds(1)), 0);
}

TEST(ShutdownTest, AnIdleServerShutsDownAtOnceAndOnlyOnce) {
  EchoFixture fixture;
  ASSERT_TRUE(fixture.Start().ok());
  EXPECT_EQ(fixture.server().Shutdown(absl::Hours(1)), 0);
  EXPECT_EQ(fixture.server().Shutdown(absl::Hours(1)), 0);
}

TEST(ShutdownTest, ACallThatIsUnderWayMayFinishWithinTheGrace) {
  EchoFixture fixture;
  ASSERT_TRUE(fixture.Start().ok());
  Waiting waiting(fixture);
  // Signals until the call has ended, since one signal may come before the handler listens for it.
  std::thread signalling([&fixture] {
    EchoFixture::Eventually([&fixture] {
      fixture.Signal();
      return fixture.handlers_alive() == 0;
    });
  });
  EXPECT_EQ(fixture.server().Shutdown(absl::Seconds(20)), 0);
  signalling.join();
  EXPECT_TRUE(waiting.Join().ok());
}

TEST(ShutdownTest, WhoeverWatchesIsToldFirstAndCallsStillFinish) {
  EchoFixture fixture;
  ASSERT_TRUE(fixture.Start().ok());
  Waiting waiting(fixture);
  grpc::ClientContext context;
  const auto watch = grpc::health::v1::Health::NewStub(fixture.NewChannel())->Watch(&context, {});
  grpc::health::v1::HealthCheckResponse health;
  ASSERT_TRUE(watch->Read(&health));
  EXPECT_EQ(health.status(), grpc::health::v1::HealthCheckResponse::SERVING);
  std::thread stopping([&fixture] { fixture.server().Shutdown(absl::Seconds(20)); });
  EXPECT_TRUE(watch->Read(&health));
  EXPECT_EQ(health.status(), grpc::health::v1::HealthCheckResponse::NOT_SERVING);
  EXPECT_EQ(fixture.handlers_alive(), 1);
  EXPECT_TRUE(EchoFixture::Eventually([&fixture] {
    fixture.Signal();
    return fixture.handlers_alive() == 0;
  }));
  stopping.join();
  EXPECT_TRUE(waiting.Join().ok());
}

TEST(ShutdownTest, AfterTheGraceACallIsCancelledAndItsHandlerEnds) {
  EchoFixture fixture;
  ASSERT_TRUE(fixture.Start().ok());
  Waiting waiting(fixture);
  EXPECT_EQ(fixture.observer().in_flight(), 1);
  EXPECT_EQ(fixture.server().Shutdown(absl::Milliseconds(50)), 0);
  EXPECT_EQ(fixture.observer().in_flight(), 0);
  EXPECT_EQ(fixture.handlers_alive(), 0);
  EXPECT_FALSE(waiting.Join().ok());
}

TEST(ShutdownTest, AHandlerThatDoesNotHearIsLetGoAndMayEndLater) {
  EchoFixture fixture(Impatient());
  fixture.IgnoreCancellation();
  ASSERT_TRUE(fixture.Start().ok());
  Waiting waiting(fixture);
  EXPECT_EQ(fixture.observer().in_flight(), 1);
  EXPECT_EQ(fixture.server().Shutdown(absl::Milliseconds(50)), 1);
  EXPECT_FALSE(waiting.Join().ok());
  EXPECT_EQ(fixture.handlers_alive(), 1);
  EXPECT_EQ(fixture.observer().in_flight(), 0);
  fixture.Signal();
  EXPECT_TRUE(EchoFixture::Eventually([&fixture] { return fixture.handlers_alive() == 0; }));
}

TEST(ShutdownTest, AHandlerThatWasLetGoMayEndWhenItsServerIsGone) {
  EchoFixture fixture(Impatient());
  fixture.IgnoreCancellation();
  ASSERT_TRUE(fixture.Start().ok());
  Waiting waiting(fixture);
  fixture.DestroyServer();
  EXPECT_FALSE(waiting.Join().ok());
  fixture.Signal();
  EXPECT_TRUE(EchoFixture::Eventually([&fixture] { return fixture.handlers_alive() == 0; }));
}

TEST(ShutdownTest, AStreamIsToldToEndAtOnceAndItsReaderToComeBack) {
  EchoFixture fixture;
  ASSERT_TRUE(fixture.Start().ok());
  const auto stub = fixture.NewStub();
  const auto context = EchoFixture::NewContext();
  const auto stream = stub->Follow(context.get(), v1::EchoRequest());
  ASSERT_TRUE(EchoFixture::Eventually([&fixture] { return fixture.handlers_alive() == 1; }));
  EXPECT_EQ(fixture.server().Shutdown(absl::Hours(1)), 0);
  v1::EchoResponse response;
  EXPECT_FALSE(stream->Read(&response));
  const absl::Status status = FromGrpcStatus(stream->Finish());
  EXPECT_EQ(status.code(), absl::StatusCode::kUnavailable);
  EXPECT_EQ(GetRefusal(status)->reason, "SHUTTING_DOWN");
}

TEST(ShutdownTest, NothingIsAnsweredAfterwards) {
  EchoFixture fixture;
  ASSERT_TRUE(fixture.Start().ok());
  const auto stub = fixture.NewStub();
  fixture.server().Shutdown(absl::ZeroDuration());
  v1::EchoResponse response;
  const auto context = EchoFixture::NewContext();
  EXPECT_EQ(stub->Echo(context.get(), v1::EchoRequest(), &response).error_code(),
            grpc::StatusCode::UNAVAILABLE);
}

TEST(ShutdownTest, CallsThatArriveMeanwhileAreAnsweredOrRefusedButNeverLeftWaiting) {
  EchoFixture fixture;
  ASSERT_TRUE(fixture.Start().ok());
  std::atomic<bool> stop = false;
  std::atomic<int> answered = 0;
  std::vector<std::thread> threads;
  for (int t = 0; t < 4; ++t) {
    threads.emplace_back([&] {
      const auto stub = fixture.NewStub();
      while (!stop) {
        v1::EchoResponse response;
        const auto context = EchoFixture::NewContext();
        const grpc::Status status = stub->Echo(context.get(), v1::EchoRequest(), &response);
        if (status.ok()) ++answered;
        EXPECT_NE(status.error_code(), grpc::StatusCode::DEADLINE_EXCEEDED);
      }
    });
  }
  EXPECT_TRUE(EchoFixture::Eventually([&] { return answered > 100; }));
  EXPECT_EQ(fixture.server().Shutdown(absl::Seconds(20)), 0);
  stop = true;
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(fixture.handlers_alive(), 0);
}

// Opens a stream, reads once, and then waits for what never comes, holding the stream.
async::Task<void> HoldAStream(EventLoop* loop, v1::EchoService::Stub* stub, async::Signal* never,
                              absl::Notification* holding) {
  using Stub = v1::EchoService::Stub;
  v1::EchoRequest request;
  request.set_number(1'000'000'000);
  CallOptions options;
  options.deadline = absl::Now() + absl::Hours(1);
  options.token = "desk";
  auto stream = co_await OpenServerStream(*loop, *stub, &Stub::PrepareAsyncCount,
                                          std::move(request), std::move(options));
  EXPECT_TRUE(stream.ok()) << stream.status();
  const std::optional<v1::EchoResponse> first = co_await (*stream)->Read();
  EXPECT_TRUE(first.has_value());
  holding->Notify();
  co_await never->WaitPast(*loop, never->count());
}

TEST(ShutdownTest, ALoopStopsThoughACoroutineHoldsAStreamAndWaitsForSomethingElse) {
  EchoFixture fixture;
  ASSERT_TRUE(fixture.Start().ok());
  const auto stub = fixture.NewStub();
  // Outlives the coroutine, which stays where it waits.
  static async::Signal& never = *new async::Signal();
  absl::Notification holding;
  absl::Notification stopped;
  EventLoop loop;
  async::Spawn(loop, HoldAStream(&loop, stub.get(), &never, &holding));
  holding.WaitForNotification();
  std::thread stopping([&loop, &stopped] {
    loop.Stop();
    stopped.Notify();
  });
  if (!stopped.WaitForNotificationWithTimeout(absl::Seconds(20))) {
    ADD_FAILURE() << "the loop does not stop";
    std::_Exit(EXIT_FAILURE);  // There is no way to take its thread back.
  }
  stopping.join();
  // The server sees the cancelled call end.
  EXPECT_TRUE(EchoFixture::Eventually([&fixture] { return fixture.handlers_alive() == 0; }));
}

}  // namespace
}  // namespace redress::rpc
