#ifndef REDRESS_SERVICES_PLATFORM_KV_ROCKSDB_MEMORY_H_
#define REDRESS_SERVICES_PLATFORM_KV_ROCKSDB_MEMORY_H_

#include <cstdint>

#include "absl/base/thread_annotations.h"
#include "absl/synchronization/mutex.h"

namespace rocksdb {
class DB;
}  // namespace rocksdb

namespace redress::kv {

// What an open store has in memory, in bytes.
struct StoreMemoryUse {
  uint64_t memtables = 0;      // Written lately; bounded by RocksDbOptions::memtable_bytes, twice.
  uint64_t block_cache = 0;    // Read lately; bounded by RocksDbOptions::block_cache_bytes.
  uint64_t table_readers = 0;  // Filters and indexes of the tables: grows with what is stored.
};

// Tells it. Given to OpenRocksDbStore, which attaches it for as long as the store is open.
// Thread-safe; takes microseconds.
class StoreMemory {
 public:
  StoreMemory() = default;
  StoreMemory(const StoreMemory&) = delete;
  StoreMemory& operator=(const StoreMemory&) = delete;

  // Nothing while no store is open.
  StoreMemoryUse Use() const ABSL_LOCKS_EXCLUDED(mutex_);

  // For the store: null when it closes.
  void Attach(rocksdb::DB* store) ABSL_LOCKS_EXCLUDED(mutex_);

 private:
  mutable absl::Mutex mutex_;
  rocksdb::DB* store_ ABSL_GUARDED_BY(mutex_) = nullptr;
};

}  // namespace redress::kv

#endif  // REDRESS_SERVICES_PLATFORM_KV_ROCKSDB_MEMORY_H_
