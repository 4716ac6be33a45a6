#include "services/platform/backup/restore.h"

#include <algorithm>
#include <filesystem>
#include <memory>
#include <system_error>
#include <utility>

#include "absl/cleanup/cleanup.h"
#include "absl/time/clock.h"
#include "fmt/format.h"
#include "services/platform/async/manual_executor.h"
#include "services/platform/backup/kept_files.h"
#include "services/platform/backup/restore_note.h"
#include "services/platform/backup/service_copy.h"
#include "services/platform/journal/restored_mark.h"
#include "services/platform/kv/rocksdb_backup.h"
#include "services/platform/kv/rocksdb_store.h"
#include "services/platform/kv/sentinel.h"
#include "services/platform/kv/store_guard.h"
#include "services/platform/status/status_macros.h"

namespace redress::backup {
namespace {

namespace fs = std::filesystem;

absl::Time TimeOf(const google::protobuf::Timestamp& time) {
  return absl::FromUnixSeconds(time.seconds()) + absl::Nanoseconds(time.nanos());
}

// One service's part of a point, put into a folder.
struct Placed {
  v1::ServiceCopy copy;
  std::string service_dir;
  std::optional<uint64_t> last_acknowledged;
  RestoreNote before;  // As the backup has it.
};

std::string StorePath(const std::string& service_dir) { return service_dir + "/store"; }

// Store and files of one service, as they were; nothing is written to the store itself.
absl::Status RestoreService(const BackupFolder& folder, const v1::ServiceCopy& copy,
                            const std::string& service_dir, const Tell& tell) {
  tell(fmt::format("{}: the store", copy.service()));
  const std::string store = StorePath(service_dir);
  RETURN_IF_ERROR(folder.CheckFolders(copy.service()));
  RETURN_IF_ERROR(kv::RestoreStoreCopy(folder.StoreOf(copy.service()), copy.copy_number(), store));
  tell(fmt::format("{}: {} files", copy.service(), copy.files()));
  ASSIGN_OR_RETURN(const KeptFiles kept, RestoreFiles(folder, copy.service(), copy.copy_number(),
                                                      service_dir + "/files"));
  v1::ServiceCopy found;
  RETURN_IF_ERROR(DescribeStore(store, found, [](uint64_t) { return true; }));
  found.set_files(kept.files);
  found.set_file_bytes(kept.bytes);
  return CompareCopies(found, copy);
}

absl::Status CheckTarget(const std::string& data_dir) {
  std::error_code error;
  const bool free = !fs::exists(data_dir, error) ||
                    (fs::is_directory(data_dir, error) && fs::is_empty(data_dir, error));
  if (free && !error) return absl::OkStatus();
  return absl::FailedPreconditionError(fmt::format(
      "{}: is not empty; restore into a new folder, and move it to its place", data_dir));
}

std::optional<uint64_t> LastAcknowledged(const v1::ServiceCopy& copy) {
  if (copy.data_dir().empty()) return std::nullopt;
  const auto said = kv::Sentinel::Read(kv::SentinelPath(StorePath(copy.data_dir())));
  if (!said.ok() || !said->has_value() || **said < copy.last_commit()) return std::nullopt;
  return **said;
}

void Remove(const std::string& path) {
  std::error_code ignored;
  fs::remove_all(path, ignored);
}

absl::StatusOr<std::optional<journal::RestoredMark>> MarkOf(const std::string& service_dir) {
  ASSIGN_OR_RETURN(const std::unique_ptr<kv::Store> store,
                   kv::OpenRocksDbReadOnly(StorePath(service_dir)));
  async::ManualExecutor executor;
  return async::RunToEnd(executor, journal::ReadRestoredMark(*store));
}

// The numbers of a restore that follows `last` and what the stores themselves say.
RestoreNote After(RestoreNote last, const std::vector<Placed>& placed, absl::Time now) {
  for (const Placed& one : placed) {
    last.restores = std::max(last.restores, one.before.restores);
    last.generation = std::max(last.generation, one.before.generation);
  }
  return {last.restores + 1, journal::NextGeneration(last.generation, now)};
}

// Before any store is marked, and so before one could be started: a note of a restore that broke
// off only leaves numbers out.
RestoreNote NoteRestore(const BackupFolder& folder, const std::vector<Placed>& placed,
                        absl::Time now, const Tell& tell) {
  const absl::StatusOr<RestoreNote> last = ReadRestoreNote(folder);
  if (!last.ok()) tell(std::string(last.status().message()));
  const RestoreNote note = After(last.value_or(RestoreNote()), placed, now);
  const absl::Status written = WriteRestoreNote(folder, note);
  if (!written.ok()) {
    tell(
        fmt::format("the backup cannot be told that it was restored, and the next restore of it "
                    "has only the clock to go by: copy it to a disk that can be written to ({})",
                    std::string(written.message())));
  }
  return note;
}

// Notes in the store that it was restored; the first number that it may use.
absl::StatusOr<uint64_t> MarkRestored(const Placed& placed, const RestoreNote& note,
                                      const v1::RestorePoint& point, absl::Time now) {
  const std::string path = StorePath(placed.service_dir);
  const kv::Version last_commit = placed.copy.last_commit();
  ASSIGN_OR_RETURN(const uint32_t schema, kv::ReadRocksDbSchemaVersion(path));
  // As after a loss that an operator accepted: the store is behind its sentinel, and goes on from
  // there.
  const kv::Version skipped = journal::SkippedUpTo(
      std::max(last_commit, placed.last_acknowledged.value_or(0)), note.restores, note.generation);
  RETURN_IF_ERROR(kv::Sentinel::Begin(kv::SentinelPath(path), skipped).status());
  async::ManualExecutor executor;
  kv::RocksDbOptions options;
  options.path = path;
  options.schema_version = schema;
  options.free_space_floor_bytes = 0;
  options.accepted_loss = last_commit;
  ASSIGN_OR_RETURN(const std::unique_ptr<kv::Store> store,
                   kv::OpenRocksDbStore(std::move(options), executor));
  journal::RestoredMark mark;
  mark.restores = note.restores;
  mark.new_restores = note.restores - placed.before.restores;
  mark.generation = note.generation;
  mark.last_commit = last_commit;
  mark.taken_at = TimeOf(point.taken_at());
  mark.restored_at = now;
  kv::Change change;
  change.mutations.push_back(
      kv::Mutation::Put(journal::RestoredMarkKey(), journal::EncodeRestoredMark(mark)));
  const kv::CommitResult written = async::RunToEnd(executor, store->Commit(std::move(change)));
  if (written.outcome == kv::CommitOutcome::kCommitted) return written.version;
  return absl::UnavailableError(
      fmt::format("{}: that it was restored could not be noted in it", path));
}

// One service's part, in a folder that is made for it and told to `made`.
absl::StatusOr<Placed> Place(const BackupFolder& folder, const v1::ServiceCopy& copy,
                             const std::string& data_dir, const Tell& tell,
                             std::vector<std::string>& made) {
  Placed placed;
  placed.copy = copy;
  placed.service_dir = data_dir + "/" + copy.service();
  RETURN_IF_ERROR(MakeNewFolder(placed.service_dir));
  made.push_back(placed.service_dir);
  RETURN_IF_ERROR(RestoreService(folder, copy, placed.service_dir, tell));
  placed.last_acknowledged = LastAcknowledged(copy);
  ASSIGN_OR_RETURN(const std::optional<journal::RestoredMark> before, MarkOf(placed.service_dir));
  if (before.has_value()) placed.before = {before->restores, before->generation};
  return placed;
}

// Restores one service's part to a folder of its own in `scratch`; when something is wrong it goes
// again.
absl::Status VerifyService(const BackupFolder& folder, const v1::RestorePoint& point,
                           const v1::ServiceCopy& copy, const std::string& scratch,
                           const StoreCheck& check, const Tell& tell) {
  tell(fmt::format("{}: the checksums", copy.service()));
  RETURN_IF_ERROR(folder.CheckFolders(copy.service()));
  RETURN_IF_ERROR(kv::CheckStoreCopy(folder.StoreOf(copy.service()), copy.copy_number()));
  std::vector<std::string> made;
  const absl::Cleanup tidy = [&] {
    for (const std::string& service_dir : made) Remove(service_dir);
  };
  ASSIGN_OR_RETURN(const Placed placed, Place(folder, copy, scratch, tell, made));
  // As a restore leaves it, so that it is what a service would open.
  const absl::Time now = absl::Now();
  const RestoreNote note = After(RestoreNote(), {placed}, now);
  RETURN_IF_ERROR(MarkRestored(placed, note, point, now).status());
  if (check) RETURN_IF_ERROR(check(copy.service(), placed.service_dir));
  // The store stays for the checks of the next, whose events it may have.
  Remove(placed.service_dir + "/files");
  made.clear();
  return absl::OkStatus();
}

}  // namespace

absl::Status CheckNodeIsStopped(const v1::RestorePoint& point) {
  for (const v1::ServiceCopy& copy : point.services()) {
    if (copy.data_dir().empty()) continue;
    ASSIGN_OR_RETURN(const bool open, kv::IsStoreOpen(StorePath(copy.data_dir())));
    if (!open) continue;
    return absl::FailedPreconditionError(fmt::format(
        "{} of node {} is running on {}; stop the node first: two with one identity would give "
        "out the same numbers",
        copy.service(), point.node(), copy.data_dir()));
  }
  return absl::OkStatus();
}

absl::StatusOr<std::vector<RestoredService>> RestoreNode(const BackupFolder& folder,
                                                         const v1::RestorePoint& point,
                                                         const std::string& data_dir,
                                                         absl::Time now, const Tell& tell) {
  RETURN_IF_ERROR(CheckPoint(point, folder.node()));
  RETURN_IF_ERROR(CheckTarget(data_dir));
  RETURN_IF_ERROR(CheckNodeIsStopped(point));
  RETURN_IF_ERROR(MakeFolder(data_dir));
  std::vector<std::string> made;
  // Half a node is no node: somebody might start it. What was there before is not touched.
  const absl::Cleanup undo = [&] {
    for (const std::string& service_dir : made) Remove(service_dir);
  };
  std::vector<Placed> placed;
  for (const v1::ServiceCopy& copy : point.services()) {
    ASSIGN_OR_RETURN(placed.emplace_back(), Place(folder, copy, data_dir, tell, made));
  }
  const RestoreNote note = NoteRestore(folder, placed, now, tell);
  std::vector<RestoredService> restored;
  for (const Placed& one : placed) {
    RestoredService service;
    service.copy = one.copy;
    service.last_acknowledged = one.last_acknowledged;
    ASSIGN_OR_RETURN(service.next_commit, MarkRestored(one, note, point, now));
    restored.push_back(std::move(service));
  }
  made.clear();
  return restored;
}

absl::StatusOr<std::vector<VerifiedService>> VerifyPoint(const BackupFolder& folder,
                                                         const v1::RestorePoint& point,
                                                         const std::string& scratch,
                                                         const StoreCheck& check,
                                                         const Tell& tell) {
  RETURN_IF_ERROR(CheckPoint(point, folder.node()));
  RETURN_IF_ERROR(MakeNewFolder(scratch));
  const absl::Cleanup tidy = [&] { Remove(scratch); };
  std::vector<VerifiedService> verified;
  for (const v1::ServiceCopy& copy : point.services()) {
    absl::Status problem = VerifyService(folder, point, copy, scratch, check, tell);
    if (absl::IsResourceExhausted(problem)) return problem;
    verified.push_back({copy, std::move(problem)});
  }
  return verified;
}

}  // namespace redress::backup
