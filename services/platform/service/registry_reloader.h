#ifndef REDRESS_SERVICES_PLATFORM_SERVICE_REGISTRY_RELOADER_H_
#define REDRESS_SERVICES_PLATFORM_SERVICE_REGISTRY_RELOADER_H_

#include <cstdint>
#include <optional>
#include <string>

#include "absl/time/time.h"
#include "services/platform/async/blocking_pool.h"
#include "services/platform/async/cancellation.h"
#include "services/platform/async/executor.h"
#include "services/platform/async/task.h"
#include "services/platform/auth/verifier.h"
#include "services/platform/telemetry/log.h"

namespace redress::service {

// What tells that a file is another one than it was. Files are replaced by renaming, so the inode
// counts too; a change within the resolution of the file system's time is seen by the size.
struct FileStamp {
  int64_t modified_ns = 0;
  uint64_t inode = 0;
  uint64_t size = 0;

  friend bool operator==(const FileStamp&, const FileStamp&) = default;
};
// Nothing when it cannot be asked about.
std::optional<FileStamp> StampOf(const std::string& path);

// Has the verifier take the issuers anew whenever their file changes, so that giving and taking
// rights needs no restart. A file that cannot be read, or is no registry, is logged and left: the
// issuers that were good stay, until it changes again. All borrowed parts outlive the task.
async::Task<void> FollowRegistry(std::string path, FileStamp known, auth::Verifier* verifier,
                                 async::Executor* executor, async::BlockingPool* pool,
                                 telemetry::Logger* log, async::CancellationToken cancellation,
                                 absl::Duration interval = absl::Seconds(1));

}  // namespace redress::service

#endif  // REDRESS_SERVICES_PLATFORM_SERVICE_REGISTRY_RELOADER_H_
