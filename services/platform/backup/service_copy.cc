#include "services/platform/backup/service_copy.h"

#include <algorithm>
#include <filesystem>
#include <memory>
#include <system_error>
#include <utility>
#include <vector>

#include "fmt/format.h"
#include "services/platform/async/manual_executor.h"
#include "services/platform/audit/audit_log.h"
#include "services/platform/crypto/encoding.h"
#include "services/platform/crypto/sha256.h"
#include "services/platform/journal/event_log.h"
#include "services/platform/journal/keys.h"
#include "services/platform/kv/rocksdb_backup.h"
#include "services/platform/kv/rocksdb_store.h"
#include "services/platform/status/fault_point.h"
#include "services/platform/status/status_macros.h"

namespace redress::backup {
namespace {

namespace fs = std::filesystem;

struct Size {
  uint64_t files = 0;
  uint64_t bytes = 0;
};

Size SizeOf(const std::string& folder) {
  Size size;
  std::error_code error;
  for (fs::recursive_directory_iterator at(folder, error), end; !error && at != end;
       at.increment(error)) {
    std::error_code gone;
    if (!at->is_regular_file(gone)) continue;
    ++size.files;
    size.bytes += at->file_size(gone);
  }
  return size;
}

// Key, commit and value of every leaf, each with its length, in the order of their numbers.
absl::StatusOr<std::string> AuditRoot(const std::string& path, const GoOn& go_on) {
  ASSIGN_OR_RETURN(const std::unique_ptr<kv::Store> store, kv::OpenRocksDbReadOnly(path));
  async::ManualExecutor executor;
  crypto::Sha256 digest;
  kv::ScanRequest request;
  request.prefix = audit::AuditLog();
  request.limit = kv::kMaxScanLimit;
  for (;;) {
    if (!go_on(0)) return absl::CancelledError("was told to stop");
    ASSIGN_OR_RETURN(const kv::ScanPage page, async::RunToEnd(executor, store->Scan(request)));
    for (const kv::Entry& entry : page.entries) {
      digest.Update(fmt::format("{}.{}.{}.", entry.key.size(), entry.value.size(), entry.version));
      digest.Update(entry.key);
      digest.Update(entry.value);
    }
    if (!page.more) break;
    request.after = page.entries.back().key;
  }
  return crypto::HexEncode(digest.Finish());
}

uint64_t LastOf(const kv::StoreState& state, const std::string& log) {
  const auto found = state.logs.find(log);
  return found == state.logs.end() ? 0 : found->second;
}

absl::StatusOr<std::vector<uint32_t>> NamedCopies(const BackupFolder& folder,
                                                  std::string_view service) {
  ASSIGN_OR_RETURN(const std::vector<v1::RestorePoint> points, folder.Points());
  std::vector<uint32_t> named;
  for (const v1::RestorePoint& point : points) {
    for (const v1::ServiceCopy& copy : point.services()) {
      if (copy.service() == service) named.push_back(copy.copy_number());
    }
  }
  return named;
}

absl::StatusOr<RemovedCopies> KeepOnly(const BackupFolder& folder, std::string_view service,
                                       const std::vector<uint32_t>& copies, const GoOn& go_on) {
  RETURN_IF_ERROR(folder.CheckFolders(service));
  RemovedCopies removed;
  ASSIGN_OR_RETURN(removed.copies, kv::KeepStoreCopies(folder.StoreOf(service), copies,
                                                       [&go_on] { return go_on(0); }));
  ASSIGN_OR_RETURN(removed.files, RemoveOldFiles(folder, service, copies, go_on));
  return removed;
}

}  // namespace

absl::Status DescribeStore(const std::string& path, v1::ServiceCopy& copy, const GoOn& go_on) {
  ASSIGN_OR_RETURN(const kv::StoreState state, kv::ReadStoreState(path));
  copy.set_last_commit(state.last_commit);
  copy.set_schema(state.schema);
  copy.set_event_number(LastOf(state, journal::EventLog()));
  copy.set_audit_number(LastOf(state, audit::AuditLog()));
  ASSIGN_OR_RETURN(*copy.mutable_audit_root(), AuditRoot(path, go_on));
  return absl::OkStatus();
}

absl::StatusOr<v1::ServiceCopy> CopyService(const std::string& point, const std::string& files,
                                            const BackupFolder& folder, std::string_view service,
                                            const GoOn& go_on) {
  v1::ServiceCopy copy;
  copy.set_service(std::string(service));
  RETURN_IF_ERROR(folder.CheckFolders(service));
  RETURN_IF_ERROR(DescribeStore(point, copy, go_on));
  const std::string store = folder.StoreOf(service);
  RETURN_IF_ERROR(MakeFolder(store));
  REDRESS_FAULT_POINT("backup.before_store");
  const Size before = SizeOf(store);
  ASSIGN_OR_RETURN(const uint32_t number, kv::AddStoreCopy(point, store, go_on));
  REDRESS_FAULT_POINT("backup.before_files");
  const Size after = SizeOf(store);
  copy.set_copy_number(number);
  copy.set_store_bytes(after.bytes);
  const uint64_t store_bytes = after.bytes - std::min(after.bytes, before.bytes);
  const auto go_on_with_files = [&](uint64_t bytes) { return go_on(store_bytes + bytes); };
  const absl::StatusOr<KeptFiles> kept =
      KeepFiles(files, folder, service, number, go_on_with_files);
  if (!kept.ok()) {
    // It is no use to anybody, and may be what fills the disk.
    (void)kv::RemoveStoreCopy(store, number);
    return kept.status();
  }
  REDRESS_FAULT_POINT("backup.after_files");
  copy.set_files(kept->files);
  copy.set_file_bytes(kept->bytes);
  copy.set_new_files(after.files - std::min(after.files, before.files) + kept->new_files);
  copy.set_new_bytes(store_bytes + kept->new_bytes);
  return copy;
}

absl::StatusOr<RemovedCopies> RemoveOldCopies(const BackupFolder& folder, std::string_view service,
                                              const GoOn& go_on) {
  ASSIGN_OR_RETURN(const std::vector<uint32_t> needed, NamedCopies(folder, service));
  // Without a point that could be restored nothing is an old copy of anything.
  if (needed.empty()) return RemovedCopies();
  return KeepOnly(folder, service, needed, go_on);
}

absl::StatusOr<RemovedCopies> RemoveLeftovers(const BackupFolder& folder, std::string_view service,
                                              const GoOn& go_on) {
  std::error_code error;
  if (!fs::exists(folder.StoreOf(service), error)) return RemovedCopies();
  ASSIGN_OR_RETURN(std::vector<uint32_t> needed, NamedCopies(folder, service));
  const std::vector<uint32_t> whole = ListedCopies(folder, service);
  const uint32_t last_named = needed.empty() ? 0 : *std::max_element(needed.begin(), needed.end());
  if (!whole.empty() && whole.back() > last_named) needed.push_back(whole.back());
  return KeepOnly(folder, service, needed, go_on);
}

absl::Status CompareCopies(const v1::ServiceCopy& found, const v1::ServiceCopy& expected) {
  const auto differs = [&](std::string_view what, const auto& is, const auto& was) {
    return absl::DataLossError(fmt::format("{}: its {} is {}, and was {} when it was backed up",
                                           expected.service(), what, is, was));
  };
  if (found.last_commit() != expected.last_commit()) {
    return differs("last commit", found.last_commit(), expected.last_commit());
  }
  if (found.event_number() != expected.event_number()) {
    return differs("last event", found.event_number(), expected.event_number());
  }
  if (found.audit_number() != expected.audit_number()) {
    return differs("last audit leaf", found.audit_number(), expected.audit_number());
  }
  if (found.audit_root() != expected.audit_root()) {
    return differs("audit root", found.audit_root(), expected.audit_root());
  }
  if (found.schema() != expected.schema()) {
    return differs("schema", found.schema(), expected.schema());
  }
  if (found.files() != expected.files() || found.file_bytes() != expected.file_bytes()) {
    return differs("number of files", found.files(), expected.files());
  }
  return absl::OkStatus();
}

}  // namespace redress::backup
