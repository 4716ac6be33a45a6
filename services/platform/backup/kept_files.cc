#include "services/platform/backup/kept_files.h"

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <filesystem>
#include <map>
#include <sstream>
#include <system_error>
#include <utility>

#include "fmt/format.h"
#include "services/platform/crypto/encoding.h"
#include "services/platform/crypto/sha256.h"
#include "services/platform/files/sync.h"
#include "services/platform/status/status_macros.h"

namespace redress::backup {
namespace {

namespace fs = std::filesystem;

constexpr size_t kPiece = 1 << 20;
constexpr std::string_view kPart = ".part";
constexpr std::string_view kFresh = ".new";
// Last in a list, so that one that was cut off is seen.
constexpr std::string_view kEnd = "end";

struct Listed {
  uint64_t bytes = 0;
  std::string sha256;  // Hexadecimal.

  friend bool operator==(const Listed&, const Listed&) = default;
};
using FileList = std::map<std::string, Listed>;

absl::Status Failed(const std::string& path, std::string_view doing, int error) {
  const std::string message = fmt::format("{}: {}: {}", path, doing, std::strerror(error));
  if (error == ENOSPC || error == EDQUOT) return absl::ResourceExhaustedError(message);
  if (error == ENOENT) return absl::NotFoundError(message);
  return absl::UnavailableError(message);
}

// One line for each file, "<sha256>  <bytes>  <name>".
std::string TextOf(const FileList& list) {
  std::string text;
  for (const auto& [name, listed] : list) {
    text += fmt::format("{}  {}  {}\n", listed.sha256, listed.bytes, name);
  }
  return text + fmt::format("{}  {}\n", kEnd, list.size());
}

absl::StatusOr<FileList> ReadList(const std::string& path) {
  const absl::StatusOr<std::string> text = ReadWhole(path);
  if (!text.ok()) return absl::DataLossError(text.status().message());
  FileList list;
  std::istringstream lines(*text);
  std::string first;
  while (lines >> first && first != kEnd) {
    Listed listed{0, first};
    std::string name;
    lines >> listed.bytes >> name;
    // A name is one of the service's own, of random or digested letters; a path could lead away.
    if (!lines || name.find('/') != std::string::npos || name.front() == '.') break;
    list.emplace(std::move(name), std::move(listed));
  }
  size_t count = 0;
  if (first == kEnd && lines >> count && count == list.size()) return list;
  return absl::DataLossError(fmt::format("{}: is damaged", path));
}

// Both ends of a copy; `to` may be none, when only the digest is wanted.
class Descriptor {
 public:
  explicit Descriptor(int descriptor) : descriptor_(descriptor) {}
  ~Descriptor() {
    if (descriptor_ >= 0) ::close(descriptor_);
  }
  Descriptor(const Descriptor&) = delete;
  Descriptor& operator=(const Descriptor&) = delete;
  int get() const { return descriptor_; }

