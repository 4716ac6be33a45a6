#include "services/platform/journal/commit.h"

#include <utility>

#include "absl/strings/cord.h"
#include "fmt/format.h"
#include "services/platform/journal/keys.h"
#include "services/platform/status/refusal.h"
#include "services/platform/status/status_macros.h"

namespace redress::journal {
namespace {

constexpr char kConflictKeyPayload[] = "redress/conflict-key";

absl::Status WithConflictKey(absl::Status status, const std::string& key) {
  status.SetPayload(kConflictKeyPayload, absl::Cord(key));
  return status;
}

Committed ToCommitted(const kv::CommitResult& result,
                      const std::vector<ChangeSet::LogKind>& append_kinds) {
  Committed committed;
  committed.version = result.version;
  for (size_t i = 0; i < append_kinds.size(); ++i) {
    if (append_kinds[i] == ChangeSet::LogKind::kEvent) {
      committed.event_numbers.push_back(result.append_numbers[i]);
    } else if (append_kinds[i] == ChangeSet::LogKind::kOutbox) {
      committed.outbox_numbers.push_back(result.append_numbers[i]);
    }
  }
  return committed;
}

absl::Status CommitUnknown() {
  return Refuse(absl::StatusCode::kUnavailable, "COMMIT_UNKNOWN",
                "not known whether the change was stored; repeat with the same request_id");
}

// What was remembered under the change's request, after a commit that lost to it or got no answer.
async::Task<absl::StatusOr<Committed>> AnswerFromRequestRow(kv::Store& store,
                                                            RequestIdentity identity) {
  absl::StatusOr<std::optional<RememberedAnswer>> found =
      co_await FindRequest(store, std::move(identity));
  CO_RETURN_IF_ERROR(found.status());
  if (!found->has_value()) co_return CommitUnknown();
  Committed committed;
  committed.version = (*found)->version;
  committed.repeated = std::move(*found);
  co_return committed;
}

async::Task<absl::Status> DescribeConflict(kv::Store& store, std::string key,
                                           bool had_to_be_absent) {
  if (had_to_be_absent) {
    absl::Status status =
        absl::AbortedError("something that had to be new exists by now; read again");
    co_return WithConflictKey(std::move(status), key);
  }
  std::string read_key = key;
  const absl::StatusOr<std::optional<kv::Entry>> current = co_await store.Get(std::move(read_key));
  CO_RETURN_IF_ERROR(current.status());
  const std::string etag =
      current->has_value() ? std::to_string((*current)->version) : std::string();
  co_return WithConflictKey(RefuseStaleEtag(etag), key);
}

bool LostToRequest(const kv::CommitResult& result, const RequestIdentity& identity) {
  return result.outcome == kv::CommitOutcome::kConflict &&
         result.conflict_key == RequestKey(identity.caller, identity.request_id);
}

absl::Status NotCommitted(const kv::CommitResult& result) {
  switch (result.outcome) {
    case kv::CommitOutcome::kNoSpace:
      return RefuseStoreFull(result.free_bytes, result.floor_bytes);
    case kv::CommitOutcome::kStopped:
      return Refuse(absl::StatusCode::kUnavailable, "SHUTTING_DOWN",
                    "the process is stopping; nothing was stored");
    case kv::CommitOutcome::kTooLarge:
      return Refuse(absl::StatusCode::kInvalidArgument, "TOO_MUCH_AT_ONCE",
                    "this is more than can be stored in one step; send fewer members or entries in "
                    "a call, or shorter texts");
    case kv::CommitOutcome::kUnread:
      return result.error;
    case kv::CommitOutcome::kInvalid:
      return absl::InternalError("the change is not well formed");
    default:
      return CommitUnknown();
  }
}

}  // namespace

async::Task<absl::StatusOr<Committed>> CommitChange(kv::Store& store, ChangeSet changes,
                                                    EventFollowers* followers) {
  kv::Change change = changes.TakeChange();
  const kv::CommitResult result = co_await store.Commit(std::move(change));
  if (result.outcome == kv::CommitOutcome::kCommitted) {
    Committed committed = ToCommitted(result, changes.append_kinds());
    if (followers != nullptr && !committed.event_numbers.empty()) {
      followers->Announce(committed.event_numbers.back());
    }
    co_return committed;
  }
  const bool unknown = result.outcome == kv::CommitOutcome::kUnknown;
  if (changes.identity().has_value() && (unknown || LostToRequest(result, *changes.identity()))) {
    RequestIdentity identity = *changes.identity();
    absl::StatusOr<Committed> answered = co_await AnswerFromRequestRow(store, std::move(identity));
    // The commit itself may be the one whose answer was lost: then nobody else tells of its events.
    if (unknown && answered.ok() && followers != nullptr) {
      const absl::StatusOr<uint64_t> last = co_await LastEventNumber(store);
      if (last.ok()) followers->Announce(*last);
    }
    co_return answered;
  }
  if (result.outcome == kv::CommitOutcome::kConflict) {
    std::string key = result.conflict_key;
    co_return co_await DescribeConflict(store, std::move(key), result.conflict_on_absent);
  }
  co_return NotCommitted(result);
}

bool IsSurelyNotCommitted(const absl::Status& status) {
  return absl::IsAborted(status) || absl::IsResourceExhausted(status) ||
         absl::IsFailedPrecondition(status);
}

std::optional<std::string> GetConflictKey(const absl::Status& status) {
  const absl::optional<absl::Cord> payload = status.GetPayload(kConflictKeyPayload);
  if (!payload.has_value()) return std::nullopt;
  return std::string(*payload);
}

}  // namespace redress::journal
