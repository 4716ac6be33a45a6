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
#include "services/platform/backup/careful_files.h"

namespace redress::backup {

namespace v1 = redress::node::v1;

// A service's name is part of paths: lower-case letters alone.
bool IsServiceName(std::string_view name);
// What every point has to be, wherever it comes from: of `node`, with services whose names are such
// and differ. DATA_LOSS, BACKUP_DAMAGED.
absl::Status CheckPoint(const v1::RestorePoint& point, const std::string& node);

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
  // DATA_LOSS, BACKUP_DAMAGED, of both when what says whose it is cannot be read.
  static absl::StatusOr<BackupFolder> Open(const std::string& directory);

  const std::string& path() const { return path_; }
  const std::string& node() const { return node_; }
  std::string StoreOf(std::string_view service) const;
  std::string FilesOf(std::string_view service) const;
  std::string FileListOf(std::string_view service, uint32_t copy) const;

  // Refuses links where the service's part of the backup has folders: BACKUP_DAMAGED. Before
  // anything is written or removed there.
  absl::Status CheckFolders(std::string_view service) const;

  struct PointList {
    std::vector<v1::RestorePoint> points;  // By number.
    std::vector<absl::Status> unreadable;  // Each names its file.
  };
  absl::StatusOr<PointList> ReadPoints() const;
  // For whoever removes what no point names: one that cannot be read is an error.
  absl::StatusOr<std::vector<v1::RestorePoint>> Points() const;
  // The newest that can be read when `number` is unset; else that file alone is read. NOT_FOUND
  // says which there are.
  absl::StatusOr<v1::RestorePoint> Point(std::optional<uint32_t> number) const;

  // Writes `point` as the next number, synced; then removes older ones until `keep` are left (0
  // keeps all), telling which; those that cannot be read stay. ABORTED when one of its copies is
  // not there (any more).
  absl::StatusOr<v1::RestorePoint> Record(v1::RestorePoint point, uint32_t keep,
                                          std::vector<uint32_t>& removed) const;
  // Removes all points but the newest `keep`, at least one, telling which.
  absl::Status RemoveOld(uint32_t keep, std::vector<uint32_t>& removed) const;

 private:
  BackupFolder(std::string path, std::string node)
      : path_(std::move(path)), node_(std::move(node)) {}
  std::string PointFile(uint32_t number) const;
  absl::StatusOr<uint32_t> NextNumber() const;

  std::string path_;
  std::string node_;
};

}  // namespace redress::backup

#endif  // REDRESS_SERVICES_PLATFORM_BACKUP_BACKUP_FOLDER_H_
