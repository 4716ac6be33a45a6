#ifndef REDRESS_SERVICES_PLATFORM_KV_COMMIT_BATCH_H_
#define REDRESS_SERVICES_PLATFORM_KV_COMMIT_BATCH_H_

#include <cstdint>
#include <deque>
#include <functional>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "services/platform/kv/store.h"

namespace redress::kv {

// Where the writes of a batch go. Arguments live until the batch is written.
class BatchSink {
 public:
  virtual ~BatchSink() = default;
  virtual void Put(const std::string& key, Version version, const std::string& value) = 0;
  virtual void Delete(const std::string& key) = 0;
};

// What a committer carries from batch to batch.
struct CommitterState {
  Version last_version = 0;
  std::map<std::string, uint64_t> log_counters;  // By log name: the last number given.
};

// Decides the commits of one batch, one after another, as if each were alone: checks its conditions
// against the store and the earlier commits of the batch, gives it a version, numbers its appends
// and hands its writes to the sink. All engines with a committer of their own share it, so that
// they cannot differ in what a commit means.
//
// `state` moves on as commits are accepted: an engine that then fails to write the batch must not
// go on with it. Changes given to Add must outlive the batch. Not thread-safe.
class CommitBatch {
 public:
  // The version of a key in the store as it was before the batch, and the value; nullopt when
  // absent.
  using Lookup = std::function<absl::StatusOr<std::optional<Version>>(const std::string& key)>;
  using ReadValue =
      std::function<absl::StatusOr<std::optional<std::string>>(const std::string& key)>;

  CommitBatch(CommitterState& state, Lookup lookup, ReadValue read_value, BatchSink& sink);

  // kCommitted, kConflict, or kUnread when a lookup failed; the latter two wrote nothing.
  // REQUIRES: RefusedOutright(change) is nullopt.
  CommitResult Add(const Change& change);

  // How many were kCommitted.
  size_t committed() const { return committed_; }
  // The logs that got entries, whose counters must be stored with the batch.
  const std::set<std::string>& touched_logs() const { return touched_logs_; }

 private:
  using Numbers = std::vector<int64_t>;

  absl::StatusOr<std::optional<Version>> CurrentVersion(const std::string& key);
  // The condition that fails first, if one does.
  absl::StatusOr<const Condition*> FailedCondition(const Change& change);
  // Reads what the additions go to, so that nothing is written when that cannot be.
  absl::Status LoadNumbers(const Change& change);
  void AddNumbers(const Addition& addition, Version version);
  void Note(absl::string_view key, std::optional<Version> version) { changed_[key] = version; }

  CommitterState& state_;
  const Lookup lookup_;
  const ReadValue read_value_;
  BatchSink& sink_;
  size_t committed_ = 0;
  std::set<std::string> touched_logs_;
  // Keys that this batch has written so far. The views are of the changes and of `log_keys_`.
  absl::flat_hash_map<absl::string_view, std::optional<Version>> changed_;
  std::deque<std::string> log_keys_;
  std::map<std::string, Numbers> numbers_;  // Of the rows added to, as the batch leaves them.
  std::deque<std::string> number_rows_;     // What the sink was given of them.
};

}  // namespace redress::kv

#endif  // REDRESS_SERVICES_PLATFORM_KV_COMMIT_BATCH_H_
