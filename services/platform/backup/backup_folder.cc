#include "services/platform/backup/backup_folder.h"

#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <charconv>
#include <filesystem>
#include <limits>
#include <set>
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
  const absl::StatusOr<std::string> text = ReadWhole(directory + kMark, kMostMarkBytes);
  if (absl::IsNotFound(text.status())) return std::optional<std::string>();
  RETURN_IF_ERROR(text.status());
  const auto mark = nlohmann::json::parse(*text, nullptr, /*allow_exceptions=*/false);
  const bool whole = mark.is_object() && mark.contains("node") && mark["node"].is_string() &&
                     mark.contains("format") && mark["format"].is_number_unsigned() &&
                     mark["format"].get<uint64_t>() == kFormat;
  if (!whole) {
    return Damaged(
        fmt::format("{}{}: cannot be read, or is of a newer version of Redress", directory, kMark));
  }
  return std::optional<std::string>(mark["node"].get<std::string>());
}

// Of a restore point's file name: its number. Nullopt: no number could be written so.
std::optional<uint32_t> NumberOf(const fs::path& file) {
  const std::string stem = file.stem();
  uint32_t number = 0;
  const auto [end, error] = std::from_chars(stem.data(), stem.data() + stem.size(), number);
  const bool whole = error == std::errc() && end == stem.data() + stem.size();
  if (!whole || number == 0 || stem.front() == '0') return std::nullopt;
  return number;
}

absl::StatusOr<v1::RestorePoint> ReadPoint(const std::string& file, const std::string& node) {
  ASSIGN_OR_RETURN(const std::string text, ReadWhole(file, kMostMarkBytes));
  v1::RestorePoint point;
  const bool whole = google::protobuf::util::JsonStringToMessage(text, &point).ok() &&
                     point.format() == kFormat && point.number() == NumberOf(file).value_or(0);
  if (!whole) {
    return Damaged(fmt::format("{}: cannot be read, or is of a newer version", file));
  }
  const absl::Status checked = CheckPoint(point, node);
  if (!checked.ok()) return Damaged(fmt::format("{}: {}", file, std::string(checked.message())));
  return point;
}

// One that is being written, or was, ends otherwise.
absl::StatusOr<std::vector<fs::path>> PointFilesIn(const std::string& folder) {
  RETURN_IF_ERROR(CheckRealFolder(folder));
  std::vector<fs::path> files;
  std::error_code error;
  for (fs::directory_iterator at(folder, error), end; !error && at != end; at.increment(error)) {
    if (at->path().extension() == ".json") files.push_back(at->path());
  }
  if (error) return absl::UnavailableError(fmt::format("{}: {}", folder, error.message()));
  std::sort(files.begin(), files.end());
  return files;
}

}  // namespace

bool IsServiceName(std::string_view name) {
  return !name.empty() && name.size() <= 32 &&
         name.find_first_not_of("abcdefghijklmnopqrstuvwxyz") == std::string_view::npos;
}

