#ifndef REDRESS_SERVICES_PLATFORM_FILES_SYNC_H_
#define REDRESS_SERVICES_PLATFORM_FILES_SYNC_H_

#include <string>

namespace redress::files {

// Syncs the folder that `path` is in, without which a file that was just made or renamed there may
// be gone after a loss of power, however well its content was synced. Blocks. 0, or the errno.
int SyncFolderOf(const std::string& path);

// Has what was written to the file at `path` survive a power cut. Blocks. 0, or the errno.
int SyncFile(const std::string& path);

}  // namespace redress::files

#endif  // REDRESS_SERVICES_PLATFORM_FILES_SYNC_H_
