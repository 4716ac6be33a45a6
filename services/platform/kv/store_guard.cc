#include "services/platform/kv/store_guard.h"

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <filesystem>
#include <system_error>

#include "fmt/format.h"
#include "services/platform/status/status_macros.h"

namespace redress::kv {
namespace {

constexpr char kWhatToDo[] =
    "the service does not start, so that nothing is built upon it; see docs/runbook.md, \"A store "
    "has lost commits\"";

absl::Status Lost(const std::string& what) {
  return absl::DataLossError(fmt::format("store: {}; {}", what, kWhatToDo));
}

absl::Status CannotAsk(const std::string& path, int error) {
  return absl::UnavailableError(
      fmt::format("{}: whether a service has it open: {}", path, std::strerror(error)));
}

}  // namespace

std::string SentinelPath(const std::string& store_path) { return store_path + ".sentinel"; }
std::string BallastPath(const std::string& store_path) { return store_path + ".ballast"; }

absl::StatusOr<bool> IsStoreOpen(const std::string& store_path) {
  const std::string path = store_path + "/LOCK";
  // Not to write: whoever may only read asks too.
  const int descriptor = ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
  if (descriptor < 0 && (errno == ENOENT || errno == ENOTDIR)) return false;
  if (descriptor < 0) return CannotAsk(path, errno);
  struct flock lock{};
  lock.l_type = F_WRLCK;
  lock.l_whence = SEEK_SET;
  const int failed = ::fcntl(descriptor, F_GETLK, &lock) == 0 ? 0 : errno;
  ::close(descriptor);
  if (failed != 0) return CannotAsk(path, failed);
  return lock.l_type != F_UNLCK;
}

absl::StatusOr<Version> CheckSentinel(const std::string& store_path, Engine& engine,
                                      const AcceptedLoss& accepted) {
  ASSIGN_OR_RETURN(const std::optional<uint64_t> stored,
                   ReadOwnNumber(engine, own_rows::kLastVersion));
  const Version found = stored.value_or(0);
  ASSIGN_OR_RETURN(const std::optional<uint64_t> kept,
                   ReadOwnNumber(engine, own_rows::kSentinelKept));
  const absl::StatusOr<std::optional<Version>> said = Sentinel::Read(SentinelPath(store_path));
  if (absl::IsUnavailable(said.status())) return said.status();
  const bool damaged = !said.ok();
  const Version expected = damaged ? found : said->value_or(found);
  const bool missing = !damaged && !said->has_value() && kept.has_value();
  if (!damaged && !missing && found >= expected) return found;
  if (accepted.has_value() && *accepted == found) return std::max(found, expected);
  if (damaged) return Lost(fmt::format("its sentinel is damaged; it ends with commit {}", found));
  if (missing) return Lost(fmt::format("its sentinel is missing; it ends with commit {}", found));
  return Lost(
      fmt::format("it ends with commit {}, and commit {} was acknowledged", found, expected));
}

absl::StatusOr<std::unique_ptr<Sentinel>> BeginSentinel(const std::string& store_path, Version last,
                                                        Engine& engine) {
  ASSIGN_OR_RETURN(std::unique_ptr<Sentinel> sentinel,
                   Sentinel::Begin(SentinelPath(store_path), last));
  ASSIGN_OR_RETURN(const std::optional<uint64_t> kept,
                   ReadOwnNumber(engine, own_rows::kSentinelKept));
  if (!kept.has_value()) {
    engine.PutOwnRow(own_rows::kSentinelKept, EncodeOwnNumber(1));
    RETURN_IF_ERROR(engine.WriteSynced());
  }
  return sentinel;
}

bool ReleaseBallastIfNeeded(const std::string& store_path, uint64_t ballast_bytes,
                            uint64_t free_bytes) {
  if (free_bytes >= ballast_bytes) return false;
  std::error_code error;
  return std::filesystem::remove(BallastPath(store_path), error);
}

absl::Status SetBallastAside(const std::string& store_path, uint64_t ballast_bytes,
                             uint64_t free_bytes, uint64_t floor_bytes) {
  const std::string path = BallastPath(store_path);
  std::error_code error;
  if (ballast_bytes == 0 || std::filesystem::file_size(path, error) == ballast_bytes) {
    return absl::OkStatus();
  }
  if (free_bytes < floor_bytes + ballast_bytes) return absl::OkStatus();
  const int descriptor = ::open(path.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
  if (descriptor < 0) {
    return absl::UnavailableError(fmt::format("{}: open: {}", path, std::strerror(errno)));
  }
  // Really allocated: a file of holes would hold nothing free.
  const int failed = ::posix_fallocate(descriptor, 0, static_cast<off_t>(ballast_bytes));
  ::close(descriptor);
  if (failed == 0) return absl::OkStatus();
  std::filesystem::remove(path, error);
  return absl::UnavailableError(fmt::format("{}: allocate: {}", path, std::strerror(failed)));
}

}  // namespace redress::kv
