#ifndef REDRESS_SERVICES_PLATFORM_BACKUP_CAREFUL_FILES_H_
#define REDRESS_SERVICES_PLATFORM_BACKUP_CAREFUL_FILES_H_

#include <cstdint>
#include <string>
#include <string_view>

#include "absl/status/status.h"
#include "absl/status/statusor.h"

namespace redress::backup {

// Files and folders of a backup, which lies on a disk that others may have written to: nothing
// there is followed elsewhere, waited for or read without end. Everything here blocks.

// Whoever makes or restores the backup has to read what is wrong with it: a refusal, DATA_LOSS,
// BACKUP_DAMAGED.
absl::Status Damaged(std::string_view message);

// Room for a list of some million files.
inline constexpr uint64_t kMostListBytes = uint64_t{1} << 30;
// For what is a few lines.
inline constexpr uint64_t kMostMarkBytes = uint64_t{1} << 20;

// A descriptor that is closed with it; -1 is none.
class Descriptor {
 public:
  explicit Descriptor(int descriptor) : descriptor_(descriptor) {}
  ~Descriptor();
  Descriptor(Descriptor&& other) noexcept;
  Descriptor& operator=(Descriptor&&) = delete;
  int get() const { return descriptor_; }

 private:
  int descriptor_;
};

// Opens a file to read it. NOT_FOUND when it is absent; BACKUP_DAMAGED when it is a link or no
// ordinary file.
absl::StatusOr<Descriptor> OpenToRead(const std::string& path);
// Makes a file anew, in the place of one that was left there: never through a link.
absl::StatusOr<Descriptor> OpenAnew(const std::string& path);

// All of a file. BACKUP_DAMAGED when it is larger than `most` or no ordinary file.
absl::StatusOr<std::string> ReadWhole(const std::string& path, uint64_t most = kMostListBytes);
// Writes a file that appears whole, synced with its folder.
absl::Status WriteWhole(const std::string& path, std::string_view bytes);
absl::Status WriteAll(int to, const std::string& path, std::string_view bytes);

// Makes a folder that only its owner may enter, and those above it, as far as they are absent.
absl::Status MakeFolder(const std::string& path);
// The same, but for one that is there already: FAILED_PRECONDITION. So whoever made it may remove
// it.
absl::Status MakeNewFolder(const std::string& path);
// OK when there is a folder, or nothing. BACKUP_DAMAGED when it is a link or a file: what was
// written there, or removed, would be somewhere else.
absl::Status CheckRealFolder(const std::string& path);

// Of errno. RESOURCE_EXHAUSTED: no room; NOT_FOUND; otherwise UNAVAILABLE.
absl::Status Failed(const std::string& path, std::string_view doing, int error);

}  // namespace redress::backup

#endif  // REDRESS_SERVICES_PLATFORM_BACKUP_CAREFUL_FILES_H_
