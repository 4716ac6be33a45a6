#include "services/platform/kv/rocksdb_store.h"

#include <sys/statvfs.h>

#include <algorithm>
#include <cstdio>
#include <filesystem>
#include <optional>
#include <system_error>
#include <utility>

#include "fmt/format.h"
#include "rocksdb/cache.h"
#include "rocksdb/db.h"
#include "rocksdb/filter_policy.h"
#include "rocksdb/listener.h"
#include "rocksdb/options.h"
#include "rocksdb/table.h"
#include "rocksdb/write_batch.h"
#include "services/platform/kv/committer.h"
#include "services/platform/kv/engine.h"
#include "services/platform/kv/key_codec.h"
#include "services/platform/kv/page_filler.h"
#include "services/platform/kv/pending_commit.h"
#include "services/platform/kv/sentinel.h"
#include "services/platform/kv/store_guard.h"
#include "services/platform/status/status_macros.h"

namespace redress::kv {
namespace {

// Every value but those of table 00 begins with the version of the commit that wrote it.
constexpr size_t kVersionBytes = sizeof(Version);
constexpr char kFirstUserKey[] = "\x01";

Version DecodeVersion(const rocksdb::Slice& stored) {
  Version version = 0;
  for (size_t i = 0; i < kVersionBytes; ++i) {
    version = (version << 8) | static_cast<unsigned char>(stored[i]);
  }
  return version;
}

// RocksDB's messages may hold file names but, with allow_data_in_errors off, no keys or values. So
// no code is used whose message a caller is shown: these go to the log.
absl::Status FromRocksDb(const rocksdb::Status& status, const char* doing) {
  if (status.ok()) return absl::OkStatus();
  const std::string message = fmt::format("store: {}: {}", doing, status.ToString());
  if (status.IsCorruption()) {
    return absl::DataLossError(message + "; see docs/runbook.md, \"A store is damaged\"");
  }
  return absl::InternalError(message);
}

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
  engine.write_buffer_size = 64 << 20;
  // Most conditions ask for keys that do not exist; the filter answers without searching.
  engine.memtable_prefix_bloom_size_ratio = 0.02;
  engine.memtable_whole_key_filtering = true;
  engine.level_compaction_dynamic_level_bytes = true;
  engine.max_background_jobs = 2;
  engine.bytes_per_sync =
      1 << 20;  // Compaction's writes, so that they do not delay the log's sync.
  engine.max_open_files = -1;
  engine.skip_stats_update_on_db_open = true;
  engine.info_log_level = rocksdb::InfoLogLevel::WARN_LEVEL;
  engine.keep_log_file_num = 5;
  engine.max_log_file_size = 4 << 20;
  engine.table_factory.reset(rocksdb::NewBlockBasedTableFactory(TableOptions(options)));
  if (options.on_background_error) {
    engine.listeners.push_back(
        std::make_shared<BackgroundErrorListener>(options.on_background_error));
  }
  return engine;
}

rocksdb::WriteBatch NewBatch() {
  constexpr size_t kProtectionBytesPerKey = 8;
  return rocksdb::WriteBatch(0, 0, kProtectionBytesPerKey, 0);
}

uint64_t FreeBytesOf(const std::string& path) {
  struct statvfs found{};
  // A file system that does not say is taken to have room; the write itself then decides.
  if (statvfs(path.c_str(), &found) != 0) return UINT64_MAX;
  return static_cast<uint64_t>(found.f_bavail) * found.f_frsize;
}

absl::Status CheckStored(const rocksdb::Slice& stored) {
  if (stored.size() >= kVersionBytes) return absl::OkStatus();
  return absl::DataLossError(
      fmt::format("store: a value of {} bytes, too short for its version", stored.size()));
}

// What follows the version.
std::string_view ValueOf(const rocksdb::Slice& stored) {
  return stored.ToStringView().substr(kVersionBytes);
}

// A read either waits for the disk or, from the cache tier only, gives up with Incomplete.
using ReadTier = rocksdb::ReadTier;

// Nothing in `missed` unless the cache tier did not have what was asked for.
absl::StatusOr<std::optional<Entry>> ReadOne(rocksdb::DB& db, const std::string& key, ReadTier tier,
                                             bool* missed) {
  if (key < kFirstUserKey) return std::nullopt;
  rocksdb::ReadOptions read;
  read.read_tier = tier;
  rocksdb::PinnableSlice stored;
  const rocksdb::Status status = db.Get(read, db.DefaultColumnFamily(), key, &stored);
  if (status.IsNotFound()) return std::nullopt;
  if (status.IsIncomplete()) {
    *missed = true;
    return std::nullopt;
  }
  RETURN_IF_ERROR(FromRocksDb(status, "get"));
  RETURN_IF_ERROR(CheckStored(stored));
  return Entry{key, std::string(ValueOf(stored)), DecodeVersion(stored)};
}

absl::StatusOr<ScanPage> ReadRange(rocksdb::DB& db, const ScanRequest& request, ReadTier tier,
                                   bool* missed) {
  const std::string lower = std::max(request.prefix, std::string(kFirstUserKey));
  const std::string upper = PrefixEnd(request.prefix);
  const rocksdb::Slice lower_bound(lower);
  const rocksdb::Slice upper_bound(upper);
  rocksdb::ReadOptions read;
  read.read_tier = tier;
  read.iterate_lower_bound = &lower_bound;
  if (!upper.empty()) read.iterate_upper_bound = &upper_bound;
  if (!upper.empty() && upper <= lower) return ScanPage();  // A prefix within table 00.
  const std::unique_ptr<rocksdb::Iterator> row(db.NewIterator(read));
  if (request.reverse) {
    const bool from_after = !request.after.empty() && (upper.empty() || request.after < upper);
    if (from_after) {
      row->SeekForPrev(request.after);
      if (row->Valid() && row->key() == rocksdb::Slice(request.after)) row->Prev();
    } else {
      row->SeekToLast();
    }
  } else {
    row->Seek(std::max(lower, request.after));
    if (row->Valid() && row->key() == rocksdb::Slice(request.after)) row->Next();
  }
  PageFiller page(request);
  while (row->Valid()) {
    const rocksdb::Slice stored = row->value();
    RETURN_IF_ERROR(CheckStored(stored));
    if (!page.Take(row->key().ToStringView(), ValueOf(stored), DecodeVersion(stored))) break;
    request.reverse ? row->Prev() : row->Next();
  }
  if (row->status().IsIncomplete()) {
    *missed = true;
    return ScanPage();
  }
  RETURN_IF_ERROR(FromRocksDb(row->status(), "scan"));
  return std::move(page).Finish();
}

class RocksDbEngine final : public Engine {
 public:
  RocksDbEngine(std::unique_ptr<rocksdb::DB> db, const RocksDbOptions& options)
      : db_(std::move(db)),
        path_(options.path),
        free_bytes_(options.free_bytes),
        points_(options.points) {
    if (points_ != nullptr) points_->Attach(db_.get());
  }
  ~RocksDbEngine() override {
    if (points_ != nullptr) points_->Attach(nullptr);
    const rocksdb::Status closed = db_->Close();
    if (!closed.ok()) std::fprintf(stderr, "store: close: %s\n", closed.ToString().c_str());
  }

