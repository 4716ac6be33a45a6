#ifndef REDRESS_SERVICES_PLATFORM_RPC_INTERNAL_SERVER_CORE_H_
#define REDRESS_SERVICES_PLATFORM_RPC_INTERNAL_SERVER_CORE_H_

#include <functional>
#include <string>

#include "services/platform/rpc/internal/admission.h"
#include "services/platform/rpc/internal/server_call.h"
#include "services/platform/rpc/server.h"

namespace redress::rpc::internal {

// What the calls of one server share: the registry of those under way, without which a shutdown
// could not end them. On the loop's thread.
class ServerCore {
 public:
  ServerCore(EventLoop& loop, const ServerOptions& options)
      : loop_(loop),
        options_(options),
        admission_({options.least_unary_calls, options.longest_wait}) {}

  EventLoop& loop() { return loop_; }
  const ServerOptions& options() const { return options_; }
  // Of calls that had to show something to get in. Those watching the health service did not, and
  // must not take their place.
  int in_flight() const { return in_flight_ - watchers_; }
  int watchers() const { return watchers_; }
  // Of unary calls that showed no certificate.
  Admission& admission() { return admission_; }
  // Nothing of this server is outstanding at gRPC: neither a call nor the request for one.
  bool idle() const { return first_ == nullptr && listening_ == 0; }

  // The states of a shutdown, each including the ones before.
  bool draining() const { return draining_; }
  bool letting_go() const { return letting_go_; }

  void StartedListening() { ++listening_; }
  void StoppedListening() { --listening_; }
  void Add(ServerCall* call);
  void Remove(ServerCall* call);

  // No new calls; streams are told to end.
  void Drain();
  // Lets go of every call whose handler has not ended; of those that have events outstanding, when
  // the last has come.
  void LetGo();
  int handlers_let_go() const { return handlers_let_go_; }
  void CountHandlerLetGo() { ++handlers_let_go_; }

 private:
  template <class Visitor>
  void ForEach(Visitor visit) {
    for (ServerCall* call = first_; call != nullptr;) {
      ServerCall* next = call->next_;
      visit(*call);
      call = next;
    }
  }

  EventLoop& loop_;
  const ServerOptions& options_;
  Admission admission_;
  ServerCall* first_ = nullptr;
  int in_flight_ = 0;  // All in the list.
  int watchers_ = 0;   // Those of them that stream from an open method.
  int listening_ = 0;
  int handlers_let_go_ = 0;
  bool draining_ = false;
  bool letting_go_ = false;
};

}  // namespace redress::rpc::internal

#endif  // REDRESS_SERVICES_PLATFORM_RPC_INTERNAL_SERVER_CORE_H_
