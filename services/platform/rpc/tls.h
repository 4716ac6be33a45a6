#ifndef REDRESS_SERVICES_PLATFORM_RPC_TLS_H_
#define REDRESS_SERVICES_PLATFORM_RPC_TLS_H_

#include <memory>
#include <string>
#include <string_view>

#include "absl/status/statusor.h"

namespace grpc {
class AuthContext;
class ChannelCredentials;
class ServerCredentials;
}  // namespace grpc

namespace redress::rpc {

struct PeerIdentity;

// Paths of PEM files. Both sides of a connection show a certificate; each is checked against
// `authorities_file` of the other.
struct TlsFiles {
  std::string certificate_file;  // Own chain, leaf first.
  std::string key_file;
  std::string authorities_file;  // Who may have signed the other side's certificate.
};

// INVALID_ARGUMENT naming the file that cannot be read or is empty.
absl::StatusOr<std::shared_ptr<grpc::ServerCredentials>> MutualTlsServerCredentials(
    const TlsFiles& files);
absl::StatusOr<std::shared_ptr<grpc::ChannelCredentials>> MutualTlsChannelCredentials(
    const TlsFiles& files);

// What the other side's verified certificate says; empty when there is none.
PeerIdentity ReadPeerIdentity(const grpc::AuthContext& auth_context);

// Whether `address` ("127.0.0.1:0", "[::1]:7000", "localhost:7000", "unix:/run/x.sock") stays on
// this machine, so that it may go without TLS.
bool IsLocalAddress(std::string_view address);

}  // namespace redress::rpc

#endif  // REDRESS_SERVICES_PLATFORM_RPC_TLS_H_