  rocksdb::DB& db() { return *db_; }

  absl::StatusOr<std::optional<Version>> VersionOf(const std::string& key) override {
    rocksdb::PinnableSlice stored;
    const rocksdb::Status status =
        db_->Get(rocksdb::ReadOptions(), db_->DefaultColumnFamily(), key, &stored);
    if (status.IsNotFound()) return std::optional<Version>();
    RETURN_IF_ERROR(FromRocksDb(status, "check a condition"));
    if (stored.size() < kVersionBytes) return absl::DataLossError("store: a value is cut off");
    return std::optional<Version>(DecodeVersion(stored));
  }

  absl::StatusOr<ScanPage> ReadRange(const ScanRequest& request) override {
    return kv::ReadRange(*db_, request, ReadTier::kReadAllTier, nullptr);
  }

  absl::StatusOr<std::vector<Row>> OwnRows(std::string_view prefix) override {
    std::vector<Row> rows;
    const std::unique_ptr<rocksdb::Iterator> row(db_->NewIterator(rocksdb::ReadOptions()));
    for (row->Seek(prefix); row->Valid() && row->key().starts_with(prefix); row->Next()) {
      rows.emplace_back(row->key().ToString(), row->value().ToString());
    }
    RETURN_IF_ERROR(FromRocksDb(row->status(), "read the store's own rows"));
    return rows;
  }

