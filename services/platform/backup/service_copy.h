#ifndef REDRESS_SERVICES_PLATFORM_BACKUP_SERVICE_COPY_H_
#define REDRESS_SERVICES_PLATFORM_BACKUP_SERVICE_COPY_H_

#include <string>
#include <string_view>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "services/platform/backup/backup_folder.h"
#include "services/platform/backup/kept_files.h"

namespace redress::backup {

// One service's part of a restore point. Everything here blocks.

// Fills in what the store at `path` says of itself: last commit, numbers of its logs, schema, and
// the root of its audit log, which is computed from every leaf: `go_on` is asked now and then.
absl::Status DescribeStore(const std::string& path, v1::ServiceCopy& copy, const GoOn& go_on);

// Copies a store's point (kv::StorePoints) and the files beside it into `folder`. The files are
// listed after the point was taken, so that every file which its rows name is among them. A copy
// that does not come to its end is removed again.
absl::StatusOr<v1::ServiceCopy> CopyService(const std::string& point, const std::string& files,
                                            const BackupFolder& folder, std::string_view service,
                                            const GoOn& go_on);

struct RemovedCopies {
  uint32_t copies = 0;
  uint64_t files = 0;
};
// Removes of `service` what no restore point of the folder names. Any point that cannot be read is
// an error: nobody knows what it names.
absl::StatusOr<RemovedCopies> RemoveOldCopies(const BackupFolder& folder, std::string_view service,
                                              const GoOn& go_on);

// The same before a copy is made: what earlier calls left that broke off. The newest copy stays if
// it was made to its end, since the point that names it may be about to be recorded. Without any
// point the others go, too.
absl::StatusOr<RemovedCopies> RemoveLeftovers(const BackupFolder& folder, std::string_view service,
                                              const GoOn& go_on);

// OK when everything that describes the content is the same; else DATA_LOSS naming what is not.
absl::Status CompareCopies(const v1::ServiceCopy& found, const v1::ServiceCopy& expected);

}  // namespace redress::backup

#endif  // REDRESS_SERVICES_PLATFORM_BACKUP_SERVICE_COPY_H_
