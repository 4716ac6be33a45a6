#include "services/platform/kv/rocksdb_memory.h"

#include "rocksdb/db.h"

namespace redress::kv {

StoreMemoryUse StoreMemory::Use() const {
  const absl::MutexLock lock(&mutex_);
  StoreMemoryUse use;
  if (store_ == nullptr) return use;
  using Properties = rocksdb::DB::Properties;
  store_->GetIntProperty(Properties::kSizeAllMemTables, &use.memtables);
  store_->GetIntProperty(Properties::kBlockCacheUsage, &use.block_cache);
  store_->GetIntProperty(Properties::kEstimateTableReadersMem, &use.table_readers);
  return use;
}

void StoreMemory::Attach(rocksdb::DB* store) {
  const absl::MutexLock lock(&mutex_);
  store_ = store;
}

}  // namespace redress::kv
