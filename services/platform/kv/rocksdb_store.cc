#include "services/platform/kv/rocksdb_store.h"

#include <algorithm>
#include <cstdio>
#include <filesystem>
#include <optional>
#include <system_error>
#include <utility>

#include "fmt/format.h"
#include "rocksdb/db.h"
#include "rocksdb/options.h"
#include "rocksdb/write_batch.h"
#include "services/platform/files/free_space.h"
#include "services/platform/kv/abort_notice.h"
#include "services/platform/kv/committer.h"
#include "services/platform/kv/engine.h"
#include "services/platform/kv/key_codec.h"
#include "services/platform/kv/page_filler.h"
#include "services/platform/kv/pending_commit.h"
#include "services/platform/kv/rocksdb_settings.h"
#include "services/platform/kv/sentinel.h"
#include "services/platform/kv/store_guard.h"
#include "services/platform/status/disk_error.h"
#include "services/platform/status/fault_point.h"
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

absl::Status Damaged(std::string_view what) {
  return DiskError(absl::StatusCode::kDataLoss, what, "A store is damaged");
}

// RocksDB's messages may hold file names but, with allow_data_in_errors off, no keys or values. So
// no code is used whose message a caller is shown: these go to the log. `entry` is that of the
// runbook for what is no damage.
absl::Status FromRocksDb(const rocksdb::Status& status, const char* doing,
                         const char* entry = "A store cannot be read") {
  if (status.ok()) return absl::OkStatus();
  const std::string message = fmt::format("store: {}: {}", doing, status.ToString());
  if (status.IsCorruption()) return Damaged(message);
  return DiskError(absl::StatusCode::kInternal, message, entry);
}

