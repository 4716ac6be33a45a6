#ifndef REDRESS_SERVICES_PLATFORM_RPC_TESTING_ECHO_FIXTURE_H_
#define REDRESS_SERVICES_PLATFORM_RPC_TESTING_ECHO_FIXTURE_H_

#include <atomic>
#include <map>
#include <memory>
#include <string>
#include <string_view>

#include "absl/base/thread_annotations.h"
#include "absl/synchronization/mutex.h"
#include "absl/time/time.h"
#include "redress/rpctest/v1/echo.grpc.pb.h"
#include "services/platform/async/signal.h"
#include "services/platform/rpc/event_loop.h"
#include "services/platform/rpc/server.h"
#include "services/platform/rpc/testing/fake_authenticator.h"

namespace redress::rpc::testing {

namespace v1 = ::redress::rpctest::v1;

// Counts finished calls by method and code, and remembers the last internal error.
class CountingObserver final : public CallObserver {
 public:
  void OnCallStarted() override { ++in_flight_; }
  void OnCallFinished(std::string_view method, absl::StatusCode code, absl::Duration) override;
  void OnInternalError(std::string_view method, std::string_view incident,
                       const absl::Status& status) override;
  int count(absl::StatusCode code) const;
  int in_flight() const { return in_flight_; }
  std::string last_incident() const;
  std::string last_error() const;

 private:
  std::atomic<int> in_flight_ = 0;
  mutable absl::Mutex mutex_;
  std::map<absl::StatusCode, int> counts_ ABSL_GUARDED_BY(mutex_);
  std::string last_incident_ ABSL_GUARDED_BY(mutex_);
  std::string last_error_ ABSL_GUARDED_BY(mutex_);
};

// An EchoService on a loop of its own, with all that a test wants to look at. With a peer
// authenticator in its options Chat is a method for peers, and puts the peer's node before each
// text.
class EchoFixture {
 public:
  static ServerOptions OnLoopback();
  explicit EchoFixture(ServerOptions options = OnLoopback());
  ~EchoFixture();

  absl::Status Start() { return server_->Start(); }
  Server& server() { return *server_; }
  // Shuts it down first. The loop and the handlers stay.
  void DestroyServer() { server_.reset(); }
  EventLoop& loop() { return loop_; }
  CountingObserver& observer() { return observer_; }

  // A new connection, and a context with a deadline in 20 s and the token of `role`.
  std::shared_ptr<grpc::Channel> NewChannel() const;
  std::unique_ptr<v1::EchoService::Stub> NewStub() const;
  static std::unique_ptr<grpc::ClientContext> NewContext(std::string_view role = "desk");

  // How many handlers are between their first and last line.
  int handlers_alive() const { return handlers_alive_; }
  // Lets every Wait answer, and every Follow send one message.
  void Signal() { signal_.Notify(); }
  // Makes Wait deaf to cancellation: what a handler with a bug looks like.
  void IgnoreCancellation() { ignore_cancellation_ = true; }
  // Blocks until `condition` holds; false after 20 s.
  static bool Eventually(const std::function<bool()>& condition);
  // Blocks until no call takes a place any more: a caller has its answer a moment earlier.
  bool EventuallyIdle() {
    return Eventually([this] { return observer_.in_flight() == 0; });
  }

 private:
  class Alive;
  void Register();
  async::Task<absl::StatusOr<v1::EchoResponse>> Echo(CallContext& context, v1::EchoRequest request);
  async::Task<absl::StatusOr<v1::EchoResponse>> Wait(CallContext& context, v1::EchoRequest request);
  async::Task<absl::Status> Count(CallContext& context, v1::EchoRequest request,
                                  Writer<v1::EchoResponse>& writer);
  async::Task<absl::Status> Follow(CallContext& context, v1::EchoRequest request,
                                   Writer<v1::EchoResponse>& writer);
  async::Task<absl::StatusOr<v1::EchoResponse>> Sum(CallContext& context,
                                                    Reader<v1::EchoRequest>& reader);
  static async::Task<void> ReadOne(Reader<v1::EchoRequest>* reader);
  // "leave" ends it while another coroutine still reads.
  async::Task<absl::Status> Chat(CallContext& context, Reader<v1::EchoRequest>& reader,
                                 Writer<v1::EchoResponse>& writer);

  FakeAuthenticator authenticator_;
  CountingObserver observer_;
  std::atomic<int> handlers_alive_ = 0;
  std::atomic<bool> ignore_cancellation_ = false;
  async::Signal signal_;
  const bool chat_is_for_peers_;
  v1::EchoService::AsyncService service_;
  EventLoop loop_;
  std::unique_ptr<Server> server_;
};

}  // namespace redress::rpc::testing

#endif  // REDRESS_SERVICES_PLATFORM_RPC_TESTING_ECHO_FIXTURE_H_
