#include "services/platform/rpc/internal/client_call.h"

#include <algorithm>

#include "absl/random/random.h"
#include "absl/time/clock.h"
#include "services/platform/rpc/retry_delay.h"

namespace redress::rpc::internal {
namespace {

constexpr int kMostAttempts = 5;
constexpr absl::Duration kFirstPause = absl::Milliseconds(50);
constexpr absl::Duration kLongestPause = absl::Seconds(5);

// Spreads the callers that failed together. It decides when, never what, so it is not injected.
double Jitter() {
  thread_local absl::InsecureBitGen random;
  return absl::Uniform(random, 0.5, 1.0);
}

}  // namespace

ClientCall::ClientCall(EventLoop& loop, const CallOptions& options)
    : loop_(loop),
      has_deadline_(options.deadline < absl::InfiniteFuture()),
      cancellation_(options.cancellation) {
  if (has_deadline_) context_.set_deadline(absl::ToChronoTime(options.deadline));
  if (!options.token.empty()) context_.AddMetadata("authorization", "Bearer " + options.token);
  added_ = loop_.AddOutbound(&context_);
  if (cancellation_.CanBeCancelled()) {
    on_cancel_.emplace(cancellation_, [this] { context_.TryCancel(); });
  }
}

ClientCall::~ClientCall() {
  on_cancel_.reset();
  if (added_) loop_.RemoveOutbound(&context_);
}

absl::Status ClientCall::Admit() const {
  if (!has_deadline_) return absl::InvalidArgumentError("an outbound call needs a deadline");
  if (!added_) return absl::UnavailableError("the process is stopping");
  return cancellation_.ToStatus();
}

std::optional<absl::Duration> Attempts::PauseBeforeNext(const absl::Status& status) {
  if (!idempotent_ || made_ >= kMostAttempts) return std::nullopt;
  const std::optional<absl::Duration> told = GetRetryDelay(status);
  const bool worth_it = status.code() == absl::StatusCode::kUnavailable ||
                        (status.code() == absl::StatusCode::kResourceExhausted && told.has_value());
  if (!worth_it) return std::nullopt;
  const absl::Duration backed_off =
      std::min(kFirstPause * (int64_t{1} << (made_ - 1)), kLongestPause);
  const absl::Duration pause =
      std::max(backed_off * Jitter(), std::min(told.value_or(absl::ZeroDuration()), kLongestPause));
  if (absl::Now() + pause >= deadline_) return std::nullopt;
  ++made_;
  return pause;
}

}  // namespace redress::rpc::internal
