#include "services/platform/telemetry/metrics_server.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cerrno>
#include <memory>
#include <optional>
#include <string>

#include "absl/time/time.h"
#include "fmt/format.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace redress::telemetry {
namespace {

using ::testing::HasSubstr;

// A connection to `port` of this machine; -1 when nobody listens there.
int Connect(int port) {
  const int socket = ::socket(AF_INET, SOCK_STREAM, 0);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(static_cast<uint16_t>(port));
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  if (::connect(socket, reinterpret_cast<sockaddr*>(&address), sizeof(address)) == 0) return socket;
  ::close(socket);
  return -1;
}

// What comes back for the bytes of a request; empty when nobody listens.
std::string Ask(int port, const std::string& request) {
  const int socket = Connect(port);
  if (socket < 0) return "";
  EXPECT_EQ(::send(socket, request.data(), request.size(), MSG_NOSIGNAL),
            static_cast<ssize_t>(request.size()));
  std::string answer;
  char buffer[4096];
  for (ssize_t count; (count = ::read(socket, buffer, sizeof(buffer))) > 0;) {
    answer.append(buffer, static_cast<size_t>(count));
  }
  ::close(socket);
  return answer;
}

std::string Get(int port, const std::string& path) {
  return Ask(port, fmt::format("GET {} HTTP/1.1\r\nHost: localhost\r\n\r\n", path));
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

TEST(MetricsServerTest, WhatIsNoGetOrHasNoEndIsRefused) {
  Metrics metrics("kh", "intake");
  const auto server = MetricsServer::Start("127.0.0.1:0", metrics);
  ASSERT_TRUE(server.ok());
  const int port = (*server)->port();
  EXPECT_THAT(Ask(port, "POST /metrics HTTP/1.1\r\n\r\n"), HasSubstr("405"));
  EXPECT_THAT(Ask(port, "nonsense\r\n\r\n"), HasSubstr("400"));
  EXPECT_THAT(Ask(port, std::string(MetricsServer::kMaxRequestBytes, 'x')), HasSubstr("431"));
  EXPECT_THAT(Get(port, "/metrics"), HasSubstr("200 OK"));
}

// Whether the other side has ended the connection; waits until it has.
bool IsHungUpOn(int socket) {
  char byte;
  const ssize_t count = ::read(socket, &byte, 1);
  return count == 0 || (count < 0 && errno == ECONNRESET);
}

TEST(MetricsServerTest, OneThatConnectsAndSaysNothingDoesNotHoldUpItsEnd) {
  Metrics metrics("kh", "intake");
  // Would it wait for the silent one, this test would not come to its end.
  auto server = MetricsServer::Start("127.0.0.1:0", metrics, absl::Hours(1));
  ASSERT_TRUE(server.ok());
  const int silent = Connect((*server)->port());
  ASSERT_GE(silent, 0);
  // Connections are taken in order: the silent one's has begun.
  EXPECT_THAT(Get((*server)->port(), "/metrics"), HasSubstr("200 OK"));
  server->reset();
  EXPECT_TRUE(IsHungUpOn(silent));
  ::close(silent);
}

TEST(MetricsServerTest, OneThatSaysNothingForTooLongIsHungUpOn) {
  Metrics metrics("kh", "intake");
  const auto server = MetricsServer::Start("127.0.0.1:0", metrics, absl::Milliseconds(1));
  ASSERT_TRUE(server.ok());
  const int silent = Connect((*server)->port());
  ASSERT_GE(silent, 0);
  EXPECT_TRUE(IsHungUpOn(silent));
  ::close(silent);
}

}  // namespace
}  // namespace redress::telemetry
