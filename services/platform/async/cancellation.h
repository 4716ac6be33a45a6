#ifndef REDRESS_SERVICES_PLATFORM_ASYNC_CANCELLATION_H_
#define REDRESS_SERVICES_PLATFORM_ASYNC_CANCELLATION_H_

#include <functional>
#include <stop_token>
#include <utility>

#include "absl/status/status.h"

namespace redress::async {

// Tells those who hold it whether the work they do is still wanted. Cancelling is a request: who
// observes it ends soon by itself; nothing is torn down from outside. A default-constructed token
// is never cancelled. Cheap to copy, thread-safe.
class CancellationToken {
 public:
  CancellationToken() = default;

  bool IsCancelled() const { return token_.stop_requested(); }
  // False when no source can cancel it any more: then there is nothing to observe.
  bool CanBeCancelled() const { return token_.stop_possible(); }
  absl::Status ToStatus() const {
    return IsCancelled() ? absl::CancelledError("cancelled by the caller") : absl::OkStatus();
  }

 private:
  friend class CancellationSource;
  friend class CancellationCallback;
  explicit CancellationToken(std::stop_token token) : token_(std::move(token)) {}

  std::stop_token token_;
};

// The side that cancels. Copies share one state. Thread-safe.
class CancellationSource {
 public:
  CancellationToken token() const { return CancellationToken(source_.get_token()); }
  // Runs the registered callbacks on this thread before it returns. Again: no effect.
  void Cancel() { source_.request_stop(); }
  bool IsCancelled() const { return source_.stop_requested(); }

 private:
  std::stop_source source_;
};

// Calls `callback` once when the token is cancelled, on the thread that cancels, or at once on this
// thread when it already is. Once the destructor has returned the callback does not run any more:
// it waits for one that runs on another thread. Keep callbacks short: set a value, post to an
// executor.
class CancellationCallback {
 public:
  CancellationCallback(const CancellationToken& token, std::function<void()> callback)
      : callback_(token.token_, std::move(callback)) {}

 private:
  std::stop_callback<std::function<void()>> callback_;
};

}  // namespace redress::async

#endif  // REDRESS_SERVICES_PLATFORM_ASYNC_CANCELLATION_H_
