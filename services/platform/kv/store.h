#ifndef REDRESS_SERVICES_PLATFORM_KV_STORE_H_
#define REDRESS_SERVICES_PLATFORM_KV_STORE_H_

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "services/platform/async/task.h"

namespace redress::kv {

// The store-wide number of the commit that last wrote a key. Starts at 1, grows with every commit,
// is never used twice, and survives restarts.
using Version = uint64_t;

inline constexpr size_t kMaxOperationsPerCommit = 1000;
inline constexpr size_t kMaxCommitBytes = 1 << 20;
inline constexpr size_t kMaxKeyBytes = 2 << 10;
inline constexpr size_t kMaxValueBytes = 256 << 10;
inline constexpr size_t kMaxNumbers = 16;
inline constexpr size_t kMaxScanLimit = 1000;
inline constexpr size_t kMaxScanBytes = 4 << 20;

struct Entry {
  std::string key;
  std::string value;
  Version version = 0;
};

// What must hold of a key for a commit to be done. Conditions are checked against the store as the
// earlier commits of the same batch leave it.
struct Condition {
  std::string key;
  // Unset: the key must be absent. Set: the key's last write must be this commit.
  std::optional<Version> version;

  static Condition Absent(std::string key) { return {std::move(key), std::nullopt}; }
  static Condition At(std::string key, Version version) { return {std::move(key), version}; }
};

struct Mutation {
  std::string key;
  std::optional<std::string> value;  // Unset: the key is deleted; deleting what is absent is fine.

  static Mutation Put(std::string key, std::string value) {
    return {std::move(key), std::move(value)};
  }
  static Mutation Delete(std::string key) { return {std::move(key), std::nullopt}; }
};

// A value for the end of a numbered log. The committer gives it the log's next number, so that no
// counter is contended; its key is LogKey(log, number). Numbers start at 1 and have no gaps.
struct Append {
  std::string log;  // The key prefix that all entries of this log share.
  std::string value;
};

// Amounts for the numbers of one row (numbers.h), one for each in order. The committer adds them,
// so that a count which many changes move needs no condition and is not contended. The row comes
// with what is first added and goes when all its numbers are zero. Nothing else may write it.
struct Addition {
  std::string key;
  std::vector<int64_t> amounts;  // Up to kMaxNumbers.
};

struct Change {
  std::vector<Condition> conditions;
  std::vector<Mutation> mutations;
  std::vector<Append> appends;
  std::vector<Addition> additions;
  // A key that this change writes (among `mutations`) and that no other change ever writes. An
  // engine that lost the connection in the middle of a commit reads it back to learn what became of
  // it. May be empty where such a change can be repeated harmlessly.
  std::string txn_key;
};

enum class CommitOutcome {
  kCommitted,  // Synced; nothing can take it back.
  kConflict,   // A condition did not hold; nothing was written. See `conflict_key`.
  kUnknown,    // The engine cannot tell (a remote engine's lost connection); read `txn_key` back.
  kUnread,     // What it rests on cannot be read; nothing was written. See `error`.
  kNoSpace,    // Refused before anything was written: below the free-space floor.
  kTooLarge,   // Refused before anything was written: over one of the limits above.
  kStopped,    // The store is closing; nothing was written.
  kInvalid,    // Refused before anything was written: an empty key or log name, one that begins
               // with 00 (the engine's own table), or a txn_key that the change does not put.
};

struct CommitResult {
  CommitOutcome outcome = CommitOutcome::kUnknown;
  Version version = 0;                   // Of this commit, when committed.
  std::vector<uint64_t> append_numbers;  // One per append, in order, when committed.
  std::string conflict_key;              // The first condition that failed, on a conflict,
  bool conflict_on_absent = false;       // and whether it was that the key be absent.
  uint64_t free_bytes = 0;               // What was left, and what must be left, on kNoSpace.
  uint64_t floor_bytes = 0;
  absl::Status error;  // On kUnread, as Get would give it.
};

// Entries with a prefix, in key order. `after` is an exclusive starting key, empty for the start;
// in a reverse scan, entries come in falling order and `after` is the exclusive upper end.
struct ScanRequest {
  std::string prefix;
  std::string after;
  size_t limit = 100;  // 1 to kMaxScanLimit.
  bool reverse = false;
  // 1 to kMaxScanBytes, of keys and values: the page ends before the entry that would go beyond.
  // A first entry is given whatever its size.
  size_t max_bytes = kMaxScanBytes;
};

// What a scan gives: the entries that fitted into both limits. Whether they are all tells `more`,
// never their number; a scan with `after` set to the last of their keys goes on from there.
struct ScanPage {
  std::vector<Entry> entries;
  bool more = false;  // There was an entry after the last of these; so never with no entries.
};

// An ordered key-value store with atomic, conditional, durable commits, and no more than that: no
// locks, no interactive transactions, no long snapshots, so that an embedded engine, a test double
// and a distributed database can all stand behind it.
//
// Atomicity: a committed change is visible whole or not at all, to every reader at once.
// Durability: kCommitted means that the change survives the loss of power.
// Order: commits are numbered one after another; a read that starts after a commit was answered
// sees it.
// Thread safety: all methods may be called from any thread; a returned task goes on upon the
// executor that the engine was given.
// An error status from Get or Scan means that the engine cannot answer (damage, closing); an absent
// key is not an error.
class Store {
 public:
  virtual ~Store() = default;

  virtual async::Task<absl::StatusOr<std::optional<Entry>>> Get(std::string key) = 0;
  virtual async::Task<absl::StatusOr<ScanPage>> Scan(ScanRequest request) = 0;
  virtual async::Task<CommitResult> Commit(Change change) = 0;
};

// What every engine refuses before it looks at anything else: nullopt when `change` is within the
// limits and well formed, else kTooLarge or kInvalid. Conditions, mutations, appends and additions
// all count as operations; keys and values all count as bytes.
std::optional<CommitOutcome> RefusedOutright(const Change& change);

// INVALID_ARGUMENT when one of the limits is out of range.
absl::Status CheckScan(const ScanRequest& request);

// The key of entry `number` of `log`: the log's prefix and the number as 8 big-endian bytes.
std::string LogKey(const std::string& log, uint64_t number);

}  // namespace redress::kv

#endif  // REDRESS_SERVICES_PLATFORM_KV_STORE_H_
