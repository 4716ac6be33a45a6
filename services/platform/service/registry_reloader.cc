#include "services/platform/service/registry_reloader.h"

#include <sys/stat.h>

#include <utility>

#include "services/platform/async/signal.h"
#include "services/platform/auth/issuer_registry.h"

namespace redress::service {
namespace {

using telemetry::Field;

// What was found when looking for a change; no registry when there was none.
struct Look {
  std::optional<FileStamp> stamp;
  std::optional<absl::StatusOr<auth::IssuerRegistry>> registry;
};

absl::StatusOr<Look> LookForChange(const std::string& path, const FileStamp& known) {
  Look look;
  // Before reading: a change while it is read is then seen the next time.
  look.stamp = StampOf(path);
  if (look.stamp.has_value() && *look.stamp != known) {
    look.registry = auth::IssuerRegistry::Load(path);
  }
  return look;
}

}  // namespace

std::optional<FileStamp> StampOf(const std::string& path) {
  struct stat found;
  if (::stat(path.c_str(), &found) != 0) return std::nullopt;
  constexpr int64_t kNanosPerSecond = 1'000'000'000;
  return FileStamp{.modified_ns = found.st_mtim.tv_sec * kNanosPerSecond + found.st_mtim.tv_nsec,
                   .inode = found.st_ino,
                   .size = static_cast<uint64_t>(found.st_size)};
}

async::Task<void> FollowRegistry(std::string path, FileStamp known, auth::Verifier* verifier,
                                 async::Executor* executor, async::BlockingPool* pool,
                                 telemetry::Logger* log, async::CancellationToken cancellation,
                                 absl::Duration interval) {
  while (true) {
    const bool slept = co_await async::SleepUnlessCancelled(*executor, interval, cancellation);
    if (!slept) co_return;
    auto work = [path, known] { return LookForChange(path, known); };
    absl::StatusOr<Look> look = co_await pool->Run(*executor, std::move(work));
    // A full pool or a file that is gone for a moment: the next look will tell.
    if (!look.ok() || !look->registry.has_value()) continue;
    known = *look->stamp;
    absl::StatusOr<auth::IssuerRegistry>& registry = *look->registry;
    if (!registry.ok()) {
      log->Error("issuers.not_reloaded", {Field::OperatorError("error", registry.status())});
      continue;
    }
    log->Info("issuers.reloaded", {Field::Count("issuers", registry->size())});
    verifier->Replace(*std::move(registry));
  }
}

}  // namespace redress::service
