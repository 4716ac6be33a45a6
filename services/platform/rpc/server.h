#ifndef REDRESS_SERVICES_PLATFORM_RPC_SERVER_H_
#define REDRESS_SERVICES_PLATFORM_RPC_SERVER_H_

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/time/time.h"
#include "services/platform/auth/authenticator.h"
#include "services/platform/rpc/call_context.h"
#include "services/platform/rpc/event_loop.h"
#include "services/platform/rpc/internal/server_methods.h"
#include "services/platform/rpc/observer.h"
#include "services/platform/rpc/stream.h"
#include "services/platform/rpc/tls.h"

namespace redress::rpc {

// Where a server listens.
struct Listener {
  // "127.0.0.1:0" (0: a free port is chosen, see Server::addresses), "unix:/run/redress/i.sock",
  // "[::]:7443". Without TLS only addresses that stay on this machine are accepted.
  std::string address;
  std::optional<TlsFiles> tls;  // Given: every client must show a certificate.
  // Serves the methods for peers and no others. Needs TLS. Where one listener is for peers, every
  // other one with TLS must be, since a call tells only that it came with a certificate.
  bool for_peers = false;
};

struct ServerOptions {
  std::vector<Listener> listeners;
  auth::Authenticator* authenticator = nullptr;  // Borrowed; required.
  // Borrowed; required where there are methods or listeners for peers, and only there.
  const PeerAuthenticator* peer_authenticator = nullptr;
  CallObserver* observer = nullptr;  // Borrowed; may be null.
  int max_receive_message_bytes = 4 * 1024 * 1024;
  int max_send_message_bytes = 16 * 1024 * 1024;
  // Beyond it: RESOURCE_EXHAUSTED, reason OVERLOADED, saying when to come back.
  int max_calls_in_flight = 10'000;
  // Unary calls are answered so, too, when those before them would take longer than this, as far
  // as can be told from how fast calls were done lately; so many at once are always taken.
  absl::Duration longest_wait = absl::Milliseconds(10);
  int least_unary_calls = 64;
  // A unary call may not ask for more time than this; streams may.
  absl::Duration max_unary_time = absl::Hours(1);
  int max_streams_per_connection = 1024;
  // Of messages that are on their way in or out. Beyond it gRPC reads on later, and closes
  // connections when that does not help.
  size_t message_bytes = 256 << 20;
  // How many requests of one method gRPC may hand over before the loop has to ask for more.
  int request_slots = 16;
  // How long a handler may go on after its call was cancelled by Shutdown.
  absl::Duration patience_after_cancel = absl::Seconds(1);
};

// The gRPC server of a service: handlers are coroutines on the event loop, and nobody outside this
// folder sees a completion queue.
//
//   v1::IntakeService::AsyncService service;       // WithAsyncMethod_… of every method
//   Server server(loop, options);
//   server.Unary(&service, &v1::IntakeService::AsyncService::RequestFileComplaint,
//                "/redress.intake.v1.IntakeService/FileComplaint", AnyOfRoles({Role::kDesk}),
//                [&handlers](CallContext& context, v1::FileComplaintRequest request) {
//                  return handlers.FileComplaint(context, std::move(request));
//                });
//   RETURN_IF_ERROR(server.Start());
//
// Before any handler, in one place that no registration gets round: the call has a deadline
// (INVALID_ARGUMENT, DEADLINE_MISSING), a token that the authenticator verified (UNAUTHENTICATED),
// and passes its method's access rule. A method for peers (PeerBidi) wants a pinned certificate
// instead (PERMISSION_DENIED, PEER_NOT_PINNED) and is served by listeners for peers only, which in
// turn serve nothing else (UNIMPLEMENTED). Only grpc.health.v1.Health, which every server has, is
// exempt. Message compression is off: gRPC 1.51 inflates before it checks the size.
//
// With WithAsyncMethod_… gRPC makes a message of a request before any of these checks, whoever sent
// it: many times its size in memory, on the loop's thread. So services take bytes with
// WithRawMethod_…, and read them afterwards (platform/service/wire_handlers.h).
//
// Registration, Start and Shutdown are for one thread, which is not the loop's.
class Server {
 public:
  // REQUIRES: `loop` outlives this and serves no other server.
  Server(EventLoop& loop, ServerOptions options);
  ~Server();  // Shuts down at once if that was not done.
  Server(const Server&) = delete;
  Server& operator=(const Server&) = delete;

