#include "services/platform/rpc/client.h"

#include "fmt/format.h"
#include "grpcpp/create_channel.h"
#include "grpcpp/security/credentials.h"
#include "services/platform/status/status_macros.h"

namespace redress::rpc {
namespace {

constexpr int kFirstReconnectMs = 100;
constexpr int kLongestReconnectMs = 5000;

}  // namespace

absl::StatusOr<std::shared_ptr<grpc::Channel>> OpenChannel(const ChannelOptions& options) {
  std::shared_ptr<grpc::ChannelCredentials> credentials = grpc::InsecureChannelCredentials();
  if (options.tls.has_value()) {
    ASSIGN_OR_RETURN(credentials, MutualTlsChannelCredentials(*options.tls));
  } else if (!IsLocalAddress(options.target)) {
    return absl::InvalidArgumentError(
        fmt::format("{}: is not on this machine and needs TLS", options.target));
  }
  grpc::ChannelArguments arguments;
  arguments.SetMaxReceiveMessageSize(options.max_receive_message_bytes);
  arguments.SetCompressionAlgorithm(GRPC_COMPRESS_NONE);
  // What is repeated is decided here, by the idempotent flag, and not by gRPC as well.
  arguments.SetInt(GRPC_ARG_ENABLE_RETRIES, 0);
  arguments.SetInt(GRPC_ARG_ENABLE_HTTP_PROXY, 0);
  arguments.SetInt(GRPC_ARG_INITIAL_RECONNECT_BACKOFF_MS, kFirstReconnectMs);
  arguments.SetInt(GRPC_ARG_MIN_RECONNECT_BACKOFF_MS, kFirstReconnectMs);
  arguments.SetInt(GRPC_ARG_MAX_RECONNECT_BACKOFF_MS, kLongestReconnectMs);
  if (!options.expected_name.empty()) {
    arguments.SetSslTargetNameOverride(options.expected_name);
  }
  return grpc::CreateCustomChannel(options.target, credentials, arguments);
}

}  // namespace redress::rpc
