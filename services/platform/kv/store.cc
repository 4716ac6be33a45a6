#include "services/platform/kv/store.h"

#include "absl/status/status.h"

namespace redress::kv {
namespace {

bool IsUsableKey(const std::string& key) { return !key.empty() && key[0] != '\0'; }

// An append's key is its log's name and 8 bytes more.
constexpr size_t kMaxLogBytes = kMaxKeyBytes - sizeof(uint64_t);

}  // namespace

std::optional<CommitOutcome> RefusedOutright(const Change& change) {
  if (change.conditions.size() + change.mutations.size() + change.appends.size() +
          change.additions.size() >
      kMaxOperationsPerCommit) {
    return CommitOutcome::kTooLarge;
  }
  size_t bytes = 0;
  bool too_large = false;
  bool txn_key_is_put = change.txn_key.empty();
  for (const Condition& condition : change.conditions) {
    if (!IsUsableKey(condition.key)) return CommitOutcome::kInvalid;
    bytes += condition.key.size();
    too_large = too_large || condition.key.size() > kMaxKeyBytes;
  }
  for (const Mutation& mutation : change.mutations) {
    if (!IsUsableKey(mutation.key)) return CommitOutcome::kInvalid;
    const size_t value_bytes = mutation.value.has_value() ? mutation.value->size() : 0;
    bytes += mutation.key.size() + value_bytes;
    too_large = too_large || mutation.key.size() > kMaxKeyBytes || value_bytes > kMaxValueBytes;
    if (mutation.value.has_value() && mutation.key == change.txn_key) txn_key_is_put = true;
  }
  for (const Append& append : change.appends) {
    if (!IsUsableKey(append.log)) return CommitOutcome::kInvalid;
    bytes += append.log.size() + sizeof(uint64_t) + append.value.size();
    too_large =
        too_large || append.log.size() > kMaxLogBytes || append.value.size() > kMaxValueBytes;
  }
  for (const Addition& addition : change.additions) {
    if (!IsUsableKey(addition.key)) return CommitOutcome::kInvalid;
    bytes += addition.key.size() + addition.amounts.size() * sizeof(int64_t);
    too_large =
        too_large || addition.key.size() > kMaxKeyBytes || addition.amounts.size() > kMaxNumbers;
  }
  if (!txn_key_is_put) return CommitOutcome::kInvalid;
  if (too_large || bytes > kMaxCommitBytes) return CommitOutcome::kTooLarge;
  return std::nullopt;
}

absl::Status CheckScan(const ScanRequest& request) {
  if (request.limit < 1 || request.limit > kMaxScanLimit) {
    return absl::InvalidArgumentError("scan limit: accepted are 1 to 1000");
  }
  if (request.max_bytes < 1 || request.max_bytes > kMaxScanBytes) {
    return absl::InvalidArgumentError("scan bytes: accepted are 1 to 4 MiB");
  }
  return absl::OkStatus();
}

std::string LogKey(const std::string& log, uint64_t number) {
  char digits[sizeof(number)];
  for (size_t i = sizeof(number); i-- > 0; number >>= 8) digits[i] = static_cast<char>(number);
  return log + std::string(digits, sizeof(digits));
}

}  // namespace redress::kv
