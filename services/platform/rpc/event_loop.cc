#include "services/platform/rpc/event_loop.h"

#include <algorithm>
#include <cassert>
#include <optional>
#include <utility>

#include "grpcpp/alarm.h"
#include "grpcpp/client_context.h"
#include "grpcpp/server_builder.h"
#include "services/platform/rpc/internal/event.h"

namespace redress::rpc {
namespace {

// What has come is all taken in before any work that it makes ready is run; but not for ever.
constexpr int kMostEventsInARow = 256;
// So many answers at most wait for each other.
constexpr size_t kMostSendersInARow = 64;

thread_local const EventLoop* loop_of_this_thread = nullptr;

// gRPC's clock for deadlines is its own monotonic one; only the distance from now matters.
gpr_timespec Deadline(absl::Time due) {
  if (due == absl::InfiniteFuture()) return gpr_inf_future(GPR_CLOCK_MONOTONIC);
  if (due == absl::InfinitePast()) return gpr_time_0(GPR_CLOCK_MONOTONIC);
  const absl::Duration distance = std::max(due - async::SteadyNow(), absl::ZeroDuration());
  return gpr_time_add(gpr_now(GPR_CLOCK_MONOTONIC),
                      gpr_time_from_nanos(absl::ToInt64Nanoseconds(distance), GPR_TIMESPAN));
}

}  // namespace

// The alarm that gets the thread out of polling. An alarm cannot be set again before its event was
// taken, which is what `wake_up_pending_` says.
class EventLoop::WakeUp final : public internal::Tag {
 public:
  explicit WakeUp(EventLoop& loop) : loop_(loop) {}
  // Due long ago, since gRPC rounds what is due now up to its next millisecond.
  void Ring() { alarm_.Set(loop_.queue_.get(), gpr_inf_past(GPR_CLOCK_MONOTONIC), this); }
  void Proceed(bool) override {
    absl::MutexLock lock(&loop_.mutex_);
    loop_.wake_up_pending_ = false;
  }

 private:
  EventLoop& loop_;
  grpc::Alarm alarm_;
};

EventLoop::EventLoop()
    : builder_(std::make_unique<grpc::ServerBuilder>()),
      queue_(builder_->AddCompletionQueue()),
      wake_up_(std::make_unique<WakeUp>(*this)),
      thread_([this] { Run(); }) {}

EventLoop::~EventLoop() { Stop(); }

bool EventLoop::InLoopThread() const { return loop_of_this_thread == this; }

void EventLoop::Post(std::function<void()> work) {
  bool ring = false;
  {
    absl::MutexLock lock(&mutex_);
    if (closed_) return;
    ready_.push_back(std::move(work));
    if (!InLoopThread() && sleeping_.load(std::memory_order_relaxed) && !wake_up_pending_) {
      wake_up_pending_ = ring = true;
    }
  }
  // Outside the lock: the queue cannot close meanwhile, since it does not while one is pending.
  if (ring) wake_up_->Ring();
}

void EventLoop::PostAfter(absl::Duration delay, std::function<void()> work) {
  const absl::Time due = async::SteadyNow() + std::max(delay, absl::ZeroDuration());
  bool ring = false;
  {
    absl::MutexLock lock(&mutex_);
    if (closed_) return;
    const bool earliest = due < timers_.next_due();
    timers_.Add(due, std::move(work));
    if (earliest && !InLoopThread() && sleeping_.load(std::memory_order_relaxed) &&
        !wake_up_pending_) {
      wake_up_pending_ = ring = true;
    }
  }
  if (ring) wake_up_->Ring();
}

bool EventLoop::AddOutbound(grpc::ClientContext* context) {
  assert(InLoopThread());
  if (stopping_) return false;
  outbound_.insert(context);
  return true;
}

void EventLoop::Stop() {
  if (!thread_.joinable()) return;
  Post([this] {
    stopping_ = true;
    for (grpc::ClientContext* context : outbound_) context->TryCancel();
  });
  thread_.join();
}

void EventLoop::Run() {
  loop_of_this_thread = this;
  while (true) {
    RunReady();
    if (stopping_) CloseWhenQuiet();
    absl::Time until = PrepareToPoll();
    for (int taken = 0; taken < kMostEventsInARow; ++taken) {
      void* tag = nullptr;
      bool ok = false;
      const auto next = queue_->AsyncNext(&tag, &ok, Deadline(until));
      sleeping_.store(false, std::memory_order_relaxed);
      if (next == grpc::CompletionQueue::SHUTDOWN) return;
      if (next == grpc::CompletionQueue::TIMEOUT) break;
      static_cast<internal::Tag*>(tag)->Proceed(ok);
      until = absl::InfinitePast();
    }
  }
}

void EventLoop::RunReady() {
  {
    absl::MutexLock lock(&mutex_);
    if (!timers_.empty()) {
      const absl::Time now = async::SteadyNow();
      while (auto work = timers_.TakeDue(now)) ready_.push_back(std::move(*work));
    }
    batch_.swap(ready_);
  }
  for (std::function<void()>& work : batch_) {
    work();
    if (senders_.size() >= kMostSendersInARow) ResumeSenders();
  }
  batch_.clear();
  ResumeSenders();
}

void EventLoop::ResumeSenders() {
  for (const std::coroutine_handle<> sender : senders_) sender.resume();
  senders_.clear();
}

absl::Time EventLoop::PrepareToPoll() {
  absl::MutexLock lock(&mutex_);
  // What the batch itself has posted waits for one look at the queue: neither starves the other.
  if (!ready_.empty()) return absl::InfinitePast();
  sleeping_.store(true, std::memory_order_relaxed);
  return timers_.next_due();
}

void EventLoop::CloseWhenQuiet() {
  absl::MutexLock lock(&mutex_);
  if (closed_ || wake_up_pending_ || !ready_.empty() || outbound_operations_ > 0) return;
  closed_ = true;
  queue_->Shutdown();
}

}  // namespace redress::rpc