 private:
  const int descriptor_;
};

absl::Status WriteAll(int to, const std::string& path, std::string_view bytes) {
  while (!bytes.empty()) {
    const ssize_t written = ::write(to, bytes.data(), bytes.size());
    if (written < 0 && errno != EINTR) return Failed(path, "write", errno);
    if (written > 0) bytes.remove_prefix(static_cast<size_t>(written));
  }
  return absl::OkStatus();
}

// Reads `from` to its end and writes it to `to` (empty: nowhere), synced. `piece` is told of each
// piece, and says whether to go on.
absl::StatusOr<Listed> Pump(const std::string& from, const std::string& to,
                            const std::function<bool(size_t)>& piece) {
  const Descriptor in(::open(from.c_str(), O_RDONLY | O_CLOEXEC));
  if (in.get() < 0) return Failed(from, "open", errno);
  const Descriptor out(
      to.empty() ? -1 : ::open(to.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600));
  if (!to.empty() && out.get() < 0) return Failed(to, "open", errno);
  crypto::Sha256 digest;
  Listed listed;
  std::string buffer(kPiece, '\0');
  for (;;) {
    const ssize_t read = ::read(in.get(), buffer.data(), buffer.size());
    if (read < 0 && errno == EINTR) continue;
    if (read < 0) return Failed(from, "read", errno);
    if (read == 0) break;
    const std::string_view bytes(buffer.data(), static_cast<size_t>(read));
    digest.Update(bytes);
    listed.bytes += bytes.size();
    if (!to.empty()) RETURN_IF_ERROR(WriteAll(out.get(), to, bytes));
    if (!piece(bytes.size())) return absl::CancelledError("was told to stop");
  }
  if (!to.empty() && ::fsync(out.get()) != 0) return Failed(to, "sync", errno);
  listed.sha256 = crypto::HexEncode(digest.Finish());
  return listed;
}

bool Always(size_t) { return true; }

absl::StatusOr<std::vector<std::string>> NamesIn(const std::string& folder) {
  std::vector<std::string> names;
  std::error_code error;
  if (!fs::exists(folder, error)) return names;
  for (fs::directory_iterator at(folder, error), end; !error && at != end; at.increment(error)) {
    std::error_code gone;
    const std::string name = at->path().filename();
    if (at->is_regular_file(gone) && !name.ends_with(kPart)) names.push_back(name);
  }
  if (error) return absl::UnavailableError(fmt::format("{}: {}", folder, error.message()));
  std::sort(names.begin(), names.end());
  return names;
}

std::string ListsFolder(const BackupFolder& folder, std::string_view service) {
  return fs::path(folder.FileListOf(service, 0)).parent_path();
}

// What every list there says; damaged ones say nothing, so that their files are copied again.
absl::StatusOr<FileList> KnownFiles(const BackupFolder& folder, std::string_view service) {
  const std::string lists = ListsFolder(folder, service);
  ASSIGN_OR_RETURN(const std::vector<std::string> names, NamesIn(lists));
  FileList known;
  for (const std::string& name : names) {
    absl::StatusOr<FileList> list = ReadList(lists + "/" + name);
    if (list.ok()) known.merge(*std::move(list));
  }
  return known;
}

absl::Status Differs(const std::string& path) {
  return absl::DataLossError(fmt::format("{}: is not what was backed up", path));
}

bool IsThere(const std::string& path, uint64_t bytes) {
  std::error_code error;
  return fs::file_size(path, error) == bytes && !error;
}

}  // namespace

absl::StatusOr<KeptFiles> KeepFiles(const std::string& source, const BackupFolder& folder,
                                    std::string_view service, uint32_t copy, const GoOn& go_on) {
  const std::string files = folder.FilesOf(service);
  RETURN_IF_ERROR(MakeFolder(files));
  RETURN_IF_ERROR(MakeFolder(ListsFolder(folder, service)));
  ASSIGN_OR_RETURN(const FileList known, KnownFiles(folder, service));
  ASSIGN_OR_RETURN(const std::vector<std::string> names, NamesIn(source));
  FileList list;
  KeptFiles kept;
  for (const std::string& name : names) {
    const std::string from = source + "/" + name;
    const std::string to = files + "/" + name;
    const auto before = known.find(name);
    if (before != known.end() && IsThere(from, before->second.bytes) &&
        IsThere(to, before->second.bytes)) {
      kept.bytes += before->second.bytes;
      list.insert(*before);
      continue;
    }
    const std::string fresh = to + std::string(kFresh);
    const absl::StatusOr<Listed> copied = Pump(from, fresh, [&](size_t bytes) {
      kept.new_bytes += bytes;
      return go_on(kept.new_bytes);
    });
    if (absl::IsNotFound(copied.status())) continue;
    if (!copied.ok()) {
      ::unlink(fresh.c_str());
      return copied.status();
    }
    if (::rename(fresh.c_str(), to.c_str()) != 0) return Failed(to, "rename", errno);
    ++kept.new_files;
    kept.bytes += copied->bytes;
    list.emplace(name, *copied);
  }
  kept.files = list.size();
  if (const int error = files::SyncFolderOf(files + "/"); error != 0) {
    return Failed(files, "sync", error);
  }
  RETURN_IF_ERROR(WriteWhole(folder.FileListOf(service, copy), TextOf(list)));
  return kept;
}

absl::StatusOr<KeptFiles> CheckFiles(const BackupFolder& folder, std::string_view service,
                                     uint32_t copy) {
  ASSIGN_OR_RETURN(const FileList list, ReadList(folder.FileListOf(service, copy)));
  KeptFiles kept;
  for (const auto& [name, listed] : list) {
    const std::string path = folder.FilesOf(service) + "/" + name;
    const absl::StatusOr<Listed> read = Pump(path, "", Always);
    if (absl::IsNotFound(read.status())) return absl::DataLossError(read.status().message());
    RETURN_IF_ERROR(read.status());
    if (*read != listed) return Differs(path);
    ++kept.files;
    kept.bytes += listed.bytes;
  }
  return kept;
}

absl::StatusOr<KeptFiles> RestoreFiles(const BackupFolder& folder, std::string_view service,
                                       uint32_t copy, const std::string& target) {
  ASSIGN_OR_RETURN(const FileList list, ReadList(folder.FileListOf(service, copy)));
  RETURN_IF_ERROR(MakeFolder(target));
  KeptFiles kept;
  for (const auto& [name, listed] : list) {
    const std::string from = folder.FilesOf(service) + "/" + name;
    const absl::StatusOr<Listed> written = Pump(from, target + "/" + name, Always);
    if (absl::IsNotFound(written.status())) return absl::DataLossError(written.status().message());
    RETURN_IF_ERROR(written.status());
    if (*written != listed) return Differs(from);
    ++kept.files;
    kept.bytes += listed.bytes;
  }
  if (const int error = files::SyncFolderOf(target + "/"); error != 0) {
    return Failed(target, "sync", error);
  }
  kept.new_files = kept.files;
  kept.new_bytes = kept.bytes;
  return kept;
}

absl::StatusOr<uint64_t> RemoveOldFiles(const BackupFolder& folder, std::string_view service,
                                        const std::vector<uint32_t>& copies) {
  const std::string lists = ListsFolder(folder, service);
  ASSIGN_OR_RETURN(const std::vector<std::string> list_names, NamesIn(lists));
  FileList needed;
  for (const uint32_t copy : copies) {
    // A list that cannot be read names files that nobody knows: none is removed then.
    ASSIGN_OR_RETURN(FileList list, ReadList(folder.FileListOf(service, copy)));
    needed.merge(std::move(list));
  }
  for (const std::string& name : list_names) {
    const bool kept = std::any_of(copies.begin(), copies.end(),
                                  [&](uint32_t copy) { return fmt::format("{}", copy) == name; });
    if (!kept) ::unlink((lists + "/" + name).c_str());
  }
  const std::string files = folder.FilesOf(service);
  ASSIGN_OR_RETURN(const std::vector<std::string> names, NamesIn(files));
  uint64_t removed = 0;
  for (const std::string& name : names) {
    if (needed.contains(name)) continue;
    const std::string path = files + "/" + name;
    if (::unlink(path.c_str()) != 0) return Failed(path, "remove", errno);
    ++removed;
  }
  return removed;
}

}  // namespace redress::backup
