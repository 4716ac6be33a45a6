#ifndef REDRESS_SERVICES_PLATFORM_BACKUP_KEPT_FILES_H_
#define REDRESS_SERVICES_PLATFORM_BACKUP_KEPT_FILES_H_

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "services/platform/backup/backup_folder.h"

namespace redress::backup {

// A service's evidence files in a backup. Such a file never changes once it has its name, so each
// is copied once, whichever copies of the store it belongs to; a list beside them says which belong
// to one, with size and SHA-256. A name may come back with another file, when what was fetched was
// lost before its commit and is fetched again: both are kept. Everything here blocks.

// How far a copy has come; false ends it (CANCELLED). Whatever takes long asks, copying or not.
using GoOn = std::function<bool(uint64_t bytes_copied)>;

struct KeptFiles {
  uint64_t files = 0;
  uint64_t bytes = 0;
  uint64_t new_files = 0;  // Copied now.
  uint64_t new_bytes = 0;

  friend bool operator==(const KeptFiles&, const KeptFiles&) = default;
};

// Copies what is new in `source` and writes the list of copy number `copy`. A file that is removed
// meanwhile is left out: its case was erased. What is unfinished (".part", ".incoming") is left out
// too. BACKUP_DAMAGED when there are links where the backup has folders.
absl::StatusOr<KeptFiles> KeepFiles(const std::string& source, const BackupFolder& folder,
                                    std::string_view service, uint32_t copy, const GoOn& go_on);

// Reads each file of the copy and compares it with the list. DATA_LOSS names the first that is
// missing or differs.
absl::StatusOr<KeptFiles> CheckFiles(const BackupFolder& folder, std::string_view service,
                                     uint32_t copy);

// Writes the copy's files into `target`, which is made; each is checked on the way.
absl::StatusOr<KeptFiles> RestoreFiles(const BackupFolder& folder, std::string_view service,
                                       uint32_t copy, const std::string& target);

// Removes the lists of all copies but those named, and the files that no list names. How many.
absl::StatusOr<uint64_t> RemoveOldFiles(const BackupFolder& folder, std::string_view service,
                                        const std::vector<uint32_t>& copies, const GoOn& go_on);

// The copies that have a list, and so were copied to the end; by number.
std::vector<uint32_t> ListedCopies(const BackupFolder& folder, std::string_view service);

}  // namespace redress::backup

#endif  // REDRESS_SERVICES_PLATFORM_BACKUP_KEPT_FILES_H_
