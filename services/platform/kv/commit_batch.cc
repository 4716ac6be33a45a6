#include "services/platform/kv/commit_batch.h"

#include <algorithm>
#include <utility>

#include "services/platform/kv/numbers.h"
#include "services/platform/status/status_macros.h"

namespace redress::kv {

CommitBatch::CommitBatch(CommitterState& state, Lookup lookup, ReadValue read_value,
                         BatchSink& sink)
    : state_(state), lookup_(std::move(lookup)), read_value_(std::move(read_value)), sink_(sink) {}

absl::StatusOr<std::optional<Version>> CommitBatch::CurrentVersion(const std::string& key) {
  if (const auto found = changed_.find(key); found != changed_.end()) return found->second;
  return lookup_(key);
}

absl::StatusOr<const Condition*> CommitBatch::FailedCondition(const Change& change) {
  for (const Condition& condition : change.conditions) {
    ASSIGN_OR_RETURN(const std::optional<Version> current, CurrentVersion(condition.key));
    if (current != condition.version) return &condition;
  }
  return nullptr;
}

absl::Status CommitBatch::LoadNumbers(const Change& change) {
  for (const Addition& addition : change.additions) {
    if (numbers_.contains(addition.key)) continue;
    ASSIGN_OR_RETURN(const std::optional<std::string> row, read_value_(addition.key));
    Numbers numbers;
    if (row.has_value()) {
      ASSIGN_OR_RETURN(numbers, DecodeNumbers(*row));
    }
    numbers_.emplace(addition.key, std::move(numbers));
  }
  return absl::OkStatus();
}

void CommitBatch::AddNumbers(const Addition& addition, Version version) {
  Numbers& numbers = numbers_[addition.key];
  numbers.resize(std::max(numbers.size(), addition.amounts.size()));
  for (size_t i = 0; i < addition.amounts.size(); ++i) numbers[i] += addition.amounts[i];
  const bool zero = std::all_of(numbers.begin(), numbers.end(), [](int64_t n) { return n == 0; });
  if (zero) {
    sink_.Delete(addition.key);
    Note(addition.key, std::nullopt);
  } else {
    sink_.Put(addition.key, version, number_rows_.emplace_back(EncodeNumbers(numbers)));
    Note(addition.key, version);
  }
}

CommitResult CommitBatch::Add(const Change& change) {
  CommitResult result;
  const absl::StatusOr<const Condition*> failed = FailedCondition(change);
  if (failed.ok() && *failed != nullptr) {
    result.outcome = CommitOutcome::kConflict;
    result.conflict_key = (*failed)->key;
    result.conflict_on_absent = !(*failed)->version.has_value();
    return result;
  }
  result.error = failed.ok() ? LoadNumbers(change) : failed.status();
  if (!result.error.ok()) {
    result.outcome = CommitOutcome::kUnread;
    return result;
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
  for (const Addition& addition : change.additions) AddNumbers(addition, result.version);
  ++committed_;
  return result;
}

}  // namespace redress::kv
