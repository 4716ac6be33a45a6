#ifndef REDRESS_SERVICES_PLATFORM_KV_ROCKSDB_BACKUP_H_
#define REDRESS_SERVICES_PLATFORM_KV_ROCKSDB_BACKUP_H_

#include <cstdint>
#include <functional>
#include <map>
#include <string>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/synchronization/mutex.h"
#include "services/platform/kv/store.h"

namespace rocksdb {
class DB;
}  // namespace rocksdb

namespace redress::kv {

// Takes the place at which an open store stands, while it goes on. Given to OpenRocksDbStore, which
// attaches it for as long as the store is open. Both methods block. Thread-safe.
class StorePoints {
 public:
  StorePoints() = default;
  StorePoints(const StorePoints&) = delete;
  StorePoints& operator=(const StorePoints&) = delete;

  // Writes what lies in memory into tables, so that Take has little to copy.
  absl::Status Flush() ABSL_LOCKS_EXCLUDED(mutex_);
  // Makes `folder` (must be absent, on the store's file system) a store of its own that holds every
  // commit answered before the call: hard links of the tables, which cost nothing, and a copy of
  // the log.
  absl::Status Take(const std::string& folder) ABSL_LOCKS_EXCLUDED(mutex_);

  // For the store: null when it closes, which waits for what is under way.
  void Attach(rocksdb::DB* store) ABSL_LOCKS_EXCLUDED(mutex_);

 private:
  absl::Mutex mutex_;
  rocksdb::DB* store_ ABSL_GUARDED_BY(mutex_) = nullptr;
};

// What a store says of itself in its own rows.
struct StoreState {
  Version last_commit = 0;
  uint32_t schema = 0;
  std::map<std::string, uint64_t> logs;  // By log name: the last number given.

  friend bool operator==(const StoreState&, const StoreState&) = default;
};

// Reads it from a store at `path` without changing it. DATA_LOSS when it is damaged or no store of
// ours, NOT_FOUND when there is none.
absl::StatusOr<StoreState> ReadStoreState(const std::string& path);

// Copies of a store in a folder of their own, numbered from 1; each holds the whole, and tables
// that an earlier copy has are shared with it. Every file has a checksum. Blocking; one at a time
// for a folder.
//
// `point` is what StorePoints::Take made. `go_on` is asked after each MiB and ends the copy when it
// says no (CANCELLED). An error leaves the earlier copies as they were; RESOURCE_EXHAUSTED when
// there is no room.
absl::StatusOr<uint32_t> AddStoreCopy(const std::string& point, const std::string& folder,
                                      const std::function<bool(uint64_t bytes_copied)>& go_on);
// Reads every file of the copy and compares its checksum. DATA_LOSS names the file that differs.
absl::Status CheckStoreCopy(const std::string& folder, uint32_t id);
// Writes the copy to `store_path`, which must be absent; checks the sizes and checksums on the way.
absl::Status RestoreStoreCopy(const std::string& folder, uint32_t id,
                              const std::string& store_path);
// Removes every copy but those named, and what no copy needs any more. How many copies. `go_on` is
// asked before each; CANCELLED when it says no.
absl::StatusOr<uint32_t> KeepStoreCopies(const std::string& folder,
                                         const std::vector<uint32_t>& ids,
                                         const std::function<bool()>& go_on);
// Removes one copy, and what no other needs.
absl::Status RemoveStoreCopy(const std::string& folder, uint32_t id);

}  // namespace redress::kv

#endif  // REDRESS_SERVICES_PLATFORM_KV_ROCKSDB_BACKUP_H_
