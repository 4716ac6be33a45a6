#include "services/platform/backup/restore.h"

#include <filesystem>
#include <memory>
#include <system_error>
#include <utility>

#include "absl/cleanup/cleanup.h"
#include "absl/time/clock.h"
#include "fmt/format.h"
#include "services/platform/async/manual_executor.h"
#include "services/platform/backup/kept_files.h"
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

std::string StorePath(const std::string& service_dir) { return service_dir + "/store"; }

// Store and files of one service, as they were; nothing is written to the store itself.
absl::Status RestoreService(const BackupFolder& folder, const v1::ServiceCopy& copy,
                            const std::string& service_dir, const Tell& tell) {
  RETURN_IF_ERROR(MakeFolder(service_dir));
  tell(fmt::format("{}: the store", copy.service()));
  const std::string store = StorePath(service_dir);
  RETURN_IF_ERROR(kv::RestoreStoreCopy(folder.StoreOf(copy.service()), copy.copy_number(), store));
  tell(fmt::format("{}: {} files", copy.service(), copy.files()));
  ASSIGN_OR_RETURN(const KeptFiles kept, RestoreFiles(folder, copy.service(), copy.copy_number(),
                                                      service_dir + "/files"));
  v1::ServiceCopy found;
  RETURN_IF_ERROR(DescribeStore(store, found));
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

absl::StatusOr<uint64_t> MarkRestored(const std::string& store_path, uint64_t last_commit,
                                      absl::Time taken_at, absl::Time now) {
  ASSIGN_OR_RETURN(const uint32_t schema, kv::ReadRocksDbSchemaVersion(store_path));
  // As after a loss that an operator accepted: the store is behind its sentinel, and goes on from
  // there.
  RETURN_IF_ERROR(
      kv::Sentinel::Begin(kv::SentinelPath(store_path), journal::SkippedUpTo(last_commit))
          .status());
  async::ManualExecutor executor;
  kv::RocksDbOptions options;
  options.path = store_path;
  options.schema_version = schema;
  options.free_space_floor_bytes = 0;
  options.accepted_loss = last_commit;
  ASSIGN_OR_RETURN(const std::unique_ptr<kv::Store> store,
                   kv::OpenRocksDbStore(std::move(options), executor));
  ASSIGN_OR_RETURN(const std::optional<journal::RestoredMark> before,
                   async::RunToEnd(executor, journal::ReadRestoredMark(*store)));
  journal::RestoredMark mark;
  mark.restores = before.has_value() ? before->restores + 1 : 1;
  mark.last_commit = last_commit;
  mark.taken_at = taken_at;
  mark.restored_at = now;
  kv::Change change;
  change.mutations.push_back(
      kv::Mutation::Put(journal::RestoredMarkKey(), journal::EncodeRestoredMark(mark)));
  const kv::CommitResult written = async::RunToEnd(executor, store->Commit(std::move(change)));
  if (written.outcome == kv::CommitOutcome::kCommitted) return written.version;
  return absl::UnavailableError(
      fmt::format("{}: that it was restored could not be noted in it", store_path));
}

absl::StatusOr<std::vector<RestoredService>> RestoreNode(const BackupFolder& folder,
                                                         const v1::RestorePoint& point,
                                                         const std::string& data_dir,
                                                         absl::Time now, const Tell& tell) {
  RETURN_IF_ERROR(CheckTarget(data_dir));
  RETURN_IF_ERROR(CheckNodeIsStopped(point));
  RETURN_IF_ERROR(MakeFolder(data_dir));
  bool whole = false;
  // Half a node is no node: somebody might start it.
  const absl::Cleanup undo = [&] {
    for (const v1::ServiceCopy& copy : point.services()) {
      if (!whole) Remove(data_dir + "/" + copy.service());
    }
  };
  std::vector<RestoredService> restored;
  for (const v1::ServiceCopy& copy : point.services()) {
    const std::string service_dir = data_dir + "/" + copy.service();
    RETURN_IF_ERROR(RestoreService(folder, copy, service_dir, tell));
    RestoredService service;
    service.copy = copy;
    service.last_acknowledged = LastAcknowledged(copy);
    ASSIGN_OR_RETURN(service.next_commit, MarkRestored(StorePath(service_dir), copy.last_commit(),
                                                       TimeOf(point.taken_at()), now));
    restored.push_back(std::move(service));
  }
  whole = true;
  return restored;
}

absl::StatusOr<std::vector<VerifiedService>> VerifyPoint(const BackupFolder& folder,
                                                         const v1::RestorePoint& point,
                                                         const std::string& scratch,
                                                         const StoreCheck& check,
                                                         const Tell& tell) {
  std::error_code error;
  if (fs::exists(scratch, error)) {
    return absl::FailedPreconditionError(fmt::format("{}: is there already", scratch));
  }
  RETURN_IF_ERROR(MakeFolder(scratch));
  const absl::Cleanup tidy = [&] { Remove(scratch); };
  std::vector<VerifiedService> verified;
  for (const v1::ServiceCopy& copy : point.services()) {
    const std::string service_dir = scratch + "/" + copy.service();
    tell(fmt::format("{}: the checksums", copy.service()));
    absl::Status problem = kv::CheckStoreCopy(folder.StoreOf(copy.service()), copy.copy_number());
    if (problem.ok()) problem = RestoreService(folder, copy, service_dir, tell);
    if (problem.ok()) {
      // As a restore leaves it, so that it is what a service would open.
      problem = MarkRestored(StorePath(service_dir), copy.last_commit(), TimeOf(point.taken_at()),
                             absl::Now())
                    .status();
    }
    if (problem.ok() && check) problem = check(copy.service(), service_dir);
    if (absl::IsResourceExhausted(problem)) return problem;
    // The store stays for the checks of the next, whose events it may have.
    Remove(problem.ok() ? service_dir + "/files" : service_dir);
    verified.push_back({copy, std::move(problem)});
  }
  return verified;
}

}  // namespace redress::backup
