#ifndef REDRESS_SERVICES_PLATFORM_JOURNAL_COMMIT_H_
#define REDRESS_SERVICES_PLATFORM_JOURNAL_COMMIT_H_

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "services/platform/async/task.h"
#include "services/platform/journal/change_set.h"
#include "services/platform/journal/event_log.h"
#include "services/platform/kv/store.h"

namespace redress::journal {

struct Committed {
  kv::Version version = 0;               // Of the commit; every key it put has it.
  std::vector<uint64_t> event_numbers;   // One per AppendEvent, in order.
  std::vector<uint64_t> outbox_numbers;  // One per AppendOutbox, in order.

  // Set when the same request was answered before, by an earlier try that overtook this one or by
  // this very commit whose answer was lost. Nothing more was written: answer from this, with its
  // version; the numbers above are then empty.
  std::optional<RememberedAnswer> repeated;
};

// Commits `changes` as one. When `followers` is given, they are told of the new events.
//
// Errors:
//   ABORTED ETAG_STALE {etag}         an ExpectVersion did not hold; `etag` is the version the key
//                                     has now, empty when it is gone
//   ABORTED                           an ExpectAbsent did not hold: read again, decide again
//   ALREADY_EXISTS REQUEST_ID_REUSED  the request id was used for something else meanwhile
//   RESOURCE_EXHAUSTED STORE_FULL     {free_bytes, floor_bytes}
//   UNAVAILABLE SHUTTING_DOWN         nothing was written
//   UNAVAILABLE COMMIT_UNKNOWN        not known; repeat with the same request id
//   INVALID_ARGUMENT TOO_MUCH_AT_ONCE the change is over a limit of the store
//   INTERNAL, DATA_LOSS               nothing was written: a row that it rests on cannot be read;
//                                     INTERNAL also for a change that is not well formed, a bug
// After ABORTED, GetConflictKey tells which key it was.
// `store` and `followers` must outlive the task.
async::Task<absl::StatusOr<Committed>> CommitChange(kv::Store& store, ChangeSet changes,
                                                    EventFollowers* followers = nullptr);

// Whether a refusal of CommitChange, or of a verb before it, says that nothing was written.
bool IsSurelyNotCommitted(const absl::Status& status);

// The key whose condition did not hold, from an ABORTED status of CommitChange; nullopt on others.
// It stays within the process: the wire never shows it.
std::optional<std::string> GetConflictKey(const absl::Status& status);

}  // namespace redress::journal

#endif  // REDRESS_SERVICES_PLATFORM_JOURNAL_COMMIT_H_
