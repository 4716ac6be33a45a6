#ifndef REDRESS_SERVICES_PLATFORM_CRYPTO_FOLDER_SYNC_H_
#define REDRESS_SERVICES_PLATFORM_CRYPTO_FOLDER_SYNC_H_

#include <string>

namespace redress::crypto {

// Syncs the folder that `path` is in, without which a file that was just made or renamed there may
// be gone after a loss of power, however well its content was synced. Blocks. 0, or the errno.
int SyncFolderOf(const std::string& path);

// Has what was written to the file at `path` survive a power cut.
int SyncFile(const std::string& path);

}  // namespace redress::crypto

#endif  // REDRESS_SERVICES_PLATFORM_CRYPTO_FOLDER_SYNC_H_
