#ifndef REDRESS_SERVICES_PLATFORM_KV_PENDING_COMMIT_H_
#define REDRESS_SERVICES_PLATFORM_KV_PENDING_COMMIT_H_

#include <coroutine>
#include <memory>
#include <utility>
#include <vector>

#include "services/platform/kv/store.h"

namespace redress::kv {

// A commit on its way through a committer: for the engines only.
//
// The queue and the waiting coroutine share it. `waiter` is touched on the executor's thread only
// (once queued), so that a call that is given up there leaves nothing dangling; `change` and
// `result` belong to the committer until it posts the result.
struct PendingCommit {
  Change change;
  CommitResult result;
  std::coroutine_handle<> waiter;
};

using PendingBatch = std::vector<std::shared_ptr<PendingCommit>>;

// Wakes everyone in `batch`. Runs on the executor's thread.
inline void ResumeAll(const PendingBatch& batch) {
  for (const std::shared_ptr<PendingCommit>& pending : batch) {
    if (std::coroutine_handle<> waiter = std::exchange(pending->waiter, nullptr)) waiter.resume();
  }
}

// co_await of one commit. `Queue` has Enqueue(std::shared_ptr<PendingCommit>), and later has
// ResumeAll run for it upon the executor. After the wait the queue may be gone.
template <class Queue>
class CommitAwaiter {
 public:
  CommitAwaiter(Queue& queue, Change change)
      : queue_(queue), pending_(std::make_shared<PendingCommit>()) {
    pending_->change = std::move(change);
  }
  ~CommitAwaiter() { pending_->waiter = nullptr; }
  CommitAwaiter(const CommitAwaiter&) = delete;
  CommitAwaiter& operator=(const CommitAwaiter&) = delete;

  bool await_ready() const noexcept { return false; }
  void await_suspend(std::coroutine_handle<> waiter) {
    pending_->waiter = waiter;
    // Once queued, the coroutine may already be running again elsewhere and this object be gone, so
    // the queue gets a reference of its own and nothing is touched afterwards.
    std::shared_ptr<PendingCommit> pending = pending_;
    queue_.Enqueue(std::move(pending));
  }
  CommitResult await_resume() { return std::move(pending_->result); }

 private:
  Queue& queue_;
  std::shared_ptr<PendingCommit> pending_;
};

}  // namespace redress::kv

#endif  // REDRESS_SERVICES_PLATFORM_KV_PENDING_COMMIT_H_
