#ifndef REDRESS_SERVICES_PLATFORM_KV_ENGINE_H_
#define REDRESS_SERVICES_PLATFORM_KV_ENGINE_H_

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "services/platform/kv/commit_batch.h"
#include "services/platform/kv/store.h"

namespace redress::kv {

// What an embedded engine offers to the committer and to the schema check, which are the same for
// all of them: plain reads, and one batch at a time that is filled and then written whole.
//
// Table 00 holds the engine's own rows, with bare values; all others carry a version. Reads may
// come from any thread; the batch belongs to one.
class Engine : public BatchSink {
 public:
  using Row = std::pair<std::string, std::string>;

  virtual absl::StatusOr<std::optional<Version>> VersionOf(const std::string& key) = 0;
  virtual absl::StatusOr<std::optional<std::string>> ReadValue(const std::string& key) = 0;
  virtual absl::StatusOr<ScanPage> ReadRange(const ScanRequest& request) = 0;
  // Every own row whose key begins with `prefix`, in key order.
  virtual absl::StatusOr<std::vector<Row>> OwnRows(std::string_view prefix) = 0;

  virtual void PutOwnRow(std::string_view key, std::string_view value) = 0;
  virtual void DeleteOwnRow(std::string_view key) = 0;
  virtual size_t BatchBytes() const = 0;
  // Writes the batch atomically, syncs it, and begins an empty one. After an error it is not known
  // whether the batch was written.
  virtual absl::Status WriteSynced() = 0;

  // What the file system has left for this store.
  virtual uint64_t FreeBytes() const = 0;
};

// The engine's own rows. Numbers are 8 bytes, big-endian.
namespace own_rows {
inline constexpr std::string_view kLastVersion("\0v", 2);   // The last commit's number.
inline constexpr std::string_view kSchema("\0s", 2);        // The schema version.
inline constexpr std::string_view kSentinelKept("\0g", 2);  // 1 since a sentinel is kept beside it.
inline constexpr std::string_view kMigration("\0m",
                                             2);  // The step begun, then the last key it has done.
inline constexpr std::string_view kLogCounter("\0l", 2);  // Then the log's name: its last number.
}  // namespace own_rows

std::string EncodeOwnNumber(uint64_t number);
// DATA_LOSS when `bytes` are fewer than 8; what follows them is ignored.
absl::StatusOr<uint64_t> DecodeOwnNumber(std::string_view bytes);
// The number at exactly `key`; nullopt when there is no such row.
absl::StatusOr<std::optional<uint64_t>> ReadOwnNumber(Engine& engine, std::string_view key);

}  // namespace redress::kv

#endif  // REDRESS_SERVICES_PLATFORM_KV_ENGINE_H_
