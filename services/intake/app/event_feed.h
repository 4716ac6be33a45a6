#ifndef REDRESS_SERVICES_INTAKE_APP_EVENT_FEED_H_
#define REDRESS_SERVICES_INTAKE_APP_EVENT_FEED_H_

#include <cstdint>
#include <vector>

#include "absl/status/statusor.h"
#include "services/intake/app/app_context.h"
#include "services/platform/async/cancellation.h"
#include "services/platform/async/signal.h"
#include "services/platform/async/task.h"
#include "services/platform/journal/event_log.h"

namespace redress::intake {

// A stretch of the event log. Each event's bytes are a serialised redress.intake.v1.Event without
// its number, which is beside them.
struct EventPage {
  std::vector<journal::LoggedEvent> events;
  uint64_t last_number = 0;  // Of the whole log.
};

// The event log for other services.
class EventFeed {
 public:
  explicit EventFeed(const AppContext& context) : context_(context) {}

  // Up to `limit` events after `after`; none when there are no more now.
  // OUT_OF_RANGE when `after` lies beyond the log.
  async::Task<absl::StatusOr<EventPage>> Read(uint64_t after, size_t limit);

  // Waits for an event above `after`; see journal::EventFollowers.
  async::Task<async::Wake> WaitBeyond(uint64_t after, async::CancellationToken cancellation,
                                      absl::Duration limit);

 private:
  const AppContext& context_;
};

}  // namespace redress::intake

#endif  // REDRESS_SERVICES_INTAKE_APP_EVENT_FEED_H_
