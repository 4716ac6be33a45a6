#ifndef REDRESS_SERVICES_PLATFORM_KV_ROCKSDB_SETTINGS_H_
#define REDRESS_SERVICES_PLATFORM_KV_ROCKSDB_SETTINGS_H_

#include "rocksdb/options.h"
#include "services/platform/kv/rocksdb_store.h"

namespace redress::kv {

// How RocksDB is run: what is set otherwise than by default, and why.
rocksdb::Options EngineOptions(const RocksDbOptions& options);

}  // namespace redress::kv

#endif  // REDRESS_SERVICES_PLATFORM_KV_ROCKSDB_SETTINGS_H_
