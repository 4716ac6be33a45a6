#include "services/platform/telemetry/metrics_server.h"

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/beast/core.hpp>
#include <boost/beast/http.hpp>
#include <chrono>
#include <cstdlib>
#include <string_view>
#include <thread>
#include <utility>

#include "absl/status/status.h"
#include "fmt/format.h"

namespace redress::telemetry {
namespace {

namespace asio = boost::asio;
namespace beast = boost::beast;
namespace http = beast::http;
using asio::ip::tcp;
using boost::system::error_code;
using Response = http::response<http::string_body>;

Response Answer(http::status status, std::string body) {
  Response response(status, 11);
  response.set(http::field::content_type, "text/plain; version=0.0.4; charset=utf-8");
  response.keep_alive(false);
  response.body() = std::move(body);
  response.prepare_payload();
  return response;
}

// One connection: a request, an answer, and the end. Holds itself until then.
class Conversation : public std::enable_shared_from_this<Conversation> {
 public:
  Conversation(tcp::socket socket, const Metrics& metrics, absl::Duration patience)
      : stream_(std::move(socket)), metrics_(metrics), patience_(patience) {
    parser_.header_limit(MetricsServer::kMaxRequestBytes);
  }

  void Begin() {
    stream_.expires_after(absl::ToChronoMilliseconds(patience_));
    http::async_read_header(
        stream_, buffer_, parser_,
        [self = shared_from_this()](const error_code& error, size_t) { self->Reply(error); });
  }

 private:
  void Reply(const error_code& error) {
    if (error == http::error::header_limit) {
      response_ = Answer(http::status::request_header_fields_too_large, "too long\n");
    } else if (error.category() == http::make_error_code(http::error::bad_method).category()) {
      response_ = Answer(http::status::bad_request, "no request\n");
    } else if (error) {
      return;  // It hung up, or took too long.
    } else {
      response_ = AnswerTo(parser_.get());
    }
    http::async_write(stream_, response_, [self = shared_from_this()](const error_code&, size_t) {
      error_code ignored;
      self->stream_.socket().shutdown(tcp::socket::shutdown_send, ignored);
    });
  }

  Response AnswerTo(const http::request<http::empty_body>& request) const {
    if (request.method() != http::verb::get) {
      return Answer(http::status::method_not_allowed, "only GET\n");
    }
    const std::string_view target(request.target().data(), request.target().size());
    if (target.substr(0, target.find('?')) != "/metrics") {
      return Answer(http::status::not_found, "no page\n");
    }
    return Answer(http::status::ok, metrics_.Text());
  }

  beast::tcp_stream stream_;
  const Metrics& metrics_;
  const absl::Duration patience_;
  beast::flat_buffer buffer_;
  http::request_parser<http::empty_body> parser_;
  Response response_;
};

}  // namespace

struct MetricsServer::Http {
  Http(const Metrics& the_metrics, absl::Duration the_patience)
      : metrics(the_metrics), patience(the_patience) {}

  error_code Listen(const std::string& address) {
    const size_t colon = address.rfind(':');
    if (colon == std::string::npos) return asio::error::invalid_argument;
    std::string host = address.substr(0, colon);
    if (host.starts_with('[') && host.ends_with(']')) host = host.substr(1, host.size() - 2);
    error_code error;
    const asio::ip::address ip = asio::ip::make_address(host, error);
    if (error) return error;
    const tcp::endpoint endpoint(ip, static_cast<uint16_t>(std::atoi(address.c_str() + colon + 1)));
    acceptor.open(endpoint.protocol(), error);
    if (!error) acceptor.set_option(tcp::acceptor::reuse_address(true), error);
    if (!error) acceptor.bind(endpoint, error);
    if (!error) acceptor.listen(asio::socket_base::max_listen_connections, error);
    return error;
  }

  void Accept() {
    acceptor.async_accept([this](const error_code& error, tcp::socket socket) {
      if (!error) {
        std::make_shared<Conversation>(std::move(socket), metrics, patience)->Begin();
        Accept();
        return;
      }
      // Out of descriptors: the connection stays in the queue, so asking at once would spin.
      pause.expires_after(std::chrono::seconds(1));
      pause.async_wait([this](const error_code&) { Accept(); });
    });
  }

  const Metrics& metrics;
  const absl::Duration patience;
  asio::io_context context{1};
  tcp::acceptor acceptor{context};
  asio::steady_timer pause{context};
  std::thread thread;
};

absl::StatusOr<std::unique_ptr<MetricsServer>> MetricsServer::Start(const std::string& address,
                                                                    const Metrics& metrics,
                                                                    absl::Duration patience) {
  auto http = std::make_unique<Http>(metrics, patience);
  const error_code error = http->Listen(address);
  if (error) {
    return absl::UnavailableError(
        fmt::format("metrics: cannot listen on {}: {}", address, error.message()));
  }
  http->Accept();
  http->thread = std::thread([&context = http->context] { context.run(); });
  return std::unique_ptr<MetricsServer>(new MetricsServer(std::move(http)));
}

MetricsServer::MetricsServer(std::unique_ptr<Http> http) : http_(std::move(http)) {}

MetricsServer::~MetricsServer() {
  http_->context.stop();
  http_->thread.join();
}

int MetricsServer::port() const { return http_->acceptor.local_endpoint().port(); }

}  // namespace redress::telemetry