  // Registration, before Start. `service` (borrowed, outlives this) is a generated AsyncService,
  // `request` its RequestX member, from which the messages' types follow.
  template <class Service, class Base, class Request, class Response>
  void Unary(Service* service, internal::RequestUnary<Base, Request, Response> request,
             std::string_view method, AccessRule rule,
             std::type_identity_t<internal::UnaryHandler<Request, Response>> handler) {
    Add(service, std::make_unique<internal::UnaryMethod<Request, Response>>(
                     Guarded(method, std::move(rule)), internal::Bind(service, request),
                     std::move(handler)));
  }
  template <class Service, class Base, class Request, class Response>
  void ServerStream(
      Service* service, internal::RequestServerStream<Base, Request, Response> request,
      std::string_view method, AccessRule rule,
      std::type_identity_t<internal::ServerStreamHandler<Request, Response>> handler) {
    Add(service, std::make_unique<internal::ServerStreamMethod<Request, Response>>(
                     Guarded(method, std::move(rule)), internal::Bind(service, request),
                     std::move(handler)));
  }
  template <class Service, class Base, class Request, class Response>
  void ClientStream(
      Service* service, internal::RequestClientStream<Base, Request, Response> request,
      std::string_view method, AccessRule rule,
      std::type_identity_t<internal::ClientStreamHandler<Request, Response>> handler) {
    Add(service, std::make_unique<internal::ClientStreamMethod<Request, Response>>(
                     Guarded(method, std::move(rule)), internal::Bind(service, request),
                     std::move(handler)));
  }
  template <class Service, class Base, class Request, class Response>
  void Bidi(Service* service, internal::RequestBidi<Base, Request, Response> request,
            std::string_view method, AccessRule rule,
            std::type_identity_t<internal::BidiHandler<Request, Response>> handler) {
    Add(service, std::make_unique<internal::BidiMethod<Request, Response>>(
                     Guarded(method, std::move(rule)), internal::Bind(service, request),
                     std::move(handler)));
  }

  // A method between nodes: the handler finds the caller in context.peer_node(). Shutdown ends its
  // streams at once, since peers open them again.
  template <class Service, class Base, class Request, class Response>
  void PeerBidi(Service* service, internal::RequestBidi<Base, Request, Response> request,
                std::string_view method,
                std::type_identity_t<internal::BidiHandler<Request, Response>> handler) {
    Add(service,
        std::make_unique<internal::BidiMethod<Request, Response>>(
            internal::MethodTraits{.name = std::string(method), .gate = internal::Gate::kPeer},
            internal::Bind(service, request), std::move(handler)));
  }

  // Listens and serves. FAILED_PRECONDITION when a method of a registered service has no handler
  // (its callers would wait in vain) or no rule, or is for peers and nothing tells who they are;
  // INVALID_ARGUMENT for a listener that may not be;
  // UNAVAILABLE when an address cannot be bound.
  absl::Status Start();

  // What was bound, in the order of the listeners: "127.0.0.1:40733", "unix:/run/redress/i.sock".
  const std::vector<std::string>& addresses() const;

  // How many connections the process has turned away so far, since too many descriptors were in
  // use: see platform/files/descriptors.h. Thread-safe.
  static uint64_t ConnectionsTurnedAway();

  // What the health service answers for `service` ("" is the process as a whole). Start sets ""
  // and every registered service to serving. Thread-safe.
  void SetServing(std::string_view service, bool serving);

  // Answers "not serving" for the process and all its services from now on, whatever is set later,
  // and serves on: for a fault that only a new process gets over. Thread-safe.
  void StopServing();

  // Answers "not serving", takes no new calls, tells streams to end, lets calls finish for `grace`,
  // cancels the rest, and returns when the last is gone. A handler that does not end even after
  // it was cancelled is let go: its caller has got CANCELLED, its coroutine stays where it waits.
  // Returns how many were, which should be none. Again: no effect.
  int Shutdown(absl::Duration grace);

 private:
  static internal::MethodTraits Guarded(std::string_view method, AccessRule rule) {
    return {.name = std::string(method), .rule = std::move(rule), .gate = internal::Gate::kToken};
  }
  void Add(grpc::Service* service, std::unique_ptr<internal::Method> method);

  class Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace redress::rpc

#endif  // REDRESS_SERVICES_PLATFORM_RPC_SERVER_H_
