#ifndef REDRESS_SERVICES_STATUS_APP_EVENT_SOURCE_H_
#define REDRESS_SERVICES_STATUS_APP_EVENT_SOURCE_H_

#include <cstdint>
#include <memory>
#include <optional>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "services/platform/async/cancellation.h"
#include "services/platform/async/task.h"
#include "services/status/domain/events.h"

namespace redress::status {

// The event logs of intake and referral, as the application reads them: a port, implemented by
// clients. For the executor's thread.

// What a reading brings: the next event, or a sign of life.
template <class Event>
struct LogMessage {
  std::optional<Event> event;
  uint64_t last_number = 0;  // Of the log, when this was sent.
};

template <class Event>
class LogReading {
 public:
  virtual ~LogReading() = default;
  // Nothing when it has ended; Finish says why.
  virtual async::Task<std::optional<LogMessage<Event>>> Next() = 0;
  // OK at the end of the log, or when the call's time was over. After Next gave nothing.
  virtual async::Task<absl::Status> Finish() = 0;
};

template <class Event>
class EventSource {
 public:
  virtual ~EventSource() = default;
  // The events after `after`, in order. With `follow` it stays and brings what comes until its
  // call's time is over; otherwise it ends at the end of the log.
  virtual async::Task<absl::StatusOr<std::unique_ptr<LogReading<Event>>>> Read(
      uint64_t after, bool follow, async::CancellationToken cancellation) = 0;
};

}  // namespace redress::status

#endif  // REDRESS_SERVICES_STATUS_APP_EVENT_SOURCE_H_
