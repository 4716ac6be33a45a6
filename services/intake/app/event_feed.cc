#include "services/intake/app/event_feed.h"

#include <utility>

#include "fmt/format.h"
#include "services/platform/status/status_macros.h"

namespace redress::intake {

async::Task<absl::StatusOr<EventPage>> EventFeed::Read(uint64_t after, size_t limit) {
  EventPage page;
  absl::StatusOr<std::vector<journal::LoggedEvent>> events =
      co_await journal::ReadEvents(context_.store, after, limit);
  CO_RETURN_IF_ERROR(events.status());
  page.events = *std::move(events);
  const absl::StatusOr<uint64_t> last = co_await journal::LastEventNumber(context_.store);
  CO_RETURN_IF_ERROR(last.status());
  page.last_number = *last;
  if (after > page.last_number) {
    co_return absl::OutOfRangeError(
        fmt::format("after: {} lies beyond the log, whose last number is {}", after, *last));
  }
  co_return page;
}

async::Task<async::Wake> EventFeed::WaitBeyond(uint64_t after,
                                               async::CancellationToken cancellation,
                                               absl::Duration limit) {
  const async::Wake wake =
      co_await context_.followers.WaitBeyond(after, std::move(cancellation), limit);
  co_return wake;
}

}  // namespace redress::intake