  void Put(const std::string& key, Version version, const std::string& value) override {
    const std::string prefix = LogKey("", version);
    const rocksdb::Slice key_part(key);
    const rocksdb::Slice value_parts[] = {prefix, value};
    batch_.Put(rocksdb::SliceParts(&key_part, 1), rocksdb::SliceParts(value_parts, 2));
  }
  void Delete(const std::string& key) override { batch_.Delete(key); }
  void PutOwnRow(std::string_view key, std::string_view value) override { batch_.Put(key, value); }
  void DeleteOwnRow(std::string_view key) override { batch_.Delete(key); }
  size_t BatchBytes() const override { return batch_.GetDataSize(); }

  absl::Status WriteSynced() override {
    rocksdb::WriteOptions write;
    write.sync = true;
    const rocksdb::Status status = db_->Write(write, &batch_);
    batch_.Clear();
    return FromRocksDb(status, "write");
  }

  uint64_t FreeBytes() const override { return free_bytes_(path_); }

 private:
  const std::unique_ptr<rocksdb::DB> db_;
  const std::string path_;
  std::function<uint64_t(const std::string&)> free_bytes_;
  StorePoints* const points_;
  rocksdb::WriteBatch batch_ = NewBatch();
};

class RocksDbStore final : public Store {
 public:
  RocksDbStore(std::unique_ptr<RocksDbEngine> engine, RocksDbOptions options,
               async::Executor* executor)
      : engine_(std::move(engine)), cold_reads_(options.cold_reads), executor_(executor) {}

  // Until then the store is read-only.
  void StartCommitter(CommitterState state, uint64_t free_space_floor,
                      std::unique_ptr<Sentinel> sentinel, BatchObserver observer) {
    committer_ =
        std::make_unique<Committer>(*engine_, *executor_, std::move(state), free_space_floor,
                                    std::move(sentinel), std::move(observer));
  }

  async::Task<absl::StatusOr<std::optional<Entry>>> Get(std::string key) override {
    bool missed = false;
    absl::StatusOr<std::optional<Entry>> entry = ReadOne(engine_->db(), key, FirstTier(), &missed);
    if (!missed) co_return entry;
    auto work = [&db = engine_->db(), key = std::move(key)] {
      return ReadOne(db, key, ReadTier::kReadAllTier, nullptr);
    };
    co_return co_await cold_reads_->Run(*executor_, std::move(work));
  }

  async::Task<absl::StatusOr<ScanPage>> Scan(ScanRequest request) override {
    CO_RETURN_IF_ERROR(CheckScan(request));
    bool missed = false;
    absl::StatusOr<ScanPage> page = ReadRange(engine_->db(), request, FirstTier(), &missed);
    if (!missed) co_return page;
    auto work = [&db = engine_->db(), request = std::move(request)] {
      return ReadRange(db, request, ReadTier::kReadAllTier, nullptr);
    };
    co_return co_await cold_reads_->Run(*executor_, std::move(work));
  }

  async::Task<CommitResult> Commit(Change change) override {
    CommitResult refused;
    std::optional<CommitOutcome> outcome = RefusedOutright(change);
    if (committer_ == nullptr) outcome = CommitOutcome::kStopped;
    if (outcome.has_value()) {
      refused.outcome = *outcome;
      co_return refused;
    }
    CommitAwaiter<Committer> awaiter(*committer_, std::move(change));
    co_return co_await awaiter;
  }

 private:
  ReadTier FirstTier() const {
    return cold_reads_ == nullptr ? ReadTier::kReadAllTier : ReadTier::kBlockCacheTier;
  }