absl::Status CheckPoint(const v1::RestorePoint& point, const std::string& node) {
  if (point.node() != node) return Damaged("the point is not of the folder's node");
  if (point.services().empty()) return Damaged("the point has no service");
  std::set<std::string> names;
  for (const v1::ServiceCopy& copy : point.services()) {
    if (!IsServiceName(copy.service())) return Damaged("the point has a service without a name");
    if (!names.insert(copy.service()).second) {
      return Damaged(fmt::format("the point has {} twice", copy.service()));
    }
  }
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
  RETURN_IF_ERROR(CheckRealFolder(path + kPoints));
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

absl::Status BackupFolder::CheckFolders(std::string_view service) const {
  const std::string own = fmt::format("{}/{}", path_, service);
  const std::string store = StoreOf(service);
  for (const std::string& folder : {own, store, FilesOf(service), own + "/file-lists"}) {
    RETURN_IF_ERROR(CheckRealFolder(folder));
  }
  // Whoever tidies up the copies removes whatever they do not know in the folders below, too.
  std::error_code error;
  if (!fs::exists(store, error)) return absl::OkStatus();
  for (fs::recursive_directory_iterator at(store, error), end; !error && at != end;
       at.increment(error)) {
    std::error_code gone;
    if (at->is_symlink(gone)) return Damaged(fmt::format("{}: is a link", at->path().string()));
  }
  if (error) return absl::UnavailableError(fmt::format("{}: {}", store, error.message()));
  return absl::OkStatus();
}

absl::StatusOr<BackupFolder::PointList> BackupFolder::ReadPoints() const {
  ASSIGN_OR_RETURN(const std::vector<fs::path> files, PointFilesIn(path_ + kPoints));
  PointList list;
  for (const fs::path& file : files) {
    absl::StatusOr<v1::RestorePoint> point = ReadPoint(file, node_);
    if (point.ok()) {
      list.points.push_back(*std::move(point));
    } else if (!absl::IsNotFound(point.status())) {  // Removed meanwhile.
      list.unreadable.push_back(point.status());
    }
  }
  std::sort(list.points.begin(), list.points.end(),
            [](const auto& a, const auto& b) { return a.number() < b.number(); });
  return list;
}

absl::StatusOr<std::vector<v1::RestorePoint>> BackupFolder::Points() const {
  ASSIGN_OR_RETURN(PointList list, ReadPoints());
  if (!list.unreadable.empty()) return list.unreadable.front();
  return std::move(list.points);
}

absl::StatusOr<v1::RestorePoint> BackupFolder::Point(std::optional<uint32_t> number) const {
  if (number.has_value()) {
    RETURN_IF_ERROR(CheckRealFolder(path_ + kPoints));
    absl::StatusOr<v1::RestorePoint> point = ReadPoint(PointFile(*number), node_);
    if (!absl::IsNotFound(point.status())) return point;
  }
  ASSIGN_OR_RETURN(const PointList list, ReadPoints());
  if (list.points.empty() && !list.unreadable.empty()) return list.unreadable.back();
  if (list.points.empty()) {
    return absl::NotFoundError(
        fmt::format("{}: has no restore point; no backup was finished", path_));
  }
  if (!number.has_value()) return list.points.back();
  return absl::NotFoundError(fmt::format("{}: has no restore point {}; there are {} to {}", path_,
                                         *number, list.points.front().number(),
                                         list.points.back().number()));
}

// After every file that is there, also those that cannot be read: their numbers were given out.
absl::StatusOr<uint32_t> BackupFolder::NextNumber() const {
  ASSIGN_OR_RETURN(const std::vector<fs::path> files, PointFilesIn(path_ + kPoints));
  uint32_t last = 0;
  for (const fs::path& file : files) last = std::max(last, NumberOf(file).value_or(0));
  if (last < std::numeric_limits<uint32_t>::max()) return last + 1;
  return Damaged(fmt::format("{}: no number comes after it; remove it", PointFile(last)));
}

absl::StatusOr<v1::RestorePoint> BackupFolder::Record(v1::RestorePoint point, uint32_t keep,
                                                      std::vector<uint32_t>& removed) const {
  RETURN_IF_ERROR(CheckPoint(point, node_));
  for (const v1::ServiceCopy& copy : point.services()) {
    std::error_code error;
    if (fs::exists(FileListOf(copy.service(), copy.copy_number()), error)) continue;
    return absl::AbortedError(fmt::format("copy {} of {} is not there; make the backup again",
                                          copy.copy_number(), copy.service()));
  }
  ASSIGN_OR_RETURN(const uint32_t number, NextNumber());
  point.set_format(kFormat);
  point.set_number(number);
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
  // One that cannot be read is neither counted nor removed: somebody has to look at it.
  ASSIGN_OR_RETURN(const PointList list, ReadPoints());
  const std::vector<v1::RestorePoint>& points = list.points;
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
