#include "services/platform/kv/rocksdb_settings.h"

#include <functional>
#include <memory>
#include <utility>

#include "rocksdb/cache.h"
#include "rocksdb/filter_policy.h"
#include "rocksdb/listener.h"
#include "rocksdb/table.h"
#include "services/platform/files/descriptors.h"

namespace redress::kv {
namespace {

rocksdb::BlockBasedTableOptions TableOptions(const RocksDbOptions& options) {
  rocksdb::BlockBasedTableOptions table;
  // +50 % on Get against the LRU cache, which locks. Blocks are of 4 KiB before compression.
  table.block_cache = rocksdb::HyperClockCacheOptions(options.block_cache_bytes, table.block_size)
                          .MakeSharedCache();
  table.filter_policy.reset(rocksdb::NewBloomFilterPolicy(10));
  table.cache_index_and_filter_blocks = false;
  table.format_version = 5;
  return table;
}

// Tells whoever wants to know that RocksDB's own threads met an error. Whether it ends the process
// is for the next commit to find.
class BackgroundErrorListener final : public rocksdb::EventListener {
 public:
  explicit BackgroundErrorListener(std::function<void()> tell) : tell_(std::move(tell)) {}

  void OnBackgroundError(rocksdb::BackgroundErrorReason, rocksdb::Status*) override { tell_(); }

 private:
  const std::function<void()> tell_;
};

}  // namespace

rocksdb::Options EngineOptions(const RocksDbOptions& options) {
  rocksdb::Options engine;
  engine.create_if_missing = true;
  // The default recovery silently drops whatever follows a damaged byte in the log. This mode
  // forgives only a last record that was being written when the power went, and was never answered.
  engine.wal_recovery_mode = rocksdb::WALRecoveryMode::kTolerateCorruptedTailRecords;
  engine.paranoid_checks = true;
  engine.track_and_verify_wals_in_manifest = true;  // Not to be combined with SyncWAL().
  engine.manual_wal_flush = false;
  engine.unordered_write = false;
  engine.wal_compression = rocksdb::kNoCompression;
  engine.recycle_log_file_num = 0;
  engine.allow_data_in_errors = false;
  engine.compression = rocksdb::kLZ4Compression;
  engine.write_buffer_size = options.memtable_bytes;
  engine.max_write_buffer_number = 2;
  // Most conditions ask for keys that do not exist; the filter answers without searching.
  engine.memtable_prefix_bloom_size_ratio = 0.02;
  engine.memtable_whole_key_filtering = true;
  engine.level_compaction_dynamic_level_bytes = true;
  engine.max_background_jobs = 2;
  // What a compaction holds in memory grows with the file that it writes: keys' hashes for the
  // filter, and the index. By default it is 64 MiB.
  engine.target_file_size_base = 16 << 20;
  engine.bytes_per_sync =
      1 << 20;  // Compaction's writes, so that they do not delay the log's sync.
  // Not without limit: a store that has grown would leave no descriptors for anything else.
  engine.max_open_files = files::GetDescriptorShares().tables();
  engine.skip_stats_update_on_db_open = true;
  engine.info_log_level = rocksdb::InfoLogLevel::WARN_LEVEL;
  engine.keep_log_file_num = 5;
  engine.max_log_file_size = 4 << 20;
  engine.table_factory.reset(rocksdb::NewBlockBasedTableFactory(TableOptions(options)));
  if (options.disk != nullptr) engine.env = options.disk;
  if (options.on_background_error) {
    engine.listeners.push_back(
        std::make_shared<BackgroundErrorListener>(options.on_background_error));
  }
  return engine;
}

rocksdb::Options QuietOptions() {
  rocksdb::Options options;
  options.wal_recovery_mode = rocksdb::WALRecoveryMode::kTolerateCorruptedTailRecords;
  options.paranoid_checks = true;
  options.track_and_verify_wals_in_manifest = true;
  options.avoid_flush_during_recovery = true;
  options.avoid_flush_during_shutdown = true;
  options.disable_auto_compactions = true;
  options.allow_data_in_errors = false;
  options.skip_stats_update_on_db_open = true;
  // The service's descriptors are shared out among others (files/descriptors.h), and what is read
  // once, table by table, needs few.
  options.max_open_files = 32;
  options.info_log_level = rocksdb::InfoLogLevel::WARN_LEVEL;
  options.compression = rocksdb::kLZ4Compression;
  return options;
}

rocksdb::ReadOptions EngineReads(rocksdb::ReadTier tier) {
  rocksdb::ReadOptions read;
  read.read_tier = tier;
  // No range is ever deleted at once. While RocksDB 7.8 looks for such deletions, an iterator that
  // cannot go on into the next table of a level, for damage or for a cache without it, passes over
  // the rest of that level and says that all is well.
  read.ignore_range_deletions = true;
  return read;
}

rocksdb::WriteBatch EngineBatch() {
  constexpr size_t kProtectionBytesPerKey = 8;
  return rocksdb::WriteBatch(0, 0, kProtectionBytesPerKey, 0);
}

}  // namespace redress::kv
