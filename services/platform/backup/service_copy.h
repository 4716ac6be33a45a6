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
// the root of its audit log, which is computed from every leaf.
absl::Status DescribeStore(const std::string& path, v1::ServiceCopy& copy);

// Copies a store's point (kv::StorePoints) and the files beside it into `folder`. The files are
// listed after the point was taken, so that every file which its rows name is among them.
absl::StatusOr<v1::ServiceCopy> CopyService(const std::string& point, const std::string& files,
                                            const BackupFolder& folder, std::string_view service,
                                            const GoOn& go_on);

struct RemovedCopies {
  uint32_t copies = 0;
  uint64_t files = 0;
};
// Removes of `service` what no restore point of the folder names.
absl::StatusOr<RemovedCopies> RemoveOldCopies(const BackupFolder& folder, std::string_view service);

// OK when everything that describes the content is the same; else DATA_LOSS naming what is not.
absl::Status CompareCopies(const v1::ServiceCopy& found, const v1::ServiceCopy& expected);

}  // namespace redress::backup

#endif  // REDRESS_SERVICES_PLATFORM_BACKUP_SERVICE_COPY_H_