absl::Status CheckStored(const rocksdb::Slice& stored) {
  if (stored.size() >= kVersionBytes) return absl::OkStatus();
  return Damaged(
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
  rocksdb::PinnableSlice stored;
  const rocksdb::Status status = db.Get(EngineReads(tier), db.DefaultColumnFamily(), key, &stored);
  if (status.IsNotFound()) return std::nullopt;
  // Of a table that is not open RocksDB says in the cache tier that the row is found and empty,
  // meaning that it may exist. No stored value is empty: each begins with its version.
  const bool may_exist = status.ok() && stored.empty() && tier == ReadTier::kBlockCacheTier;
  if (status.IsIncomplete() || may_exist) {
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
  rocksdb::ReadOptions read = EngineReads(tier);
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
        points_(options.points),
        memory_(options.memory) {
    if (points_ != nullptr) points_->Attach(db_.get());
    if (memory_ != nullptr) memory_->Attach(db_.get());
  }
  ~RocksDbEngine() override {
    if (points_ != nullptr) points_->Attach(nullptr);
    if (memory_ != nullptr) memory_->Attach(nullptr);
    const rocksdb::Status closed = db_->Close();
    if (!closed.ok()) std::fprintf(stderr, "store: close: %s\n", closed.ToString().c_str());
  }

  rocksdb::DB& db() { return *db_; }

  absl::StatusOr<std::optional<Version>> VersionOf(const std::string& key) override {
    rocksdb::PinnableSlice stored;
    const rocksdb::Status status =
        db_->Get(EngineReads(), db_->DefaultColumnFamily(), key, &stored);
    if (status.IsNotFound()) return std::optional<Version>();
    RETURN_IF_ERROR(FromRocksDb(status, "check a condition"));
    RETURN_IF_ERROR(CheckStored(stored));
    return std::optional<Version>(DecodeVersion(stored));
  }

  absl::StatusOr<std::optional<std::string>> ReadValue(const std::string& key) override {
    ASSIGN_OR_RETURN(std::optional<Entry> entry,
                     ReadOne(*db_, key, ReadTier::kReadAllTier, nullptr));
    if (!entry.has_value()) return std::optional<std::string>();
    return std::optional<std::string>(std::move(entry->value));
  }

  absl::StatusOr<ScanPage> ReadRange(const ScanRequest& request) override {
    return kv::ReadRange(*db_, request, ReadTier::kReadAllTier, nullptr);
  }

  absl::StatusOr<std::vector<Row>> OwnRows(std::string_view prefix) override {
    std::vector<Row> rows;
    const std::unique_ptr<rocksdb::Iterator> row(db_->NewIterator(EngineReads()));
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
    // Where to look says who asked for it: the committer, or who opens the store.
    if (!status.ok()) return absl::InternalError("store: write: " + status.ToString());
    return absl::OkStatus();
  }

  uint64_t FreeBytes() const override { return free_bytes_(path_); }

 private:
  const std::unique_ptr<rocksdb::DB> db_;
  const std::string path_;
  std::function<uint64_t(const std::string&)> free_bytes_;
  StorePoints* const points_;
  StoreMemory* const memory_;
  rocksdb::WriteBatch batch_ = EngineBatch();
};

class RocksDbStore final : public Store {
 public:
  RocksDbStore(std::unique_ptr<RocksDbEngine> engine, RocksDbOptions options,
               async::Executor* executor)
      : engine_(std::move(engine)),
        free_space_floor_(options.free_space_floor_bytes),
        cold_reads_(options.cold_reads),
        executor_(executor) {}

  // Until then the store is read-only.
  void StartCommitter(CommitterState state, std::unique_ptr<Sentinel> sentinel,
                      BatchObserver observer) {
    committer_ =
        std::make_unique<Committer>(*engine_, *executor_, std::move(state), free_space_floor_,
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
  const uint64_t free_space_floor_;
  async::BlockingPool* const cold_reads_;
  async::Executor* const executor_;
  std::unique_ptr<Committer> committer_;  // Stops before the engine goes.
};

// What a failure of the disk, met while a store is opened, is to the operator: RocksDB's, or that
// of what lies beside the store. Where to look is said once, however often it is passed on.
absl::Status DiskFailed(const absl::Status& status) {
  const std::string_view said(status.message().data(), status.message().size());
  const bool says_where = said.find("docs/runbook.md") != std::string_view::npos;
  if (absl::IsDataLoss(status)) return says_where ? status : Damaged(said);
  if (!absl::IsInternal(status) && !absl::IsUnavailable(status)) return status;
  if (says_where) return absl::UnavailableError(status.message());
  return absl::UnavailableError(
      fmt::format("{}; see docs/runbook.md, \"A store cannot be opened\"", said));
}

// A lock that somebody holds and a disk that does not answer are both IOError, and of the file LOCK
// both; what tells them apart is only what RocksDB says it was doing.
bool IsHeldBySomebody(const rocksdb::Status& status) {
  if (!status.IsIOError()) return false;
  const std::string said = status.ToString();
  return said.find("lock hold by current process") != std::string::npos ||
         said.find("While lock file") != std::string::npos;
}

absl::Status OpenFailed(const rocksdb::Status& status, const std::string& path) {
  if (IsHeldBySomebody(status)) {
    return absl::FailedPreconditionError(
        fmt::format("store: {} is in use by another process, or by this one; see docs/runbook.md, "
                    "\"The store is in use\"",
                    path));
  }
  return DiskFailed(FromRocksDb(status, "open", "A store cannot be opened"));
}

absl::StatusOr<std::unique_ptr<RocksDbEngine>> OpenReadOnlyEngine(const std::string& path) {
  std::error_code ignored;
  if (!std::filesystem::exists(std::filesystem::path(path) / "CURRENT", ignored)) {
    return absl::NotFoundError(fmt::format("store: none at {}", path));
  }
  RocksDbOptions options;
  options.path = path;
  options.free_bytes = files::FreeBytesOf;
  rocksdb::Options engine_options = EngineOptions(options);
  engine_options.create_if_missing = false;
  // A service has its own store open beside it while its backup is described.
  engine_options.max_open_files = QuietOptions().max_open_files;
  rocksdb::DB* db = nullptr;
  const rocksdb::Status status = rocksdb::DB::OpenForReadOnly(engine_options, path, &db);
  if (!status.ok()) return OpenFailed(status, path);
  return std::make_unique<RocksDbEngine>(std::unique_ptr<rocksdb::DB>(db), options);
}

// After an accepted loss: the numbers that were lost are skipped for good. Of a store that is not
// even begun nothing is noted, since that would make it one.
absl::Status SkipLost(Version lost_up_to, Engine& engine) {
  ASSIGN_OR_RETURN(const std::optional<uint64_t> last,
                   ReadOwnNumber(engine, own_rows::kLastVersion));
  if (!last.has_value() || *last >= lost_up_to) return absl::OkStatus();
  engine.PutOwnRow(own_rows::kLastVersion, EncodeOwnNumber(lost_up_to));
  return engine.WriteSynced();
}

absl::StatusOr<std::unique_ptr<Store>> OpenStore(RocksDbOptions options,
                                                 async::Executor& executor) {
  if (!options.free_bytes) options.free_bytes = files::FreeBytesOf;
  SayWhereToLookOnAbort();
  ReleaseBallastIfNeeded(options.path, options.ballast_bytes, options.free_bytes(options.path));
  rocksdb::DB* db = nullptr;
  const rocksdb::Status status = rocksdb::DB::Open(EngineOptions(options), options.path, &db);
  if (!status.ok()) return OpenFailed(status, options.path);
  REDRESS_FAULT_POINT("start.store_opened");
  auto engine = std::make_unique<RocksDbEngine>(std::unique_ptr<rocksdb::DB>(db), options);
  ASSIGN_OR_RETURN(const Version last, CheckSentinel(options.path, *engine, options.accepted_loss));
  // Before migrations, which give out numbers, too; and of a store that they begin, after them.
  RETURN_IF_ERROR(SkipLost(last, *engine));
  RETURN_IF_ERROR(BringSchemaTo(options.schema_version, options.migrations, *engine));
  RETURN_IF_ERROR(SkipLost(last, *engine));
  ASSIGN_OR_RETURN(CommitterState state, RecoverCommitterState(*engine));
  ASSIGN_OR_RETURN(std::unique_ptr<Sentinel> sentinel,
                   BeginSentinel(options.path, state.last_version, *engine));
  REDRESS_FAULT_POINT("start.sentinel_begun");
  RETURN_IF_ERROR(SetBallastAside(options.path, options.ballast_bytes,
                                  options.free_bytes(options.path),
                                  options.free_space_floor_bytes));
  BatchObserver observer = options.batch_observer;
  auto store = std::make_unique<RocksDbStore>(std::move(engine), std::move(options), &executor);
  store->StartCommitter(std::move(state), std::move(sentinel), std::move(observer));
  return store;
}

}  // namespace

absl::StatusOr<std::unique_ptr<Store>> OpenRocksDbStore(RocksDbOptions options,
                                                        async::Executor& executor) {
  absl::StatusOr<std::unique_ptr<Store>> store = OpenStore(std::move(options), executor);
  if (!store.ok()) return DiskFailed(store.status());
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
