#ifndef REDRESS_SERVICES_PLATFORM_JOURNAL_EVENT_LOG_H_
#define REDRESS_SERVICES_PLATFORM_JOURNAL_EVENT_LOG_H_

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "services/platform/async/cancellation.h"
#include "services/platform/async/executor.h"
#include "services/platform/async/signal.h"
#include "services/platform/async/task.h"
#include "services/platform/kv/store.h"

namespace redress::journal {

struct LoggedEvent {
  uint64_t number = 0;      // From 1, without gaps.
  kv::Version version = 0;  // The commit that it came with.
  std::string bytes;        // As given to ChangeSet::AppendEvent.
};

// Up to `limit` (1 to kv::kMaxScanLimit) events with numbers above `after`, in order, and fewer
// when they are large; none means that there are no more now. `store` must outlive the task.
async::Task<absl::StatusOr<std::vector<LoggedEvent>>> ReadEvents(kv::Store& store, uint64_t after,
                                                                 size_t limit);

// The number of the newest event; 0 when there is none.
async::Task<absl::StatusOr<uint64_t>> LastEventNumber(kv::Store& store);

// Wakes those who follow the event log, so that nobody polls: CommitChange announces the events of
// each commit here. A follower reads until there is no more, waits, and reads on:
//
//   for (;;) {
//     auto events = co_await ReadEvents(store, after, 100);
//     … send them and move `after` …
//     if (!events->empty()) continue;
//     const async::Wake wake = co_await followers.WaitBeyond(after, cancellation);
//     if (wake == async::Wake::kCancelled) break;
//   }
//
// It knows nothing of the store: what was announced before a process started is found by reading,
// and nothing is missed in between, because WaitBeyond compares numbers and not moments. The same
// class serves other numbered logs, such as the outbox of one peer.
//
// Thread-safe. Waiters go on upon `executor`, which must outlive it; it must outlive its waiters,
// which their cancellation ends.
class EventFollowers {
 public:
  explicit EventFollowers(async::Executor& executor) : executor_(executor) {}
  EventFollowers(const EventFollowers&) = delete;
  EventFollowers& operator=(const EventFollowers&) = delete;

  // Events up to `last_number` can be read now. Numbers may come out of order.
  void Announce(uint64_t last_number);

  // kNotified once an event above `number` was announced, at once when it was before. `limit` is
  // for heartbeats; every announcement starts it afresh.
  async::Task<async::Wake> WaitBeyond(uint64_t number, async::CancellationToken cancellation,
                                      absl::Duration limit = absl::InfiniteDuration());

 private:
  async::Executor& executor_;
  async::Signal signal_;
  std::atomic<uint64_t> last_number_ = 0;
};

}  // namespace redress::journal

#endif  // REDRESS_SERVICES_PLATFORM_JOURNAL_EVENT_LOG_H_
