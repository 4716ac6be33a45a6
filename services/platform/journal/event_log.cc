#include "services/platform/journal/event_log.h"

#include <utility>

#include "services/platform/journal/keys.h"
#include "services/platform/kv/key_codec.h"
#include "services/platform/status/status_macros.h"

namespace redress::journal {

async::Task<absl::StatusOr<std::vector<LoggedEvent>>> ReadEvents(kv::Store& store, uint64_t after,
                                                                 size_t limit) {
  const std::string log = EventLog();
  kv::ScanRequest request;
  request.prefix = log;
  request.after = kv::LogKey(log, after);
  request.limit = limit;
  absl::StatusOr<kv::ScanPage> page = co_await store.Scan(std::move(request));
  CO_RETURN_IF_ERROR(page.status());
  std::vector<LoggedEvent> events;
  events.reserve(page->entries.size());
  for (kv::Entry& entry : page->entries) {
    CO_ASSIGN_OR_RETURN(const uint64_t number, kv::LogNumber(log, entry.key));
    events.push_back({number, entry.version, std::move(entry.value)});
  }
  co_return events;
}

async::Task<absl::StatusOr<uint64_t>> LastEventNumber(kv::Store& store) {
  const std::string log = EventLog();
  kv::ScanRequest request;
  request.prefix = log;
  request.limit = 1;
  request.reverse = true;
  const absl::StatusOr<kv::ScanPage> last = co_await store.Scan(std::move(request));
  CO_RETURN_IF_ERROR(last.status());
  if (last->entries.empty()) co_return 0;
  co_return kv::LogNumber(log, last->entries.front().key);
}

void EventFollowers::Announce(uint64_t last_number) {
  uint64_t known = last_number_.load();
  while (known < last_number && !last_number_.compare_exchange_weak(known, last_number)) {
  }
  if (known < last_number) signal_.Notify();
}

async::Task<async::Wake> EventFollowers::WaitBeyond(uint64_t number,
                                                    async::CancellationToken cancellation,
                                                    absl::Duration limit) {
  for (;;) {
    // Counted before looking, so that an announcement in between ends the wait.
    const uint64_t seen = signal_.count();
    if (cancellation.IsCancelled()) co_return async::Wake::kCancelled;
    if (last_number_.load() > number) co_return async::Wake::kNotified;
    async::CancellationToken passed_on = cancellation;
    const async::Wake wake =
        co_await signal_.WaitPast(executor_, seen, std::move(passed_on), limit);
    if (wake != async::Wake::kNotified) co_return wake;
  }
}

}  // namespace redress::journal
