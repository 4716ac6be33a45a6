#include "services/platform/kv/rocksdb_backup.h"

#include <algorithm>
#include <filesystem>
#include <limits>
#include <memory>
#include <system_error>
#include <utility>

#include "fmt/format.h"
#include "rocksdb/db.h"
#include "rocksdb/options.h"
#include "rocksdb/utilities/backup_engine.h"
#include "rocksdb/utilities/checkpoint.h"
#include "services/platform/kv/engine.h"
#include "services/platform/kv/rocksdb_settings.h"
#include "services/platform/status/status_macros.h"

namespace redress::kv {
namespace {

constexpr uint64_t kAskEveryBytes = 1 << 20;

// RocksDB's messages hold file names and, with allow_data_in_errors off, no keys or values.
absl::Status FromRocksDb(const rocksdb::Status& status, const std::string& doing) {
  if (status.ok()) return absl::OkStatus();
  const std::string message = fmt::format("{}: {}", doing, status.ToString());
  if (status.IsNoSpace()) return absl::ResourceExhaustedError(message);
  if (status.IsNotFound()) return absl::NotFoundError(message);
  if (status.IsCorruption()) return absl::DataLossError(message);
  if (status.IsIncomplete()) return absl::CancelledError(doing + ": was told to stop");
  return absl::UnavailableError(message);
}

rocksdb::BackupEngineOptions EngineOptions(const std::string& folder) {
  rocksdb::BackupEngineOptions options(folder);
  options.share_table_files = true;
  options.share_files_with_checksum = true;
  options.sync = true;
  options.backup_log_files = true;
  options.callback_trigger_interval_size = kAskEveryBytes;
  return options;
}

absl::StatusOr<std::unique_ptr<rocksdb::BackupEngine>> OpenCopies(const std::string& folder) {
  rocksdb::BackupEngine* engine = nullptr;
  const rocksdb::Status status =
      rocksdb::BackupEngine::Open(rocksdb::Env::Default(), EngineOptions(folder), &engine);
  RETURN_IF_ERROR(FromRocksDb(status, "open the copies in " + folder));
  return std::unique_ptr<rocksdb::BackupEngine>(engine);
}

// Also on a medium that cannot be written to.
absl::StatusOr<std::unique_ptr<rocksdb::BackupEngineReadOnly>> ReadCopies(
    const std::string& folder) {
  std::error_code error;
  if (!std::filesystem::is_directory(folder, error)) {
    return absl::NotFoundError(fmt::format("{}: is not there", folder));
  }
  rocksdb::BackupEngineReadOnly* engine = nullptr;
  const rocksdb::Status status =
      rocksdb::BackupEngineReadOnly::Open(rocksdb::Env::Default(), EngineOptions(folder), &engine);
  RETURN_IF_ERROR(FromRocksDb(status, "open the copies in " + folder));
  return std::unique_ptr<rocksdb::BackupEngineReadOnly>(engine);
}

absl::StatusOr<uint64_t> OwnNumber(rocksdb::DB& store, std::string_view key) {
  std::string bytes;
  const rocksdb::Status status =
      store.Get(EngineReads(), rocksdb::Slice(key.data(), key.size()), &bytes);
  if (status.IsNotFound()) return absl::DataLossError("store: is none of ours, or empty");
  RETURN_IF_ERROR(FromRocksDb(status, "store: read its own rows"));
  return DecodeOwnNumber(bytes);
}

}  // namespace

absl::Status StorePoints::Flush() {
  const absl::MutexLock lock(&mutex_);
  if (store_ == nullptr) return absl::UnavailableError("store: is not open");
  return FromRocksDb(store_->Flush(rocksdb::FlushOptions()), "store: flush");
}

absl::Status StorePoints::Take(const std::string& folder) {
  const absl::MutexLock lock(&mutex_);
  if (store_ == nullptr) return absl::UnavailableError("store: is not open");
  rocksdb::Checkpoint* made = nullptr;
  RETURN_IF_ERROR(FromRocksDb(rocksdb::Checkpoint::Create(store_, &made), "store: take a point"));
  const std::unique_ptr<rocksdb::Checkpoint> checkpoint(made);
  // Without a flush, which would take as long as there is to write: the log is copied instead.
  constexpr uint64_t kNeverFlush = std::numeric_limits<uint64_t>::max();
  return FromRocksDb(checkpoint->CreateCheckpoint(folder, kNeverFlush), "store: take a point");
}

void StorePoints::Attach(rocksdb::DB* store) {
  const absl::MutexLock lock(&mutex_);
  store_ = store;
}

absl::StatusOr<StoreState> ReadStoreState(const std::string& path) {
  std::error_code error;
  if (!std::filesystem::exists(path + "/CURRENT", error)) {
    return absl::NotFoundError(fmt::format("store: none at {}", path));
  }
  rocksdb::DB* opened = nullptr;
  const rocksdb::Status status = rocksdb::DB::OpenForReadOnly(QuietOptions(), path, &opened);
  RETURN_IF_ERROR(FromRocksDb(status, "store: open " + path));
  const std::unique_ptr<rocksdb::DB> store(opened);
  StoreState state;
  ASSIGN_OR_RETURN(state.last_commit, OwnNumber(*store, own_rows::kLastVersion));
  ASSIGN_OR_RETURN(const uint64_t schema, OwnNumber(*store, own_rows::kSchema));
  state.schema = static_cast<uint32_t>(schema);
  const std::unique_ptr<rocksdb::Iterator> row(store->NewIterator(EngineReads()));
  const rocksdb::Slice prefix(own_rows::kLogCounter.data(), own_rows::kLogCounter.size());
  for (row->Seek(prefix); row->Valid() && row->key().starts_with(prefix); row->Next()) {
    ASSIGN_OR_RETURN(const uint64_t number, DecodeOwnNumber(row->value().ToStringView()));
    state.logs[row->key().ToString().substr(prefix.size())] = number;
  }
  RETURN_IF_ERROR(FromRocksDb(row->status(), "store: read its own rows"));
  return state;
}

absl::StatusOr<uint32_t> AddStoreCopy(const std::string& point, const std::string& folder,
                                      const std::function<bool(uint64_t bytes_copied)>& go_on) {
  rocksdb::DB* opened = nullptr;
  RETURN_IF_ERROR(FromRocksDb(rocksdb::DB::Open(QuietOptions(), point, &opened), "open the point"));
  const std::unique_ptr<rocksdb::DB> store(opened);
  ASSIGN_OR_RETURN(const std::unique_ptr<rocksdb::BackupEngine> copies, OpenCopies(folder));
  rocksdb::CreateBackupOptions how;
  how.flush_before_backup = false;
  uint64_t copied = 0;
  how.progress_callback = [&] {
    copied += kAskEveryBytes;
    if (!go_on(copied)) copies->StopBackup();
  };
  rocksdb::BackupID id = 0;
  const rocksdb::Status made = copies->CreateNewBackup(how, store.get(), &id);
  if (!made.ok()) {
    // What was copied of it is no use to anybody, and may be what fills the disk.
    (void)copies->GarbageCollect();
    return FromRocksDb(made, "copy the store to " + folder);
  }
  return id;
}

absl::Status CheckStoreCopy(const std::string& folder, uint32_t id) {
  ASSIGN_OR_RETURN(const auto copies, ReadCopies(folder));
  const absl::Status checked = FromRocksDb(copies->VerifyBackup(id, true), "check " + folder);
  // A copy whose own list of files cannot be read is not known at all, and it was once.
  if (absl::IsNotFound(checked)) return absl::DataLossError(checked.message());
  return checked;
}

absl::Status RestoreStoreCopy(const std::string& folder, uint32_t id,
                              const std::string& store_path) {
  std::error_code error;
  if (std::filesystem::exists(store_path, error)) {
    return absl::FailedPreconditionError(fmt::format("{}: is there already", store_path));
  }
  ASSIGN_OR_RETURN(const auto copies, ReadCopies(folder));
  const absl::Status restored =
      FromRocksDb(copies->RestoreDBFromBackup(id, store_path, store_path), "restore " + folder);
  if (absl::IsNotFound(restored)) return absl::DataLossError(restored.message());
  return restored;
}

absl::StatusOr<uint32_t> KeepStoreCopies(const std::string& folder,
                                         const std::vector<uint32_t>& ids,
                                         const std::function<bool()>& go_on) {
  ASSIGN_OR_RETURN(const std::unique_ptr<rocksdb::BackupEngine> copies, OpenCopies(folder));
  std::vector<rocksdb::BackupInfo> known;
  copies->GetBackupInfo(&known);
  uint32_t removed = 0;
  for (const rocksdb::BackupInfo& one : known) {
    if (std::find(ids.begin(), ids.end(), one.backup_id) != ids.end()) continue;
    if (!go_on()) return absl::CancelledError("was told to stop");
    RETURN_IF_ERROR(FromRocksDb(copies->DeleteBackup(one.backup_id), "remove a copy"));
    ++removed;
  }
  RETURN_IF_ERROR(FromRocksDb(copies->GarbageCollect(), "remove what no copy needs"));
  return removed;
}

absl::Status RemoveStoreCopy(const std::string& folder, uint32_t id) {
  ASSIGN_OR_RETURN(const std::unique_ptr<rocksdb::BackupEngine> copies, OpenCopies(folder));
  RETURN_IF_ERROR(FromRocksDb(copies->DeleteBackup(id), "remove a copy"));
  return FromRocksDb(copies->GarbageCollect(), "remove what no copy needs");
}

}  // namespace redress::kv