  const std::unique_ptr<RocksDbEngine> engine_;
  async::BlockingPool* const cold_reads_;
  async::Executor* const executor_;
  std::unique_ptr<Committer> committer_;  // Stops before the engine goes.
};

// A lock that another process holds and a disk that does not answer are both IOError; what tells
// them apart is only the file that the message names.
absl::Status OpenFailed(const rocksdb::Status& status, const std::string& path) {
  if (status.IsIOError() && status.ToString().find("/LOCK") != std::string::npos) {
    return absl::FailedPreconditionError(
        fmt::format("store: {} is in use by another process, or by this one", path));
  }
  const absl::Status failed = FromRocksDb(status, "open");
  return absl::IsDataLoss(failed) ? failed : absl::UnavailableError(failed.message());
}

absl::StatusOr<std::unique_ptr<RocksDbEngine>> OpenReadOnlyEngine(const std::string& path) {
  std::error_code ignored;
  if (!std::filesystem::exists(std::filesystem::path(path) / "CURRENT", ignored)) {
    return absl::NotFoundError(fmt::format("store: none at {}", path));
  }
  RocksDbOptions options;
  options.path = path;
  options.free_bytes = FreeBytesOf;
  rocksdb::Options engine_options = EngineOptions(options);
  engine_options.create_if_missing = false;
  rocksdb::DB* db = nullptr;
  const rocksdb::Status status = rocksdb::DB::OpenForReadOnly(engine_options, path, &db);
  if (!status.ok()) return OpenFailed(status, path);
  return std::make_unique<RocksDbEngine>(std::unique_ptr<rocksdb::DB>(db), options);
}

}  // namespace

absl::StatusOr<std::unique_ptr<Store>> OpenRocksDbStore(RocksDbOptions options,
                                                        async::Executor& executor) {
  if (!options.free_bytes) options.free_bytes = FreeBytesOf;
  ReleaseBallastIfNeeded(options.path, options.ballast_bytes, options.free_bytes(options.path));
  rocksdb::DB* db = nullptr;
  const rocksdb::Status status = rocksdb::DB::Open(EngineOptions(options), options.path, &db);
  if (!status.ok()) return OpenFailed(status, options.path);
  auto engine = std::make_unique<RocksDbEngine>(std::unique_ptr<rocksdb::DB>(db), options);
  ASSIGN_OR_RETURN(const Version last, CheckSentinel(options.path, *engine, options.accepted_loss));
  RETURN_IF_ERROR(BringSchemaTo(options.schema_version, options.migrations, *engine));
  ASSIGN_OR_RETURN(CommitterState state, RecoverCommitterState(*engine));
  if (state.last_version < last) {  // An accepted loss: what was lost is skipped for good.
    state.last_version = last;
    engine->PutOwnRow(own_rows::kLastVersion, EncodeOwnNumber(last));
    RETURN_IF_ERROR(engine->WriteSynced());
  }
  ASSIGN_OR_RETURN(std::unique_ptr<Sentinel> sentinel,
                   BeginSentinel(options.path, state.last_version, *engine));
  const uint64_t free_space_floor = options.free_space_floor_bytes;
  RETURN_IF_ERROR(SetBallastAside(options.path, options.ballast_bytes,
                                  options.free_bytes(options.path), free_space_floor));
  BatchObserver observer = options.batch_observer;
  auto store = std::make_unique<RocksDbStore>(std::move(engine), std::move(options), &executor);
  store->StartCommitter(std::move(state), free_space_floor, std::move(sentinel),
                        std::move(observer));
  return store;
}

absl::StatusOr<std::unique_ptr<Store>> OpenRocksDbReadOnly(const std::string& path) {
  ASSIGN_OR_RETURN(std::unique_ptr<RocksDbEngine> engine, OpenReadOnlyEngine(path));
  return std::make_unique<RocksDbStore>(std::move(engine), RocksDbOptions(), nullptr);
}

absl::StatusOr<uint32_t> ReadRocksDbSchemaVersion(const std::string& path) {
  ASSIGN_OR_RETURN(const std::unique_ptr<RocksDbEngine> engine, OpenReadOnlyEngine(path));
  ASSIGN_OR_RETURN(const std::optional<uint64_t> version,
                   ReadOwnNumber(*engine, own_rows::kSchema));
  if (!version.has_value()) return absl::DataLossError("store: has no schema version");
  return static_cast<uint32_t>(*version);
}

}  // namespace redress::kv
