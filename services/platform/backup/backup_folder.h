#ifndef REDRESS_SERVICES_PLATFORM_BACKUP_BACKUP_FOLDER_H_
#define REDRESS_SERVICES_PLATFORM_BACKUP_BACKUP_FOLDER_H_

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "redress/node/v1/backup.pb.h"

namespace redress::backup {

namespace v1 = redress::node::v1;

// A folder that backups of one node lie in; redress/node/v1/backup.proto says what is where. A copy
// counts once a restore point names it, and a restore point is a file that appears whole, so that
// whatever breaks off leaves the earlier ones as they were. Everything here blocks. A plain value.
class BackupFolder {
 public:
  // For writing: makes the folder (mode 0700) where it is absent. INVALID_ARGUMENT, `directory`:
  // no absolute path, within `data_dir`, not empty and no backup, or another node's. UNAVAILABLE
  // when it cannot be made.
  static absl::StatusOr<BackupFolder> Prepare(const std::string& directory, const std::string& node,
                                              const std::string& data_dir);
  // For reading; also on a medium that cannot be written to. NOT_FOUND when it is no backup.
  static absl::StatusOr<BackupFolder> Open(const std::string& directory);

  const std::string& path() const { return path_; }
  const std::string& node() const { return node_; }
  std::string StoreOf(std::string_view service) const;
  std::string FilesOf(std::string_view service) const;
  std::string FileListOf(std::string_view service, uint32_t copy) const;

  // By number. One that cannot be read is DATA_LOSS, naming its file.
  absl::StatusOr<std::vector<v1::RestorePoint>> Points() const;
  // The newest when `number` is unset. NOT_FOUND says which there are.
  absl::StatusOr<v1::RestorePoint> Point(std::optional<uint32_t> number) const;

  // Writes `point` as the next number, synced; then removes older ones until `keep` are left (0
  // keeps all), telling which. ABORTED when one of its copies is not there (any more).
  absl::StatusOr<v1::RestorePoint> Record(v1::RestorePoint point, uint32_t keep,
                                          std::vector<uint32_t>& removed) const;
  // Removes all points but the newest `keep`, at least one, telling which.
  absl::Status RemoveOld(uint32_t keep, std::vector<uint32_t>& removed) const;

 private:
  BackupFolder(std::string path, std::string node)
      : path_(std::move(path)), node_(std::move(node)) {}
  std::string PointFile(uint32_t number) const;

  std::string path_;
  std::string node_;
};

// Writes a file that appears whole, synced with its folder.
absl::Status WriteWhole(const std::string& path, std::string_view bytes);
// Makes a folder that only its owner may enter, and those above it, as far as they are absent.
absl::Status MakeFolder(const std::string& path);
absl::StatusOr<std::string> ReadWhole(const std::string& path);

}  // namespace redress::backup

#endif  // REDRESS_SERVICES_PLATFORM_BACKUP_BACKUP_FOLDER_H_
