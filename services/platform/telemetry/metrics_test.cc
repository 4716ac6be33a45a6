#include "services/platform/telemetry/metrics.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include "fmt/format.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace redress::telemetry {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

constexpr char kMethod[] = "redress.intake.v1.IntakeService/FileComplaint";

// The whole answer to one GET over a plain socket.
std::string Get(int port, const std::string& path) {
  const int socket = ::socket(AF_INET, SOCK_STREAM, 0);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(static_cast<uint16_t>(port));
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  if (::connect(socket, reinterpret_cast<sockaddr*>(&address), sizeof(address)) != 0) {
    ::close(socket);
    return "";
  }
  const std::string request =
      fmt::format("GET {} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n", path);
  EXPECT_EQ(::write(socket, request.data(), request.size()), static_cast<ssize_t>(request.size()));
  std::string answer;
  char buffer[4096];
  for (ssize_t count; (count = ::read(socket, buffer, sizeof(buffer))) > 0;) {
    answer.append(buffer, static_cast<size_t>(count));
  }
  ::close(socket);
  return answer;
}

TEST(MetricsTest, CallsAreCountedByMethodAndCode) {
  Metrics metrics("kh", "intake");
  for (int i = 0; i < 3; ++i) {
    metrics.RpcStarted();
    metrics.RpcFinished(kMethod, absl::StatusCode::kOk, absl::Milliseconds(3));
  }
  metrics.RpcStarted();
  metrics.RpcFinished(kMethod, absl::StatusCode::kAborted, absl::Milliseconds(1));
  metrics.RpcStarted();
  const std::string text = metrics.Text();
  EXPECT_THAT(text, HasSubstr(fmt::format("redress_rpc_calls_total{{node=\"kh\",service=\"intake\","
                                          "code=\"OK\",method=\"{}\"}} 3",
                                          kMethod)));
  EXPECT_THAT(text, HasSubstr("code=\"ABORTED\""));
  EXPECT_THAT(text, HasSubstr(fmt::format("redress_rpc_seconds_count{{node=\"kh\",service="
                                          "\"intake\",method=\"{}\"}} 4",
                                          kMethod)));
  EXPECT_THAT(text, HasSubstr("redress_rpc_in_flight{node=\"kh\",service=\"intake\"} 1"));
}

TEST(MetricsTest, CommitsOutboxAndStoreHaveTheirFigures) {
  Metrics metrics("kh", "referral");
  metrics.CommitBatch(9, absl::Microseconds(300));
  metrics.CommitRefused("conflict");
  metrics.SetOutbox("my", 7, absl::Seconds(90));
  metrics.OutboxSent("my", "accepted");
  metrics.SetEventsBehind("intake", 12);
  metrics.SetStore("free_bytes", 1e9);
  metrics.SetGauge("calls_registered", 2);
  const std::string text = metrics.Text();
  EXPECT_THAT(text, HasSubstr("redress_commit_batch_size_sum{node=\"kh\",service=\"referral\"} 9"));
  EXPECT_THAT(text, HasSubstr("reason=\"conflict\"} 1"));
  EXPECT_THAT(text, HasSubstr("service=\"referral\",peer=\"my\"} 7"));
  EXPECT_THAT(text, HasSubstr("service=\"referral\",peer=\"my\"} 90"));
  EXPECT_THAT(text, HasSubstr("result=\"accepted\"} 1"));
  EXPECT_THAT(text, HasSubstr("log=\"intake\"} 12"));
  EXPECT_THAT(text, HasSubstr("figure=\"free_bytes\"} 1000000000"));
  EXPECT_THAT(text, HasSubstr("name=\"calls_registered\"} 2"));
}

TEST(MetricsTest, SeriesAreBounded) {
  Metrics metrics("kh", "intake");
  for (size_t i = 0; i < Metrics::kMaxSeries + 50; ++i) {
    metrics.SetStore(fmt::format("figure{}", i), 1);
  }
  const std::string text = metrics.Text();
  EXPECT_THAT(text, HasSubstr("figure=\"figure999\""));
  EXPECT_THAT(text, Not(HasSubstr("figure=\"figure1000\"")));
  EXPECT_THAT(text, HasSubstr("figure=\"other\""));
}

TEST(MetricsServerTest, ServesThemOnAPortThatItReports) {
  Metrics metrics("kh", "intake");
  metrics.SetStore("keys", 5);
  const auto server = MetricsServer::Start("127.0.0.1:0", metrics);
  ASSERT_TRUE(server.ok()) << server.status();
  EXPECT_GT((*server)->port(), 0);
  const std::string answer = Get((*server)->port(), "/metrics");
  EXPECT_THAT(answer, HasSubstr("200 OK"));
  EXPECT_THAT(answer, HasSubstr("redress_store{node=\"kh\",service=\"intake\",figure=\"keys\"} 5"));
  EXPECT_THAT(Get((*server)->port(), "/"), HasSubstr("404"));
}

TEST(MetricsServerTest, ATakenOrImpossibleAddressIsUnavailable) {
  Metrics metrics("kh", "intake");
  const auto first = MetricsServer::Start("127.0.0.1:0", metrics);
  ASSERT_TRUE(first.ok());
  EXPECT_TRUE(absl::IsUnavailable(
      MetricsServer::Start(fmt::format("127.0.0.1:{}", (*first)->port()), metrics).status()));
  EXPECT_TRUE(absl::IsUnavailable(MetricsServer::Start("nonsense", metrics).status()));
}

TEST(MetricsServerTest, ThePortIsFreeAfterwards) {
  Metrics metrics("kh", "intake");
  int port = 0;
  {
    const auto server = MetricsServer::Start("127.0.0.1:0", metrics);
    ASSERT_TRUE(server.ok());
    port = (*server)->port();
  }
  EXPECT_EQ(Get(port, "/metrics"), "");
}

}  // namespace
}  // namespace redress::telemetry
