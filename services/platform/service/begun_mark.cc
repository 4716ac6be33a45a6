#include "services/platform/service/begun_mark.h"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <cstring>
#include <filesystem>
#include <system_error>

#include "absl/status/statusor.h"
#include "fmt/format.h"
#include "services/platform/files/sync.h"
#include "services/platform/kv/store_guard.h"
#include "services/platform/status/status_macros.h"

namespace redress::service {
namespace {

constexpr char kWhatToDo[] = "see docs/runbook.md, \"A store is not there\"";

absl::StatusOr<bool> IsThere(const std::string& path) {
  std::error_code error;
  const std::filesystem::file_type found = std::filesystem::status(path, error).type();
  if (found == std::filesystem::file_type::not_found) return false;
  if (!error) return true;
  return absl::UnavailableError(
      fmt::format("{}: cannot be looked at: {}; see docs/runbook.md, \"A store cannot be opened\"",
                  path, error.message()));
}

absl::Status CannotNote(const std::string& path, int error) {
  return absl::UnavailableError(
      fmt::format("{}: that the store is begun cannot be noted there: {}; {}", path,
                  std::strerror(error), kWhatToDo));
}

}  // namespace

BegunMark::BegunMark(const CommonOptions& options, std::string_view service)
    : service_(service),
      data_dir_(options.data_dir),
      store_(options.store_directory()),
      path_(fmt::format("{}/{}.begun", options.node_keys, service)) {}

absl::Status BegunMark::Check() {
  // The sentinel alone is enough: what is wrong with its store it says by itself.
  for (const std::string& path : {store_ + "/CURRENT", kv::SentinelPath(store_)}) {
    ASSIGN_OR_RETURN(const bool is_there, IsThere(path));
    if (is_there) return absl::OkStatus();
  }
  ASSIGN_OR_RETURN(const bool begun, IsThere(path_));
  if (begun) {
    return absl::FailedPreconditionError(
        fmt::format("{}: the store of {} is not there, and it was begun, as {} says; none is begun "
                    "in its place; {}",
                    data_dir_, service_, path_, kWhatToDo));
  }
  begins_ = true;
  return Prepare();
}

absl::Status BegunMark::Leave() {
  ASSIGN_OR_RETURN(const bool is_there, IsThere(path_));
  if (!is_there) {
    RETURN_IF_ERROR(Prepare());
    if (std::rename(Unfinished().c_str(), path_.c_str()) != 0) return CannotNote(path_, errno);
  }
  // Also of one that is there: its name may not be on the disk yet.
  const int error = files::SyncFolderOf(path_);
  return error == 0 ? absl::OkStatus() : CannotNote(path_, error);
}

absl::Status BegunMark::Prepare() const {
  const std::string note = fmt::format(
      "The store of {} was begun. While this file is here none is begun in its place; {}.\n",
      service_, kWhatToDo);
  const int file = ::open(Unfinished().c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
  if (file < 0) return CannotNote(path_, errno);
  const ssize_t written = ::write(file, note.data(), note.size());
  int error = 0;
  if (written != static_cast<ssize_t>(note.size())) error = written < 0 ? errno : ENOSPC;
  ::close(file);
  if (error == 0) error = files::SyncFile(Unfinished());
  return error == 0 ? absl::OkStatus() : CannotNote(path_, error);
}

}  // namespace redress::service
