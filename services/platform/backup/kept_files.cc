#include "services/platform/backup/kept_files.h"

#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <charconv>
#include <filesystem>
#include <map>
#include <optional>
#include <set>
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
// What is coming in from a peer, which begins again when it is not there.
constexpr std::string_view kIncoming = ".incoming";
constexpr size_t kHead = 4096;
// Last in a list, so that one that was cut off is seen.
constexpr std::string_view kEnd = "end";

struct Listed {
  uint64_t bytes = 0;
  std::string sha256;  // Hexadecimal.

  friend bool operator==(const Listed&, const Listed&) = default;
};
using FileList = std::map<std::string, Listed>;
// By name, of several lists: each file that has that name in one of them.
using KnownFiles = std::map<std::string, std::vector<Listed>>;

// One line for each file, "<sha256>  <bytes>  <name>".
std::string TextOf(const FileList& list) {
  std::string text;
  for (const auto& [name, listed] : list) {
    text += fmt::format("{}  {}  {}\n", listed.sha256, listed.bytes, name);
  }
  return text + fmt::format("{}  {}\n", kEnd, list.size());
}

bool IsDigest(std::string_view text) {
  return text.size() == 64 && text.find_first_not_of("0123456789abcdef") == std::string_view::npos;
}

absl::StatusOr<FileList> ReadList(const std::string& path) {
  const absl::StatusOr<std::string> text = ReadWhole(path);
  if (!text.ok()) return Damaged(std::string(text.status().message()));
  FileList list;
  std::istringstream lines(*text);
  std::string first;
  while (lines >> first && first != kEnd) {
    Listed listed{0, first};
    std::string name;
    lines >> listed.bytes >> name;
    // A name is one of the service's own, of random or digested letters; a path could lead away.
    if (!lines || name.find('/') != std::string::npos || name.front() == '.') break;
    if (!IsDigest(listed.sha256)) break;
    list.emplace(std::move(name), std::move(listed));
  }
  size_t count = 0;
  if (first == kEnd && lines >> count && count == list.size()) return list;
  return Damaged(fmt::format("{}: is damaged", path));
}

bool IsThere(const std::string& path, uint64_t bytes) {
  struct stat found{};
  return ::lstat(path.c_str(), &found) == 0 && S_ISREG(found.st_mode) &&
         static_cast<uint64_t>(found.st_size) == bytes;
}

// A file is kept under its own name; one that came later under the same name, and is another, with
// a part of its digest behind it.
std::string NameBeside(const std::string& name, const Listed& listed) {
  return fmt::format("{}.{}", name, listed.sha256.substr(0, 16));
}
std::string KeptName(const std::string& files, const std::string& name, const Listed& listed) {
  std::string beside = NameBeside(name, listed);
  struct stat found{};
  return ::lstat((files + "/" + beside).c_str(), &found) == 0 ? beside : name;
}

// Reads `from` to its end and writes it to `to` (empty: nowhere), synced. `piece` is told of each
// piece, and says whether to go on.
absl::StatusOr<Listed> Pump(const std::string& from, const std::string& to,
                            const std::function<bool(size_t)>& piece) {
  ASSIGN_OR_RETURN(const Descriptor in, OpenToRead(from));
  absl::StatusOr<Descriptor> out = to.empty() ? Descriptor(-1) : OpenAnew(to);
  RETURN_IF_ERROR(out.status());
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
    if (!to.empty()) RETURN_IF_ERROR(WriteAll(out->get(), to, bytes));
    if (!piece(bytes.size())) return absl::CancelledError("was told to stop");
  }
  if (!to.empty() && ::fsync(out->get()) != 0) return Failed(to, "sync", errno);
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
absl::StatusOr<KnownFiles> ReadKnown(const BackupFolder& folder, std::string_view service) {
  const std::string lists = ListsFolder(folder, service);
  ASSIGN_OR_RETURN(const std::vector<std::string> names, NamesIn(lists));
  KnownFiles known;
  for (const std::string& list_name : names) {
    const absl::StatusOr<FileList> list = ReadList(lists + "/" + list_name);
    if (!list.ok()) continue;
    for (const auto& [name, listed] : *list) {
      std::vector<Listed>& all = known[name];
      if (std::find(all.begin(), all.end(), listed) == all.end()) all.push_back(listed);
    }
  }
  return known;
}

absl::Status Differs(const std::string& path) {
  return Damaged(fmt::format("{}: is not what was backed up", path));
}

absl::StatusOr<std::string> HeadOf(const std::string& path) {
  ASSIGN_OR_RETURN(const Descriptor file, OpenToRead(path));
  std::string bytes(kHead, '\0');
  const ssize_t read = ::pread(file.get(), bytes.data(), bytes.size(), 0);
  if (read < 0) return Failed(path, "read", errno);
  bytes.resize(static_cast<size_t>(read));
  return bytes;
}

// Which of the known files of that name `from` is. Its head tells: it holds a nonce and encrypted
// bytes, so that two files which begin alike are one.
std::optional<Listed> FindKept(const std::string& from, const std::string& files,
                               const std::string& name, const std::vector<Listed>& known) {
  for (const Listed& listed : known) {
    const std::string kept = files + "/" + KeptName(files, name, listed);
    if (!IsThere(from, listed.bytes) || !IsThere(kept, listed.bytes)) continue;
    const absl::StatusOr<std::string> head = HeadOf(from);
    const absl::StatusOr<std::string> kept_head = HeadOf(kept);
    if (head.ok() && kept_head.ok() && *head == *kept_head) return listed;
  }
  return std::nullopt;
}

