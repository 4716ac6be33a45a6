#include "services/platform/backup/careful_files.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <filesystem>
#include <system_error>
#include <utility>

#include "fmt/format.h"
#include "services/platform/files/sync.h"
#include "services/platform/status/refusal.h"
#include "services/platform/status/status_macros.h"

namespace redress::backup {
namespace {

namespace fs = std::filesystem;

constexpr size_t kPiece = 64 << 10;

absl::Status NoOrdinaryFile(const std::string& path) {
  return Damaged(fmt::format("{}: is a link, or no ordinary file", path));
}

}  // namespace

absl::Status Damaged(std::string_view message) {
  return Refuse(absl::StatusCode::kDataLoss, "BACKUP_DAMAGED", message);
}

absl::Status Failed(const std::string& path, std::string_view doing, int error) {
  const std::string message = fmt::format("{}: {}: {}", path, doing, std::strerror(error));
  if (error == ENOSPC || error == EDQUOT) return absl::ResourceExhaustedError(message);
  if (error == ENOENT) return absl::NotFoundError(message);
  return absl::UnavailableError(message);
}

Descriptor::Descriptor(Descriptor&& other) noexcept
    : descriptor_(std::exchange(other.descriptor_, -1)) {}
Descriptor::~Descriptor() {
  if (descriptor_ >= 0) ::close(descriptor_);
}

absl::StatusOr<Descriptor> OpenToRead(const std::string& path) {
  // A pipe that nobody writes to would be waited for.
  Descriptor file(::open(path.c_str(), O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC));
  if (file.get() < 0 && (errno == ELOOP || errno == ENXIO)) return NoOrdinaryFile(path);
  if (file.get() < 0) return Failed(path, "open", errno);
  struct stat found{};
  if (::fstat(file.get(), &found) != 0) return Failed(path, "look at", errno);
  if (!S_ISREG(found.st_mode)) return NoOrdinaryFile(path);
  return file;
}

absl::StatusOr<Descriptor> OpenAnew(const std::string& path) {
  if (::unlink(path.c_str()) != 0 && errno != ENOENT) return Failed(path, "remove", errno);
  Descriptor file(::open(path.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600));
  if (file.get() < 0) return Failed(path, "open", errno);
  return file;
}

absl::StatusOr<std::string> ReadWhole(const std::string& path, uint64_t most) {
  ASSIGN_OR_RETURN(const Descriptor file, OpenToRead(path));
  std::string bytes;
  std::string piece(kPiece, '\0');
  for (;;) {
    const ssize_t read = ::read(file.get(), piece.data(), piece.size());
    if (read < 0 && errno == EINTR) continue;
    if (read < 0) return Failed(path, "read", errno);
    if (read == 0) return bytes;
    bytes.append(piece, 0, static_cast<size_t>(read));
    if (bytes.size() > most) {
      return Damaged(fmt::format("{}: is larger than {} bytes", path, most));
    }
  }
}

absl::Status WriteAll(int to, const std::string& path, std::string_view bytes) {
  while (!bytes.empty()) {
    const ssize_t written = ::write(to, bytes.data(), bytes.size());
    if (written < 0 && errno != EINTR) return Failed(path, "write", errno);
    if (written > 0) bytes.remove_prefix(static_cast<size_t>(written));
  }
  return absl::OkStatus();
}

absl::Status WriteWhole(const std::string& path, std::string_view bytes) {
  const std::string fresh = path + ".new";
  const auto write = [&]() -> absl::Status {
    ASSIGN_OR_RETURN(const Descriptor file, OpenAnew(fresh));
    RETURN_IF_ERROR(WriteAll(file.get(), fresh, bytes));
    if (::fsync(file.get()) != 0) return Failed(fresh, "sync", errno);
    if (::rename(fresh.c_str(), path.c_str()) != 0) return Failed(path, "rename", errno);
    if (const int error = files::SyncFolderOf(path); error != 0) return Failed(path, "sync", error);
    return absl::OkStatus();
  };
  const absl::Status written = write();
  if (!written.ok()) ::unlink(fresh.c_str());
  return written;
}

absl::Status MakeFolder(const std::string& path) {
  std::error_code error;
  if (fs::is_directory(path, error)) return absl::OkStatus();
  const fs::path above = fs::path(path).parent_path();
  if (!above.empty() && above != path) RETURN_IF_ERROR(MakeFolder(above));
  if (::mkdir(path.c_str(), 0700) != 0 && errno != EEXIST) return Failed(path, "make", errno);
  return absl::OkStatus();
}

absl::Status MakeNewFolder(const std::string& path) {
  const fs::path above = fs::path(path).parent_path();
  if (!above.empty()) RETURN_IF_ERROR(MakeFolder(above));
  if (::mkdir(path.c_str(), 0700) == 0) return absl::OkStatus();
  if (errno != EEXIST) return Failed(path, "make", errno);
  return absl::FailedPreconditionError(fmt::format("{}: is there already", path));
}

absl::Status CheckRealFolder(const std::string& path) {
  struct stat found{};
  if (::lstat(path.c_str(), &found) != 0) {
    return errno == ENOENT ? absl::OkStatus() : Failed(path, "look at", errno);
  }
  if (S_ISDIR(found.st_mode)) return absl::OkStatus();
  return Damaged(fmt::format("{}: is a link or a file, and must be a folder", path));
}

}  // namespace redress::backup
