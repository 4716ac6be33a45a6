#ifndef REDRESS_SERVICES_PLATFORM_KV_ROCKSDB_SETTINGS_H_
#define REDRESS_SERVICES_PLATFORM_KV_ROCKSDB_SETTINGS_H_

#include "rocksdb/options.h"
#include "rocksdb/write_batch.h"
#include "services/platform/kv/rocksdb_store.h"

namespace redress::kv {

// How RocksDB is run: what is set otherwise than by default, and why.
rocksdb::Options EngineOptions(const RocksDbOptions& options);

// For looking at a store, or copying one that nobody else has open: nothing is to be rewritten.
rocksdb::Options QuietOptions();

// How everything is read. From the cache tier a read gives up with Incomplete where it would have
// to wait for the disk.
rocksdb::ReadOptions EngineReads(rocksdb::ReadTier tier = rocksdb::kReadAllTier);

// An empty batch, each of whose keys and values has a checksum from when it is put in until it is
// written: a bit that memory turns over in between is noticed.
rocksdb::WriteBatch EngineBatch();

}  // namespace redress::kv

#endif  // REDRESS_SERVICES_PLATFORM_KV_ROCKSDB_SETTINGS_H_