// What a file that was just copied is to be called, so that none that a list names is lost.
std::string NameFor(const std::string& files, const std::string& name, const Listed& copied,
                    const std::vector<Listed>& known) {
  const bool taken = std::any_of(known.begin(), known.end(), [&](const Listed& other) {
    return other.sha256 != copied.sha256 && KeptName(files, name, other) == name &&
           IsThere(files + "/" + name, other.bytes);
  });
  return taken ? NameBeside(name, copied) : KeptName(files, name, copied);
}

absl::Status MakeFolders(const BackupFolder& folder, std::string_view service) {
  RETURN_IF_ERROR(folder.CheckFolders(service));
  RETURN_IF_ERROR(MakeFolder(folder.FilesOf(service)));
  return MakeFolder(ListsFolder(folder, service));
}

}  // namespace

absl::StatusOr<KeptFiles> KeepFiles(const std::string& source, const BackupFolder& folder,
                                    std::string_view service, uint32_t copy, const GoOn& go_on) {
  const std::string files = folder.FilesOf(service);
  RETURN_IF_ERROR(MakeFolders(folder, service));
  ASSIGN_OR_RETURN(const KnownFiles known, ReadKnown(folder, service));
  ASSIGN_OR_RETURN(const std::vector<std::string> names, NamesIn(source));
  FileList list;
  KeptFiles kept;
  for (const std::string& name : names) {
    if (name.ends_with(kIncoming)) continue;
    if (!go_on(kept.new_bytes)) return absl::CancelledError("was told to stop");
    const std::string from = source + "/" + name;
    const auto found = known.find(name);
    const std::vector<Listed> before = found == known.end() ? std::vector<Listed>() : found->second;
    if (const std::optional<Listed> same = FindKept(from, files, name, before); same.has_value()) {
      kept.bytes += same->bytes;
      list.emplace(name, *same);
      continue;
    }
    const std::string fresh = files + "/" + name + std::string(kFresh);
    const absl::StatusOr<Listed> copied = Pump(from, fresh, [&](size_t bytes) {
      kept.new_bytes += bytes;
      return go_on(kept.new_bytes);
    });
    if (!copied.ok()) ::unlink(fresh.c_str());
    if (absl::IsNotFound(copied.status())) continue;
    RETURN_IF_ERROR(copied.status());
    const std::string to = files + "/" + NameFor(files, name, *copied, before);
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
  RETURN_IF_ERROR(folder.CheckFolders(service));
  ASSIGN_OR_RETURN(const FileList list, ReadList(folder.FileListOf(service, copy)));
  KeptFiles kept;
  for (const auto& [name, listed] : list) {
    const std::string files = folder.FilesOf(service);
    const std::string path = files + "/" + KeptName(files, name, listed);
    const absl::StatusOr<Listed> read = Pump(path, "", Always);
    if (absl::IsNotFound(read.status())) return Damaged(std::string(read.status().message()));
    RETURN_IF_ERROR(read.status());
    if (*read != listed) return Differs(path);
    ++kept.files;
    kept.bytes += listed.bytes;
  }
  return kept;
}

absl::StatusOr<KeptFiles> RestoreFiles(const BackupFolder& folder, std::string_view service,
                                       uint32_t copy, const std::string& target) {
  RETURN_IF_ERROR(folder.CheckFolders(service));
  ASSIGN_OR_RETURN(const FileList list, ReadList(folder.FileListOf(service, copy)));
  RETURN_IF_ERROR(MakeFolder(target));
  KeptFiles kept;
  for (const auto& [name, listed] : list) {
    const std::string files = folder.FilesOf(service);
    const std::string from = files + "/" + KeptName(files, name, listed);
    const absl::StatusOr<Listed> written = Pump(from, target + "/" + name, Always);
    if (absl::IsNotFound(written.status())) return Damaged(std::string(written.status().message()));
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
                                        const std::vector<uint32_t>& copies, const GoOn& go_on) {
  RETURN_IF_ERROR(folder.CheckFolders(service));
  const std::string lists = ListsFolder(folder, service);
  const std::string files = folder.FilesOf(service);
  ASSIGN_OR_RETURN(const std::vector<std::string> list_names, NamesIn(lists));
  std::set<std::string> needed;
  for (const uint32_t copy : copies) {
    // A list that cannot be read names files that nobody knows: none is removed then.
    ASSIGN_OR_RETURN(const FileList list, ReadList(folder.FileListOf(service, copy)));
    for (const auto& [name, listed] : list) needed.insert(KeptName(files, name, listed));
  }
  for (const std::string& name : list_names) {
    const bool kept = std::any_of(copies.begin(), copies.end(),
                                  [&](uint32_t copy) { return fmt::format("{}", copy) == name; });
    if (!kept) ::unlink((lists + "/" + name).c_str());
  }
  ASSIGN_OR_RETURN(const std::vector<std::string> names, NamesIn(files));
  uint64_t removed = 0;
  for (const std::string& name : names) {
    if (needed.contains(name)) continue;
    if (!go_on(0)) return absl::CancelledError("was told to stop");
    const std::string path = files + "/" + name;
    if (::unlink(path.c_str()) != 0) return Failed(path, "remove", errno);
    ++removed;
  }
  return removed;
}

std::vector<uint32_t> ListedCopies(const BackupFolder& folder, std::string_view service) {
  std::vector<uint32_t> copies;
  const auto names = NamesIn(ListsFolder(folder, service));
  if (!names.ok()) return copies;
  for (const std::string& name : *names) {
    uint32_t copy = 0;
    const auto [end, error] = std::from_chars(name.data(), name.data() + name.size(), copy);
    if (error == std::errc() && end == name.data() + name.size()) copies.push_back(copy);
  }
  std::sort(copies.begin(), copies.end());
  return copies;
}

}  // namespace redress::backup
