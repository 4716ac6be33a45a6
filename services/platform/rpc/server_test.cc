#include "services/platform/rpc/server.h"

#include <thread>
#include <vector>

#include "absl/time/clock.h"
#include "gmock/gmock.h"
#include "grpcpp/create_channel.h"
#include "grpcpp/security/credentials.h"
#include "gtest/gtest.h"
#include "services/platform/rpc/retry_delay.h"
#include "services/platform/rpc/status_conversion.h"
#include "services/platform/rpc/testing/echo_fixture.h"
#include "services/platform/rpc/testing/every_method_needs_a_token.h"
#include "services/platform/status/field_violations.h"
#include "services/platform/status/refusal.h"

namespace redress::rpc {
namespace {

using testing::EchoFixture;
namespace v1 = ::redress::rpctest::v1;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;
using ::testing::StartsWith;

struct Answer {
  absl::Status status;
  v1::EchoResponse response;
};

Answer Echo(v1::EchoService::Stub& stub, const std::string& text, grpc::ClientContext& context) {
  v1::EchoRequest request;
  request.set_text(text);
  Answer answer;
  answer.status = FromGrpcStatus(stub.Echo(&context, request, &answer.response));
  return answer;
}

Answer Echo(EchoFixture& fixture, const std::string& text, std::string_view role = "desk") {
  return Echo(*fixture.NewStub(), text, *EchoFixture::NewContext(role));
}

std::string Reason(const absl::Status& status) {
  const auto refusal = GetRefusal(status);
  return refusal.has_value() ? refusal->reason : "";
}

TEST(ServerTest, AUnaryCallIsAnswered) {
  EchoFixture fixture;
  ASSERT_TRUE(fixture.Start().ok());
  const Answer answer = Echo(fixture, "hello");
  EXPECT_TRUE(answer.status.ok()) << answer.status;
  EXPECT_EQ(answer.response.text(), "hello");
}

TEST(ServerTest, ItReportsThePortItWasGiven) {
  EchoFixture fixture;
  ASSERT_TRUE(fixture.Start().ok());
  EXPECT_THAT(fixture.server().addresses(), ElementsAre(StartsWith("127.0.0.1:")));
  EXPECT_NE(fixture.server().addresses()[0], "127.0.0.1:0");
}

TEST(ServerTest, AUnixSocketServesToo) {
  ServerOptions options;
  const std::string path = ::testing::TempDir() + "rpc_" + std::to_string(getpid()) + ".sock";
  options.listeners.push_back({.address = "unix:" + path});
  EchoFixture fixture(options);
  ASSERT_TRUE(fixture.Start().ok());
  EXPECT_EQ(Echo(fixture, "hello").response.text(), "hello");
}

TEST(ServerTest, WithoutTlsItDoesNotListenBeyondThisMachine) {
  for (const char* address : {"0.0.0.0:0", "[::]:0", "192.0.2.1:7000", "intake.example:7000"}) {
    ServerOptions options;
    options.listeners.push_back({.address = address});
    EchoFixture fixture(options);
    EXPECT_EQ(fixture.Start().code(), absl::StatusCode::kInvalidArgument) << address;
  }
}

TEST(ServerTest, AnAddressThatIsTakenIsSaid) {
  EchoFixture first;
  ASSERT_TRUE(first.Start().ok());
  ServerOptions options;
  options.listeners.push_back({.address = first.server().addresses()[0]});
  EchoFixture second(options);
  EXPECT_EQ(second.Start().code(), absl::StatusCode::kUnavailable);
}

TEST(ServerTest, ACallWithoutDeadlineIsRefused) {
  EchoFixture fixture;
  ASSERT_TRUE(fixture.Start().ok());
  grpc::ClientContext context;
  context.AddMetadata("authorization", "Bearer desk");
  const Answer answer = Echo(*fixture.NewStub(), "hello", context);
  EXPECT_EQ(answer.status.code(), absl::StatusCode::kInvalidArgument);
  EXPECT_EQ(Reason(answer.status), "DEADLINE_MISSING");
}

TEST(ServerTest, ADeadlineThatIsAsGoodAsNoneIsRefused) {
  EchoFixture fixture;
  ASSERT_TRUE(fixture.Start().ok());
  grpc::ClientContext context;
  context.AddMetadata("authorization", "Bearer desk");
  context.set_deadline(absl::ToChronoTime(absl::Now() + absl::Hours(2)));
  EXPECT_EQ(Reason(Echo(*fixture.NewStub(), "hello", context).status), "DEADLINE_MISSING");
}

TEST(ServerTest, ACallWithoutTokenIsRefused) {
  EchoFixture fixture;
  ASSERT_TRUE(fixture.Start().ok());
  grpc::ClientContext context;
  context.set_deadline(absl::ToChronoTime(absl::Now() + absl::Seconds(20)));
  const Answer answer = Echo(*fixture.NewStub(), "hello", context);
  EXPECT_EQ(answer.status.code(), absl::StatusCode::kUnauthenticated);
  EXPECT_EQ(Reason(answer.status), "TOKEN_MISSING");
}

TEST(ServerTest, ATokenThatIsNotGoodIsRefused) {
  EchoFixture fixture;
  ASSERT_TRUE(fixture.Start().ok());
  EXPECT_EQ(Reason(Echo(fixture, "hello", "nobody").status), "TOKEN_INVALID");
}

TEST(ServerTest, TwoTokensInOneCallAreRefused) {
  EchoFixture fixture;
  ASSERT_TRUE(fixture.Start().ok());
  auto context = EchoFixture::NewContext();
  context->AddMetadata("authorization", "Bearer admin");
  EXPECT_EQ(Reason(Echo(*fixture.NewStub(), "hello", *context).status), "TOKEN_INVALID");
}

TEST(ServerTest, ARoleThatTheMethodDoesNotAcceptIsRefused) {
  EchoFixture fixture;
  ASSERT_TRUE(fixture.Start().ok());
  const Answer answer = Echo(fixture, "hello", "statistics");
  EXPECT_EQ(answer.status.code(), absl::StatusCode::kPermissionDenied);
  EXPECT_EQ(Reason(answer.status), "ROLE_NOT_ALLOWED");
  EXPECT_EQ(fixture.handlers_alive(), 0);
}

TEST(ServerTest, CallsOfOneConnectionHaveEachTheirOwnCaller) {
  EchoFixture fixture;
  ASSERT_TRUE(fixture.Start().ok());
  const auto stub = fixture.NewStub();
  EXPECT_EQ(Echo(*stub, "who", *EchoFixture::NewContext("desk")).response.text(), "desk");
  EXPECT_EQ(Echo(*stub, "who", *EchoFixture::NewContext("service")).response.text(), "service");
  EXPECT_FALSE(Echo(*stub, "who", *EchoFixture::NewContext("nobody")).status.ok());
}

TEST(ServerTest, NoMethodOfAnyKindAnswersWithoutTokenOrDeadline) {
  EchoFixture fixture;
  ASSERT_TRUE(fixture.Start().ok());
  int called = 0;
  EXPECT_THAT(testing::MethodsOpenWithoutToken(fixture.NewChannel(),
                                               "redress.rpctest.v1.EchoService", called),
              IsEmpty());
  EXPECT_EQ(called, 6);
  EXPECT_THAT(testing::MethodsOpenWithoutDeadline(fixture.NewChannel(),
                                                  "redress.rpctest.v1.EchoService", "desk", called),
              IsEmpty());
  EXPECT_EQ(called, 6);
}

TEST(ServerTest, TheHelperSeesAMethodThatIsOpen) {
  EchoFixture fixture;
  ASSERT_TRUE(fixture.Start().ok());
  int called = 0;
  const auto open = testing::MethodsOpenWithoutDeadline(
      fixture.NewChannel(), "redress.rpctest.v1.EchoService", "nobody", called);
  EXPECT_EQ(open.size(), 0u);  // The deadline is looked at first.
  EXPECT_THAT(
      testing::MethodsOpenWithoutToken(fixture.NewChannel(), "grpc.health.v1.Health", called),
      Not(IsEmpty()));
}

TEST(ServerTest, TheHandlerKnowsTheDeadlineAndTheMetadata) {
  EchoFixture fixture;
  ASSERT_TRUE(fixture.Start().ok());
  const int64_t seconds = Echo(fixture, "deadline").response.number();
  EXPECT_GT(seconds, 0);
  EXPECT_LE(seconds, 20);
  auto context = EchoFixture::NewContext();
  context->AddMetadata("x-test", "seen");
  EXPECT_EQ(Echo(*fixture.NewStub(), "metadata", *context).response.text(), "seen");
}

TEST(ServerTest, ARefusalArrivesWithItsReasonAndMetadata) {
  EchoFixture fixture;
  ASSERT_TRUE(fixture.Start().ok());
  const Answer answer = Echo(fixture, "fail:etag");
  EXPECT_EQ(answer.status.code(), absl::StatusCode::kAborted);
  EXPECT_EQ(GetRefusal(answer.status), (Refusal{"ETAG_STALE", {{"etag", "41"}}}));
}

TEST(ServerTest, FieldViolationsArrive) {
  EchoFixture fixture;
  ASSERT_TRUE(fixture.Start().ok());
  EXPECT_THAT(GetFieldViolations(Echo(fixture, "fail:fields").status),
              ElementsAre(FieldViolation{"complaint.sector", "accepted: FISHING"}));
}

TEST(ServerTest, AnInternalErrorTellsTheCallerOnlyWhereToLook) {
  EchoFixture fixture;
  ASSERT_TRUE(fixture.Start().ok());
  const Answer answer = Echo(fixture, "fail:internal");
  EXPECT_EQ(answer.status.code(), absl::StatusCode::kInternal);
  const std::string message(answer.status.message());
  EXPECT_THAT(message, Not(HasSubstr("secret")));
  EXPECT_THAT(message, HasSubstr(fixture.observer().last_incident()));
  EXPECT_THAT(fixture.observer().last_error(), HasSubstr("secret"));
}

TEST(ServerTest, ACompressedMessageIsNotInflated) {
  EchoFixture fixture;
  ASSERT_TRUE(fixture.Start().ok());
  auto context = EchoFixture::NewContext();
  context->set_compression_algorithm(GRPC_COMPRESS_GZIP);
  const Answer answer = Echo(*fixture.NewStub(), std::string(1 << 20, 'a'), *context);
  EXPECT_EQ(answer.status.code(), absl::StatusCode::kUnimplemented) << answer.status;
}

TEST(ServerTest, AMessageThatIsTooLargeIsRefused) {
  ServerOptions options = EchoFixture::OnLoopback();
  options.max_receive_message_bytes = 1000;
  EchoFixture fixture(options);
  ASSERT_TRUE(fixture.Start().ok());
  EXPECT_EQ(Echo(fixture, std::string(2000, 'a')).status.code(),
            absl::StatusCode::kResourceExhausted);
}

TEST(ServerTest, TooManyCallsAtOnceAreRefusedAndToldWhenToComeBack) {
  ServerOptions options = EchoFixture::OnLoopback();
  options.max_calls_in_flight = 1;
  EchoFixture fixture(options);
  ASSERT_TRUE(fixture.Start().ok());
  std::thread waiting([&fixture] {
    v1::EchoResponse response;
    fixture.NewStub()->Wait(EchoFixture::NewContext().get(), v1::EchoRequest(), &response);
  });
  EXPECT_TRUE(EchoFixture::Eventually([&] { return fixture.handlers_alive() == 1; }));
  EXPECT_EQ(Reason(Echo(fixture, "hello").status), "OVERLOADED");
  fixture.Signal();
  waiting.join();
  EXPECT_TRUE(fixture.EventuallyIdle());
  EXPECT_TRUE(Echo(fixture, "hello").status.ok());
}

TEST(ServerTest, ACallThatWouldNotBeDoneInTimeIsToldWhenToComeBackAndStreamsGoOn) {
  ServerOptions options = EchoFixture::OnLoopback();
  options.least_unary_calls = 1;
  EchoFixture fixture(options);
  ASSERT_TRUE(fixture.Start().ok());
  std::thread waiting([&fixture] {
    v1::EchoResponse response;
    fixture.NewStub()->Wait(EchoFixture::NewContext().get(), v1::EchoRequest(), &response);
  });
  EXPECT_TRUE(EchoFixture::Eventually([&] { return fixture.handlers_alive() == 1; }));
  for (int i = 0; i < 3; ++i) {
    const absl::Status refused = Echo(fixture, "hello").status;
    EXPECT_EQ(Reason(refused), "OVERLOADED");
    EXPECT_GE(GetRetryDelay(refused).value_or(absl::ZeroDuration()), absl::Milliseconds(100));
  }
  const auto context = EchoFixture::NewContext();
  v1::EchoRequest count;
  count.set_number(2);
  const auto stub = fixture.NewStub();
  const auto stream = stub->Count(context.get(), count);
  v1::EchoResponse message;
  EXPECT_TRUE(stream->Read(&message));
  EXPECT_TRUE(stream->Read(&message));
  EXPECT_TRUE(stream->Finish().ok());
  fixture.Signal();
  waiting.join();
  EXPECT_TRUE(fixture.EventuallyIdle());
  // Those that were turned away or refused at the door take nobody's place.
  EXPECT_EQ(Echo(fixture, "hello", "nobody").status.code(), absl::StatusCode::kUnauthenticated);
  EXPECT_TRUE(fixture.EventuallyIdle());
  EXPECT_TRUE(Echo(fixture, "hello").status.ok());
}

TEST(ServerTest, AHandlerHearsThatItsCallerWentAway) {
  EchoFixture fixture;
  ASSERT_TRUE(fixture.Start().ok());
  auto context = EchoFixture::NewContext();
  std::thread waiting([&] {
    v1::EchoResponse response;
    fixture.NewStub()->Wait(context.get(), v1::EchoRequest(), &response);
  });
  EXPECT_TRUE(EchoFixture::Eventually([&] { return fixture.handlers_alive() == 1; }));
  context->TryCancel();
  waiting.join();
  EXPECT_TRUE(EchoFixture::Eventually([&] { return fixture.handlers_alive() == 0; }));
}

TEST(ServerTest, AHandlerHearsThatTheDeadlineHasPassed) {
  EchoFixture fixture;
  ASSERT_TRUE(fixture.Start().ok());
  grpc::ClientContext context;
  context.AddMetadata("authorization", "Bearer desk");
  context.set_deadline(absl::ToChronoTime(absl::Now() + absl::Milliseconds(50)));
  v1::EchoResponse response;
  const grpc::Status status = fixture.NewStub()->Wait(&context, v1::EchoRequest(), &response);
  EXPECT_EQ(status.error_code(), grpc::StatusCode::DEADLINE_EXCEEDED);
  EXPECT_TRUE(EchoFixture::Eventually([&] { return fixture.handlers_alive() == 0; }));
}

TEST(ServerTest, ManyCallsOfManyThreadsAreEachAnsweredOnce) {
  EchoFixture fixture;
  ASSERT_TRUE(fixture.Start().ok());
  std::vector<std::thread> threads;
  std::atomic<int> right = 0;
  for (int t = 0; t < 8; ++t) {
    threads.emplace_back([&, t] {
      const auto stub = fixture.NewStub();
      for (int i = 0; i < 100; ++i) {
        const std::string text = std::to_string(t) + "/" + std::to_string(i);
        if (Echo(*stub, text, *EchoFixture::NewContext()).response.text() == text) ++right;
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(right, 800);
  EXPECT_EQ(fixture.handlers_alive(), 0);
  EXPECT_TRUE(EchoFixture::Eventually(
      [&] { return fixture.observer().count(absl::StatusCode::kOk) == 800; }));
}

TEST(ServerTest, AFormWithHundredsOfMistakesIsStillInvalidAndNotTooMuchMetadata) {
  EchoFixture fixture;
  ASSERT_TRUE(fixture.Start().ok());
  const absl::Status status = Echo(fixture, "fail:form").status;
  EXPECT_EQ(status.code(), absl::StatusCode::kInvalidArgument) << status;
  EXPECT_THAT(GetFieldViolations(status), Not(IsEmpty()));
}

TEST(ServerTest, AServiceWithAMethodThatHasNoHandlerDoesNotStart) {
  EventLoop loop;
  testing::FakeAuthenticator authenticator;
  v1::EchoService::AsyncService service;
  ServerOptions options = EchoFixture::OnLoopback();
  options.authenticator = &authenticator;
  Server server(loop, options);
  const auto handler = [](CallContext&,
                          v1::EchoRequest) -> async::Task<absl::StatusOr<v1::EchoResponse>> {
    co_return v1::EchoResponse();
  };
  server.Unary(&service, &v1::EchoService::AsyncService::RequestEcho,
               "/redress.rpctest.v1.EchoService/Echo", AnyVerifiedCaller(), handler);
  const absl::Status status = server.Start();
  EXPECT_EQ(status.code(), absl::StatusCode::kFailedPrecondition);
  EXPECT_THAT(std::string(status.message()), HasSubstr("has no handler"));
}

TEST(ServerTest, AMethodWithoutAccessRuleDoesNotStart) {
  EventLoop loop;
  testing::FakeAuthenticator authenticator;
  v1::EchoService::AsyncService service;
  ServerOptions options = EchoFixture::OnLoopback();
  options.authenticator = &authenticator;
  Server server(loop, options);
  const auto handler = [](CallContext&,
                          v1::EchoRequest) -> async::Task<absl::StatusOr<v1::EchoResponse>> {
    co_return v1::EchoResponse();
  };
  server.Unary(&service, &v1::EchoService::AsyncService::RequestEcho,
               "/redress.rpctest.v1.EchoService/Echo", nullptr, handler);
  EXPECT_THAT(std::string(server.Start().message()), HasSubstr("has no access rule"));
}

}  // namespace
}  // namespace redress::rpc
