#include "services/platform/kv/commit_batch.h"

#include <utility>

namespace redress::kv {

CommitBatch::CommitBatch(CommitterState& state, Lookup lookup, BatchSink& sink)
    : state_(state), lookup_(std::move(lookup)), sink_(sink) {}

absl::StatusOr<std::optional<Version>> CommitBatch::CurrentVersion(const std::string& key) {
  if (const auto found = changed_.find(key); found != changed_.end()) return found->second;
  return lookup_(key);
}

CommitResult CommitBatch::Add(const Change& change) {
  CommitResult result;
  for (const Condition& condition : change.conditions) {
    const absl::StatusOr<std::optional<Version>> current = CurrentVersion(condition.key);
    if (!current.ok()) {
      result.outcome = CommitOutcome::kUnknown;
      return result;
    }
    if (*current != condition.version) {
      result.outcome = CommitOutcome::kConflict;
      result.conflict_key = condition.key;
      result.conflict_on_absent = !condition.version.has_value();
      return result;
    }
  }
  result.outcome = CommitOutcome::kCommitted;
  result.version = ++state_.last_version;
  for (const Mutation& mutation : change.mutations) {
    if (mutation.value.has_value()) {
      sink_.Put(mutation.key, result.version, *mutation.value);
      Note(mutation.key, result.version);
    } else {
      sink_.Delete(mutation.key);
      Note(mutation.key, std::nullopt);
    }
  }
  result.append_numbers.reserve(change.appends.size());
  for (const Append& append : change.appends) {
    const uint64_t number = ++state_.log_counters[append.log];
    const std::string& key = log_keys_.emplace_back(LogKey(append.log, number));
    sink_.Put(key, result.version, append.value);
    Note(key, result.version);
    touched_logs_.insert(append.log);
    result.append_numbers.push_back(number);
  }
  ++committed_;
  return result;
}

}  // namespace redress::kv
