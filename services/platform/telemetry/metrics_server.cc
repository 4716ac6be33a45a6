#include "services/platform/telemetry/metrics_server.h"

#include <netdb.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdint>
#include <cstring>
#include <string_view>

#include "absl/status/status.h"
#include "absl/strings/match.h"
#include "absl/time/clock.h"
#include "fmt/format.h"

namespace redress::telemetry {
namespace {

constexpr int kWaitingConnections = 16;

// A listening socket at `address`, not blocking; -1 with errno (0 when it is no address).
int Listen(const std::string& address) {
  const size_t colon = address.rfind(':');
  errno = 0;
  if (colon == std::string::npos) return -1;
  std::string host = address.substr(0, colon);
  if (host.starts_with('[') && host.ends_with(']')) host = host.substr(1, host.size() - 2);
  addrinfo hints{};
  hints.ai_family = AF_UNSPEC;
  hints.ai_socktype = SOCK_STREAM;
  hints.ai_flags = AI_NUMERICHOST | AI_NUMERICSERV | AI_PASSIVE;
  addrinfo* found = nullptr;
  if (::getaddrinfo(host.c_str(), address.c_str() + colon + 1, &hints, &found) != 0) return -1;
  int listening =
      ::socket(found->ai_family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, found->ai_protocol);
  const int on = 1;
  const bool listens = listening >= 0 &&
                       ::setsockopt(listening, SOL_SOCKET, SO_REUSEADDR, &on, sizeof(on)) == 0 &&
                       ::bind(listening, found->ai_addr, found->ai_addrlen) == 0 &&
                       ::listen(listening, kWaitingConnections) == 0;
  ::freeaddrinfo(found);
  if (!listens && listening >= 0) {
    const int error = errno;
    ::close(listening);
    errno = error;
    return -1;
  }
  return listening;
}

int PortOf(int socket) {
  sockaddr_storage bound{};
  socklen_t size = sizeof(bound);
  if (::getsockname(socket, reinterpret_cast<sockaddr*>(&bound), &size) != 0) return 0;
  // Both families have the port in the same place.
  return ntohs(reinterpret_cast<const sockaddr_in*>(&bound)->sin_port);
}

std::string Response(std::string_view status, std::string_view body) {
  return fmt::format(
      "HTTP/1.1 {}\r\nContent-Type: text/plain; version=0.0.4; charset=utf-8\r\n"
      "Content-Length: {}\r\nConnection: close\r\n\r\n{}",
      status, body.size(), body);
}

}  // namespace

absl::StatusOr<std::unique_ptr<MetricsServer>> MetricsServer::Start(const std::string& address,
                                                                    const Metrics& metrics) {
  const int listening = Listen(address);
  const int stop = listening < 0 ? -1 : ::eventfd(0, EFD_CLOEXEC);
  if (stop < 0) {
    const std::string reason = errno == 0 ? "it is no address" : std::strerror(errno);
    if (listening >= 0) ::close(listening);
    return absl::UnavailableError(fmt::format("metrics: cannot listen on {}: {}", address, reason));
  }
  return std::unique_ptr<MetricsServer>(
      new MetricsServer(metrics, listening, stop, PortOf(listening)));
}

MetricsServer::MetricsServer(const Metrics& metrics, int listening, int stop, int port)
    : metrics_(metrics), listening_(listening), stop_(stop), port_(port), thread_([this] {
        Run();
      }) {}

MetricsServer::~MetricsServer() {
  const uint64_t one = 1;
  // Cannot fail: the counter of the eventfd is far from full.
  static_cast<void>(::write(stop_, &one, sizeof(one)));
  thread_.join();
  ::close(listening_);
  ::close(stop_);
}

void MetricsServer::Run() {
  while (WaitFor(listening_, POLLIN, absl::InfiniteFuture())) {
    const int connection = ::accept4(listening_, nullptr, nullptr, SOCK_NONBLOCK | SOCK_CLOEXEC);
    if (connection >= 0) {
      Serve(connection);
      ::close(connection);
    } else if (errno == EMFILE || errno == ENFILE) {
      // The connection stays in the queue; do not spin on it.
      WaitFor(-1, 0, absl::Now() + absl::Seconds(1));
    }
  }
}

void MetricsServer::Serve(int connection) {
  const absl::Time until = absl::Now() + kPatience;
  std::string request;
  while (!absl::StrContains(request, "\r\n\r\n") && request.size() < kMaxRequestBytes) {
    if (!WaitFor(connection, POLLIN, until)) return;
    char bytes[2048];
    const ssize_t count =
        ::recv(connection, bytes, std::min(sizeof(bytes), kMaxRequestBytes - request.size()), 0);
    if (count <= 0) return;
    request.append(bytes, static_cast<size_t>(count));
  }
  const std::string answer = Answer(request);
  for (size_t sent = 0; sent < answer.size();) {
    if (!WaitFor(connection, POLLOUT, until)) return;
    const ssize_t count =
        ::send(connection, answer.data() + sent, answer.size() - sent, MSG_NOSIGNAL);
    if (count <= 0) return;
    sent += static_cast<size_t>(count);
  }
}

std::string MetricsServer::Answer(const std::string& request) const {
  if (!absl::StrContains(request, "\r\n\r\n")) {
    return Response("431 Request Header Fields Too Large", "too long\n");
  }
  const std::string_view line = std::string_view(request).substr(0, request.find("\r\n"));
  const size_t path_begin = line.find(' ');
  const size_t path_end = line.rfind(' ');
  if (path_begin == path_end || !line.substr(path_end).starts_with(" HTTP/1.")) {
    return Response("400 Bad Request", "no request\n");
  }
  if (line.substr(0, path_begin) != "GET") {
    return Response("405 Method Not Allowed", "only GET\n");
  }
  const std::string_view path = line.substr(path_begin + 1, path_end - path_begin - 1);
  if (path.substr(0, path.find('?')) != "/metrics") return Response("404 Not Found", "no page\n");
  return Response("200 OK", metrics_.Text());
}

bool MetricsServer::WaitFor(int socket, short events, absl::Time until) const {
  while (true) {
    pollfd waits[] = {{stop_, POLLIN, 0}, {socket, events, 0}};
    int milliseconds = -1;
    if (until != absl::InfiniteFuture()) {
      const absl::Duration left = absl::Ceil(until - absl::Now(), absl::Milliseconds(1));
      if (left <= absl::ZeroDuration()) return false;
      milliseconds = static_cast<int>(absl::ToInt64Milliseconds(left));
    }
    const int ready = ::poll(waits, std::size(waits), milliseconds);
    if (ready < 0 && errno != EINTR) return false;
    if (waits[0].revents != 0) return false;
    if (ready > 0 && waits[1].revents != 0) return true;
  }
}

}  // namespace redress::telemetry
