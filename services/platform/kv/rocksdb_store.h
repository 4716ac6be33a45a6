#ifndef REDRESS_SERVICES_PLATFORM_KV_ROCKSDB_STORE_H_
#define REDRESS_SERVICES_PLATFORM_KV_ROCKSDB_STORE_H_

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "services/platform/async/blocking_pool.h"
#include "services/platform/async/executor.h"
#include "services/platform/kv/committer.h"
#include "services/platform/kv/rocksdb_backup.h"
#include "services/platform/kv/rocksdb_memory.h"
#include "services/platform/kv/schema.h"
#include "services/platform/kv/store.h"
#include "services/platform/kv/store_guard.h"

namespace rocksdb {
class Env;
}

namespace redress::kv {

struct RocksDbOptions {
  std::string path;  // A folder; made when absent (its parent must exist).
  // The schema that this binary reads and writes, from 1. A new store gets it; an older store is
  // migrated to it; a newer store is refused.
  uint32_t schema_version = 1;
  std::vector<Migration> migrations;  // All there ever were, in rising order of `to`.
  size_t block_cache_bytes = 64 << 20;
  // What was written lately; as much again while the last of it is being put into a file.
  size_t memtable_bytes = 64 << 20;
  // Commits are refused with kNoSpace while the file system has less than this left: a log write
  // that fails for lack of room ends the process, and so would its restart.
  uint64_t free_space_floor_bytes = 256 << 20;
  // Room that is set aside beside the store and given up when there is too little to open it; 0
  // sets nothing aside.
  uint64_t ballast_bytes = 0;
  // Open although the store has lost everything after this commit; see CheckSentinel.
  AcceptedLoss accepted_loss;
  // Told, on a thread of RocksDB's, that flushing or compacting failed: the store can still be
  // read, and its next commit ends the process. What failed is in the LOG in the store's folder.
  std::function<void()> on_background_error;
  // How much room is left for `path`; unset asks the file system.
  std::function<uint64_t(const std::string& path)> free_bytes;
  // Where reads that miss the cache are done, so that the executor's thread need not wait for the
  // disk. Unset: they are done where they are asked for.
  async::BlockingPool* cold_reads = nullptr;
  // Hears of every batch, see committer.h. Unset: nobody does.
  BatchObserver batch_observer;
  // Attached to the store for as long as it is open. Unset: no backup can be taken of it.
  StorePoints* points = nullptr;
  // The same, of what it has in memory. Unset: nobody asks.
  StoreMemory* memory = nullptr;
  // Stands for the disk in tests of what a failing one does. Unset: the machine's own. Borrowed.
  rocksdb::Env* disk = nullptr;
};

// Opens (or makes) an embedded store over RocksDB. Reads are done on the calling thread, commits by
// the store's one committer (committer.h). A log write that fails ends the process with status 70.
// A sentinel and, when wanted, a ballast lie beside it (store_guard.h).
//
// Destruction finishes the batch in hand and answers the commits still queued with kStopped. All
// tasks of the store must be finished or destroyed, on the executor's thread, before the executor
// is.
//
// Errors: FAILED_PRECONDITION when another process has the store open, when it was written by a
// newer schema, or when a migration is missing; DATA_LOSS when it is damaged or has lost commits
// (store_guard.h); UNAVAILABLE otherwise.
absl::StatusOr<std::unique_ptr<Store>> OpenRocksDbStore(RocksDbOptions options,
                                                        async::Executor& executor);

// Opens a store only to look at it, also while a service has it open: it then shows what was there
// at the time of opening. Commits are answered kStopped. No migration is run and any schema is
// accepted.
absl::StatusOr<std::unique_ptr<Store>> OpenRocksDbReadOnly(const std::string& path);

// The schema version of the store at `path`, without a migration; NOT_FOUND when there is none.
absl::StatusOr<uint32_t> ReadRocksDbSchemaVersion(const std::string& path);

}  // namespace redress::kv

#endif  // REDRESS_SERVICES_PLATFORM_KV_ROCKSDB_STORE_H_
