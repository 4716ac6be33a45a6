#include "services/platform/service/commit_gate.h"

#include <algorithm>
#include <cstdint>

namespace redress::service {

async::Task<CommitGate::Pass> CommitGate::Enter() {
  for (;;) {
    const uint64_t seen = changed_.count();
    if (TryEnter()) co_return Pass(*this);
    const absl::Duration remaining = Remaining();
    (void)co_await changed_.WaitPast(executor_, seen, {}, remaining);
  }
}

async::Task<bool> CommitGate::Close(absl::Duration limit) {
  {
    const absl::MutexLock lock(&mutex_);
    closed_ = true;
    closed_at_ = now_();
    closed_until_ = closed_at_ + limit;
  }
  for (;;) {
    const uint64_t seen = changed_.count();
    {
      const absl::MutexLock lock(&mutex_);
      OpenWhenOver();
      if (!closed_) co_return false;
      if (inside_ == 0) co_return true;
    }
    const absl::Duration remaining = Remaining();
    (void)co_await changed_.WaitPast(executor_, seen, {}, remaining);
  }
}

std::optional<absl::Duration> CommitGate::Open() {
  std::optional<absl::Duration> held;
  {
    const absl::MutexLock lock(&mutex_);
    OpenWhenOver();
    if (closed_) held = now_() - closed_at_;
    closed_ = false;
  }
  changed_.Notify();
  return held;
}

absl::Duration CommitGate::Remaining() {
  const absl::MutexLock lock(&mutex_);
  // At least a little, so that a waiter whose timer comes early does not spin.
  return std::max(closed_until_ - now_(), absl::Milliseconds(1));
}

bool CommitGate::TryEnter() {
  const absl::MutexLock lock(&mutex_);
  OpenWhenOver();
  if (closed_) return false;
  ++inside_;
  return true;
}

void CommitGate::Leave() {
  bool tell = false;
  {
    const absl::MutexLock lock(&mutex_);
    --inside_;
    tell = closed_;
  }
  if (tell) changed_.Notify();
}

void CommitGate::OpenWhenOver() {
  if (closed_ && now_() >= closed_until_) closed_ = false;
}

}  // namespace redress::service
