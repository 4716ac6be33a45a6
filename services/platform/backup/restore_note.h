#ifndef REDRESS_SERVICES_PLATFORM_BACKUP_RESTORE_NOTE_H_
#define REDRESS_SERVICES_PLATFORM_BACKUP_RESTORE_NOTE_H_

#include <cstdint>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "services/platform/backup/backup_folder.h"

namespace redress::backup {

// The last restore of a backup folder, in its file restores.json: two restores of one point are
// told apart by it, since everything else that the second one reads is what the first one read.
struct RestoreNote {
  uint32_t restores = 0;  // As journal::RestoredMark has them.
  uint32_t generation = 0;
};

// All 0 when there was none. BACKUP_DAMAGED when it cannot be read.
absl::StatusOr<RestoreNote> ReadRestoreNote(const BackupFolder& folder);
// UNAVAILABLE on a medium that cannot be written to.
absl::Status WriteRestoreNote(const BackupFolder& folder, const RestoreNote& note);

}  // namespace redress::backup

#endif  // REDRESS_SERVICES_PLATFORM_BACKUP_RESTORE_NOTE_H_
