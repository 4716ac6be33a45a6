#include "services/platform/backup/backup_folder.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <charconv>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <system_error>
#include <utility>

#include "fmt/format.h"
#include "google/protobuf/util/json_util.h"
#include "nlohmann/json.hpp"
#include "services/platform/files/sync.h"
#include "services/platform/status/field_violations.h"
#include "services/platform/status/status_macros.h"

namespace redress::backup {
namespace {

namespace fs = std::filesystem;

constexpr char kMark[] = "/redress-backup.json";
constexpr char kPoints[] = "/restore-points";
constexpr uint32_t kFormat = 1;
constexpr size_t kLongestPath = 1024;

absl::Status Failed(const std::string& path, std::string_view doing, int error) {
  const std::string message = fmt::format("{}: {}: {}", path, doing, std::strerror(error));
  if (error == ENOSPC || error == EDQUOT) return absl::ResourceExhaustedError(message);
  return absl::UnavailableError(message);
}

absl::Status NotAccepted(std::string_view problem) { return InvalidField("directory", problem); }

// Whether `path` is `folder` or lies in it; both as they really are, symbolic links followed.
bool LiesIn(const fs::path& path, const fs::path& folder) {
  std::error_code error;
  const fs::path outer = fs::weakly_canonical(folder, error);
  const fs::path inner = fs::weakly_canonical(path, error);
  return std::mismatch(outer.begin(), outer.end(), inner.begin(), inner.end()).first == outer.end();
}

absl::Status CheckPath(const std::string& directory, const std::string& data_dir) {
  if (directory.empty() || directory.size() > kLongestPath || directory.front() != '/' ||
      directory.find('\0') != std::string::npos) {
    return NotAccepted("is no absolute path");
  }
  if (LiesIn(directory, data_dir) || LiesIn(data_dir, directory)) {
    return NotAccepted("lies where the service keeps its data; a backup belongs on another disk");
  }
  return absl::OkStatus();
}

// What was begun and not finished counts as empty, too.
bool IsEmpty(const std::string& directory) {
  std::error_code error;
  if (!fs::exists(directory, error)) return true;
  if (!fs::is_directory(directory, error)) return false;
  for (fs::directory_iterator at(directory, error), end; !error && at != end; at.increment(error)) {
    const std::string name = "/" + at->path().filename().string();
    if (name != kPoints && name != std::string(kMark) + ".new") return false;
  }
  return !error;
}

// The node whose backup this is; nullopt where there is no backup.
absl::StatusOr<std::optional<std::string>> NodeOf(const std::string& directory) {
  std::error_code error;
  if (!fs::exists(directory + kMark, error)) return std::optional<std::string>();
  ASSIGN_OR_RETURN(const std::string text, ReadWhole(directory + kMark));
  const auto mark = nlohmann::json::parse(text, nullptr, /*allow_exceptions=*/false);
  const bool whole = mark.is_object() && mark.contains("node") && mark["node"].is_string() &&
                     mark.value("format", 0u) == kFormat;
  if (!whole) {
    return absl::DataLossError(
        fmt::format("{}{}: cannot be read, or is of a newer version of Redress", directory, kMark));
  }
  return std::optional<std::string>(mark["node"].get<std::string>());
}

}  // namespace

absl::StatusOr<std::string> ReadWhole(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  if (!file) return absl::UnavailableError(fmt::format("{}: cannot be read", path));
  std::string bytes((std::istreambuf_iterator<char>(file)), std::istreambuf_iterator<char>());
  if (file.bad()) return absl::UnavailableError(fmt::format("{}: cannot be read", path));
  return bytes;
}

absl::Status WriteWhole(const std::string& path, std::string_view bytes) {
  const std::string fresh = path + ".new";
  const int descriptor = ::open(fresh.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
  if (descriptor < 0) return Failed(fresh, "open", errno);
  int error = 0;
  while (!bytes.empty() && error == 0) {
    const ssize_t written = ::write(descriptor, bytes.data(), bytes.size());
    if (written >= 0) {
      bytes.remove_prefix(static_cast<size_t>(written));
    } else if (errno != EINTR) {
      error = errno;
    }
  }
  if (error == 0 && ::fsync(descriptor) != 0) error = errno;
  ::close(descriptor);
  if (error == 0 && ::rename(fresh.c_str(), path.c_str()) != 0) error = errno;
  if (error == 0) error = files::SyncFolderOf(path);
  if (error == 0) return absl::OkStatus();
  ::unlink(fresh.c_str());
  return Failed(path, "write", error);
}

absl::Status MakeFolder(const std::string& path) {
  std::error_code error;
  if (fs::is_directory(path, error)) return absl::OkStatus();
  const fs::path above = fs::path(path).parent_path();
  if (!above.empty() && above != path) RETURN_IF_ERROR(MakeFolder(above));
  if (::mkdir(path.c_str(), 0700) != 0 && errno != EEXIST) return Failed(path, "make", errno);
  return absl::OkStatus();
}

absl::StatusOr<BackupFolder> BackupFolder::Prepare(const std::string& directory,
                                                   const std::string& node,
                                                   const std::string& data_dir) {
  RETURN_IF_ERROR(CheckPath(directory, data_dir));
  const std::string path = fs::path(directory).lexically_normal();
  ASSIGN_OR_RETURN(const std::optional<std::string> there, NodeOf(path));
  if (there.has_value() && *there != node) {
    return NotAccepted(fmt::format("holds backups of node {}", *there));
  }
  if (!there.has_value() && !IsEmpty(path)) {
    return NotAccepted(
        "holds something else; a folder is accepted that is absent, empty or an "
        "earlier backup of this node");
  }
  RETURN_IF_ERROR(MakeFolder(path + kPoints));
  if (!there.has_value()) {
    const nlohmann::json mark = {{"format", kFormat}, {"node", node}};
    RETURN_IF_ERROR(WriteWhole(path + kMark, mark.dump() + "\n"));
  }
  return BackupFolder(path, node);
}

absl::StatusOr<BackupFolder> BackupFolder::Open(const std::string& directory) {
  ASSIGN_OR_RETURN(std::optional<std::string> node, NodeOf(directory));
  if (!node.has_value()) {
    return absl::NotFoundError(
        fmt::format("{}: is no backup; one has a file redress-backup.json", directory));
  }
  return BackupFolder(directory, *std::move(node));
}

std::string BackupFolder::StoreOf(std::string_view service) const {
  return fmt::format("{}/{}/store", path_, service);
}
std::string BackupFolder::FilesOf(std::string_view service) const {
  return fmt::format("{}/{}/files", path_, service);
}
std::string BackupFolder::FileListOf(std::string_view service, uint32_t copy) const {
  return fmt::format("{}/{}/file-lists/{}", path_, service, copy);
}
std::string BackupFolder::PointFile(uint32_t number) const {
  return fmt::format("{}{}/{}.json", path_, kPoints, number);
}

absl::StatusOr<std::vector<v1::RestorePoint>> BackupFolder::Points() const {
  std::vector<v1::RestorePoint> points;
  std::error_code error;
  for (fs::directory_iterator at(path_ + kPoints, error), end; !error && at != end;
       at.increment(error)) {
    if (at->path().extension() != ".json") continue;  // One that was being written.
    ASSIGN_OR_RETURN(const std::string text, ReadWhole(at->path()));
    v1::RestorePoint point;
    const bool whole = google::protobuf::util::JsonStringToMessage(text, &point).ok() &&
                       point.format() == kFormat &&
                       at->path().stem() == fmt::format("{}", point.number());
    if (!whole) {
      return absl::DataLossError(
          fmt::format("{}: cannot be read, or is of a newer version", at->path().string()));
    }
    points.push_back(std::move(point));
  }
  if (error) {
    return absl::UnavailableError(fmt::format("{}{}: {}", path_, kPoints, error.message()));
  }
  std::sort(points.begin(), points.end(),
            [](const auto& a, const auto& b) { return a.number() < b.number(); });
  return points;
}

absl::StatusOr<v1::RestorePoint> BackupFolder::Point(std::optional<uint32_t> number) const {
  ASSIGN_OR_RETURN(const std::vector<v1::RestorePoint> points, Points());
  if (points.empty()) {
    return absl::NotFoundError(
        fmt::format("{}: has no restore point; no backup was finished", path_));
  }
  if (!number.has_value()) return points.back();
  for (const v1::RestorePoint& point : points) {
    if (point.number() == *number) return point;
  }
  return absl::NotFoundError(fmt::format("{}: has no restore point {}; there are {} to {}", path_,
                                         *number, points.front().number(), points.back().number()));
}

absl::StatusOr<v1::RestorePoint> BackupFolder::Record(v1::RestorePoint point, uint32_t keep,
                                                      std::vector<uint32_t>& removed) const {
  for (const v1::ServiceCopy& copy : point.services()) {
    std::error_code error;
    if (fs::exists(FileListOf(copy.service(), copy.copy_number()), error)) continue;
    return absl::AbortedError(fmt::format("copy {} of {} is not there; make the backup again",
                                          copy.copy_number(), copy.service()));
  }
  ASSIGN_OR_RETURN(const std::vector<v1::RestorePoint> before, Points());
  point.set_format(kFormat);
  point.set_number(before.empty() ? 1 : before.back().number() + 1);
  std::string text;
  google::protobuf::util::JsonPrintOptions print;
  print.add_whitespace = true;
  if (!google::protobuf::util::MessageToJsonString(point, &text, print).ok()) {
    return absl::InternalError("a restore point cannot be written as JSON");
  }
  RETURN_IF_ERROR(WriteWhole(PointFile(point.number()), text));
  if (keep > 0) RETURN_IF_ERROR(RemoveOld(keep, removed));
  return point;
}

absl::Status BackupFolder::RemoveOld(uint32_t keep, std::vector<uint32_t>& removed) const {
  if (keep == 0) return absl::InternalError("without a restore point a backup is none");
  ASSIGN_OR_RETURN(const std::vector<v1::RestorePoint> points, Points());
  for (size_t i = 0; i + keep < points.size(); ++i) {
    const std::string file = PointFile(points[i].number());
    if (::unlink(file.c_str()) != 0) return Failed(file, "remove", errno);
    removed.push_back(points[i].number());
  }
  if (const int error = files::SyncFolderOf(PointFile(1)); error != 0) {
    return Failed(path_ + kPoints, "sync", error);
  }
  return absl::OkStatus();
}

}  // namespace redress::backup
