#ifndef REDRESS_SERVICES_PLATFORM_RPC_EVENT_LOOP_H_
#define REDRESS_SERVICES_PLATFORM_RPC_EVENT_LOOP_H_

#include <atomic>
#include <coroutine>
#include <functional>
#include <memory>
#include <thread>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/container/flat_hash_set.h"
#include "absl/synchronization/mutex.h"
#include "absl/time/time.h"
#include "services/platform/async/executor.h"
#include "services/platform/async/timer_queue.h"

namespace grpc {
class ClientContext;
class ServerBuilder;
class ServerCompletionQueue;
}  // namespace grpc

namespace redress::rpc {

// The one thread of a service process: it polls one gRPC completion queue, on which both the calls
// that come in (Server) and those that go out (client.h) complete, and it is the Executor of all
// coroutines. One thread, because waking another core costs more than a call does.
//
//   EventLoop loop;                      // the thread runs
//   Server server(loop, options); ...    // server.Start(), …, server.Shutdown()
//   loop.Stop();
//
// Post and PostAfter are thread-safe. Work that is posted from other threads while the loop sleeps
// costs one wake-up for the whole batch; posted from the loop itself it costs none. Timers are
// exact to the millisecond.
class EventLoop final : public async::Executor {
 public:
  EventLoop();
  ~EventLoop() override;  // Stops.
  EventLoop(const EventLoop&) = delete;
  EventLoop& operator=(const EventLoop&) = delete;

  void Post(std::function<void()> work) override;
  void PostAfter(absl::Duration delay, std::function<void()> work) override;

  // Cancels the calls that are going out, runs what is ready until gRPC owes no call an event, and
  // joins. Timers that are not due and work that is posted later are dropped; a coroutine that
  // waits for them stays where it waits, whether or not it holds a stream. Again: no effect.
  // REQUIRES: servers on this loop are shut down; not called from the loop's own thread.
  void Stop();

  bool InLoopThread() const;

  // The rest is for platform/rpc.

  // co_await EventLoop::WithOthers(loop): goes on when the work that is ready now has run, or after
  // some of it. For what sends an answer: the first of several that are sent in a row wakes the
  // caller's core, and the others find it awake; one by one each of them would wake it, which costs
  // more than the call. On the loop's thread.
  class WithOthers {
   public:
    explicit WithOthers(EventLoop& loop) : loop_(loop) {}
    bool await_ready() const noexcept { return false; }
    void await_suspend(std::coroutine_handle<> waiter) { loop_.senders_.push_back(waiter); }
    void await_resume() const noexcept {}

   private:
    EventLoop& loop_;
  };

  grpc::ServerCompletionQueue* completion_queue() { return queue_.get(); }
  // The builder that made the queue, and so the only one whose server can use it.
  grpc::ServerBuilder& server_builder() { return *builder_; }
  // Calls that Stop has to cancel. On the loop's thread. False when stopping: do not start it.
  bool AddOutbound(grpc::ClientContext* context);
  void RemoveOutbound(grpc::ClientContext* context) { outbound_.erase(context); }
  // Around every operation of such a call: until its event has come the queue cannot close.
  void BeginOutboundOperation() { ++outbound_operations_; }
  void EndOutboundOperation() { --outbound_operations_; }

 private:
  class WakeUp;

  void Run();
  void RunReady();
  void ResumeSenders();
  // The time until which to poll, with `sleeping_` set when there is nothing to run before it.
  absl::Time PrepareToPoll();
  void CloseWhenQuiet();

  std::unique_ptr<grpc::ServerBuilder> builder_;
  std::unique_ptr<grpc::ServerCompletionQueue> queue_;
  std::unique_ptr<WakeUp> wake_up_;

  // Whether the thread polls, or is about to, without having seen everything in `ready_`.
  std::atomic<bool> sleeping_ = false;
  absl::Mutex mutex_;
  std::vector<std::function<void()>> ready_ ABSL_GUARDED_BY(mutex_);
  async::TimerQueue timers_ ABSL_GUARDED_BY(mutex_);
  bool wake_up_pending_ ABSL_GUARDED_BY(mutex_) = false;
  bool closed_ ABSL_GUARDED_BY(mutex_) = false;

  // Of the loop's thread alone.
  std::vector<std::function<void()>> batch_;
  std::vector<std::coroutine_handle<>> senders_;
  absl::flat_hash_set<grpc::ClientContext*> outbound_;
  int outbound_operations_ = 0;
  bool stopping_ = false;

  std::thread thread_;
};

}  // namespace redress::rpc

#endif  // REDRESS_SERVICES_PLATFORM_RPC_EVENT_LOOP_H_
