#ifndef REDRESS_SERVICES_PLATFORM_RPC_CALL_CONTEXT_H_
#define REDRESS_SERVICES_PLATFORM_RPC_CALL_CONTEXT_H_

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "services/platform/async/cancellation.h"
#include "services/platform/async/executor.h"
#include "services/platform/auth/principal.h"

namespace redress::rpc {

// Who is at the other end of a mutually authenticated connection, as its certificate says; all
// empty on loopback and unix sockets, where the token alone says who calls.
struct PeerIdentity {
  std::string common_name;
  std::vector<std::string> alternative_names;  // DNS names, URIs, addresses: as in the SAN.
  std::string certificate_sha256;              // Of the DER form, 64 lower-case hex digits.
};

// Who a peer's certificate stands for, asked for each call to a method that is for peers: such
// calls have no token. Thread-safe; does not block.
class PeerAuthenticator {
 public:
  virtual ~PeerAuthenticator() = default;
  // The node that the certificate is pinned for: "my". PERMISSION_DENIED, PEER_NOT_PINNED for every
  // other one, whoever signed it.
  virtual absl::StatusOr<std::string> Authenticate(const PeerIdentity& peer) const = 0;
};

// What a handler knows about the call it answers. The server makes one per call, after the checks
// that no call gets round (deadline, token, access rule); it outlives the handler's coroutine.
// Tests make their own from Parts. Not thread-safe: it is for the thread that runs the handlers.
class CallContext {
 public:
  // What only the transport can tell, asked when somebody wants it.
  class Transport {
   public:
    virtual ~Transport() = default;
    virtual PeerIdentity Peer() const = 0;
    virtual std::optional<std::string> Metadata(std::string_view key) const = 0;
  };

  struct Parts {
    std::string_view method;  // "/redress.intake.v1.IntakeService/FileComplaint"; outlives this.
    absl::Time deadline = absl::InfiniteFuture();
    std::shared_ptr<const auth::Principal> principal;
    async::Executor* executor = nullptr;   // Borrowed.
    const Transport* transport = nullptr;  // Borrowed; null in tests.
  };

  explicit CallContext(Parts parts) : parts_(std::move(parts)) {}
  CallContext(const CallContext&) = delete;
  CallContext& operator=(const CallContext&) = delete;

  std::string_view method() const { return parts_.method; }

  // The caller. REQUIRES: neither a method for peers nor one of the health service, which have
  // none.
  const auth::Principal& principal() const { return *parts_.principal; }
  const std::shared_ptr<const auth::Principal>& shared_principal() const {
    return parts_.principal;
  }

  // The node that calls, as its pinned certificate proves. Empty but for methods for peers.
  const std::string& peer_node() const { return peer_node_; }

  // When the caller stops waiting. Give it to the calls made on its behalf.
  absl::Time deadline() const { return parts_.deadline; }

  // Cancelled when the caller went away or its deadline passed; for streams also when the server
  // stops, so that those who follow something for hours let it.
  async::CancellationToken cancellation() const;
  bool cancelled() const { return cancelled_; }

  async::Executor& executor() const { return *parts_.executor; }

  PeerIdentity peer_identity() const;
  // Of the request's metadata, the first value of `key` (lower case). Never log one.
  std::optional<std::string> Metadata(std::string_view key) const;

  // For the server, and for tests of what a handler does when its caller goes away.
  void Cancel();
  // For a handler that outlives its call.
  void ForgetTransport() {
    parts_.transport = nullptr;
    parts_.method = {};
  }
  void SetPrincipal(std::shared_ptr<const auth::Principal> principal) {
    parts_.principal = std::move(principal);
  }
  void SetPeerNode(std::string node) { peer_node_ = std::move(node); }

 private:
  Parts parts_;
  std::string peer_node_;
  bool cancelled_ = false;
  // Made when first asked for: most handlers are over before anybody could cancel them.
  mutable std::optional<async::CancellationSource> source_;
};

// Whether this caller may call this method at all, by role; what it may see of a resource is the
// application's to decide. OK, or PERMISSION_DENIED with a reason. Given at registration, so that
// no method exists without one.
using AccessRule = std::function<absl::Status(const CallContext&)>;

// Lets pass everyone whose token was verified.
AccessRule AnyVerifiedCaller();
// Lets pass who holds one of `roles`; others get PERMISSION_DENIED, reason ROLE_NOT_ALLOWED.
AccessRule AnyOfRoles(auth::RoleSet roles);

}  // namespace redress::rpc

#endif  // REDRESS_SERVICES_PLATFORM_RPC_CALL_CONTEXT_H_
