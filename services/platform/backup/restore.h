#ifndef REDRESS_SERVICES_PLATFORM_BACKUP_RESTORE_H_
#define REDRESS_SERVICES_PLATFORM_BACKUP_RESTORE_H_

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "services/platform/backup/backup_folder.h"

namespace redress::backup {

// Told as work goes on: "intake: checking the store".
using Tell = std::function<void(std::string_view what)>;

// What became of one service.
struct RestoredService {
  v1::ServiceCopy copy;
  uint64_t next_commit = 0;  // The first number that it may use.
  // How far the store had come that the backup was taken of, where that is still at its place and
  // says so: commits up to here are lost. Nullopt: not known.
  std::optional<uint64_t> last_acknowledged;
};

// Whether a service still runs on the data that the point was taken of, on this machine:
// FAILED_PRECONDITION names it. Two nodes with one identity would give out the same numbers.
absl::Status CheckNodeIsStopped(const v1::RestorePoint& point);

// Restores every service of a point under `data_dir`, which must be absent or empty: each into a
// folder of its name, with store and files as they were. Every byte is checked on the way. Then
// notes in each store that it was restored (journal::RestoredMark), so that the services notice,
// and lets its commit numbers go on far above all that were ever used, also after earlier restores
// of the same point. The folder is told of the restore where it can be written to (restore_note.h);
// where not, `tell` says so.
//
// An error removes what was written. FAILED_PRECONDITION when `data_dir` holds something; DATA_LOSS
// when the backup is damaged or the point is not one of the folder's node; RESOURCE_EXHAUSTED when
// there is no room.
absl::StatusOr<std::vector<RestoredService>> RestoreNode(const BackupFolder& folder,
                                                         const v1::RestorePoint& point,
                                                         const std::string& data_dir,
                                                         absl::Time now, const Tell& tell);

// What is wrong with one service's part of a point; `problem` is OK when nothing is.
struct VerifiedService {
  v1::ServiceCopy copy;
  absl::Status problem;
};

// A check of the caller's own upon a store that was restored to a scratch folder. The stores of
// the services before it in the point, as far as they are whole, are still beside it.
using StoreCheck =
    std::function<absl::Status(std::string_view service, const std::string& data_dir)>;

// Proves that a point can be restored: checks every checksum, restores to `scratch` (must be
// absent; removed again), opens the stores, and compares what they say with the point. `check` may
// be unset. An error status means that it could not be tried.
absl::StatusOr<std::vector<VerifiedService>> VerifyPoint(const BackupFolder& folder,
                                                         const v1::RestorePoint& point,
                                                         const std::string& scratch,
                                                         const StoreCheck& check, const Tell& tell);

}  // namespace redress::backup

#endif  // REDRESS_SERVICES_PLATFORM_BACKUP_RESTORE_H_
