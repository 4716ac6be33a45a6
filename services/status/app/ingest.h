#ifndef REDRESS_SERVICES_STATUS_APP_INGEST_H_
#define REDRESS_SERVICES_STATUS_APP_INGEST_H_

#include <cstdint>
#include <functional>
#include <string>
#include <variant>
#include <vector>

#include "absl/status/status.h"
#include "absl/time/time.h"
#include "services/platform/async/cancellation.h"
#include "services/platform/async/channel.h"
#include "services/platform/async/executor.h"
#include "services/platform/async/task.h"
#include "services/platform/time/clock.h"
#include "services/status/app/directory.h"
#include "services/status/app/event_source.h"
#include "services/status/app/progress.h"
#include "services/status/app/projector.h"
#include "services/status/app/read_model.h"
#include "services/status/domain/apply.h"

namespace redress::status {

// Takes both logs into the read models, and is the only one that writes them.
//
//   RETURN_IF_ERROR(co_await ingest.Open(rebuild));
//   group.Start(ingest.Follow(intake_events, cancellation));
//   group.Start(ingest.Follow(referral_events, cancellation));
//   group.Start(ingest.RunDue(cancellation));
//   group.Start(ingest.Write(cancellation));
//
// Two followers read the logs, each from its stored cursor, and hand events to one writer, which
// commits effects and cursors together: whatever is lost by a crash is read again. The read models
// count as whole once both logs were taken in as far as they went when they were first read.
//
// For the executor's thread; the tasks end soon after their cancellation.
class Ingest {
 public:
  // What goes on side by side.
  enum class Task { kReadIntake, kReadReferral, kWrite, kRunDue };

  struct Parts {
    std::string node;
    absl::Duration screening_time = kScreeningTime;
    ReadModel& model;
    Directory& directory;
    Progress& progress;
    const Clock& clock;
    async::Executor& executor;
    // Told of a log that cannot be read, of a commit that failed, and of what ends and cannot be
    // read. For logging.
    std::function<void(Task task, const absl::Status& status)> on_trouble;
    std::function<void(Log log, uint64_t behind)> on_progress;
    // Told of a case that has become too large to be kept, when it is not any more. For logging.
    std::function<void(const std::string& case_number)> on_set_aside;
  };

  explicit Ingest(Parts parts);

  // Reads cursors and directory. With `rebuild`, or when an earlier rebuild was interrupted while
  // wiping, everything is removed first; when one was interrupted while reading, it goes on.
  async::Task<absl::Status> Open(bool rebuild);

  template <class Event>
  async::Task<void> Follow(EventSource<Event>& source, async::CancellationToken cancellation);
  async::Task<void> Write(async::CancellationToken cancellation);
  // Lets cases pass into the next time band, and consents to attachés run out, when their time has
  // come. Looks once a minute.
  async::Task<void> RunDue(async::CancellationToken cancellation);

 private:
  // An event to take in, that a time band or a consent has ended, or that something is to be looked
  // at.
  struct Nudge {};
  using Item = std::variant<IntakeEvent, ReferralEvent, BandEnd, ConsentEnd, Nudge>;

  template <class Event>
  async::Task<absl::Status> ReadOnce(EventSource<Event>& source, bool follow, uint64_t& queued,
                                     async::CancellationToken cancellation);
  template <class Event>
  async::Task<absl::Status> TakeEvent(Log log, Event event, WriteSet& writes);
  async::Task<absl::Status> TakeItem(Item item, WriteSet& writes);
  // Reads how far the store has come, and what it knows beside cases.
  async::Task<absl::Status> FindPlace();
  async::Task<absl::Status> TakeBatch(std::vector<Item> items);
  // Again and again until it has worked; false when it is stopped before.
  async::Task<bool> TakeUntilDone(std::vector<Item> items, async::CancellationToken cancellation);
  async::Task<absl::Status> Commit(WriteSet& writes);
  async::Task<absl::Status> MarkWhole();
  // What has become due by now, the first of it.
  async::Task<std::vector<Item>> FindDue();
  void NoteCurrent(Log log);
  void Tell(Task task, const absl::Status& status) const;

  // A commit is begun anew beyond this. The more events are in one, the fewer rows are written, as
  // most are cells, of which each case changes many that others change too.
  static constexpr size_t kCommitOperations = 6000;
  static constexpr size_t kQueueLength = 512;
  static constexpr size_t kBatch = 400;

  Parts parts_;
  Projector projector_;
  async::Channel<Item> queue_{kQueueLength};
  Cursor intake_cursor_;
  Cursor referral_cursor_;
};

}  // namespace redress::status

#endif  // REDRESS_SERVICES_STATUS_APP_INGEST_H_
