#include "tools/redress/scratch_store.h"

#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <filesystem>
#include <system_error>
#include <utility>

#include "fmt/format.h"
#include "services/platform/kv/rocksdb_store.h"
#include "services/platform/status/status_macros.h"

namespace redress::cli {

namespace fs = std::filesystem;

absl::StatusOr<std::unique_ptr<ScratchStore>> ScratchStore::Make(const std::string& base) {
  std::error_code error;
  const fs::path folder = base.empty() ? fs::temp_directory_path(error) : fs::path(base);
  fs::create_directories(folder, error);
  const std::string path = folder / fmt::format("redress-check-{}", getpid());
  // Closed to others from its first moment on, whatever the umask; and never one that was there.
  if (::mkdir(path.c_str(), S_IRWXU) != 0) {
    return absl::FailedPreconditionError(fmt::format(
        "{}: cannot be made: {}; choose another place with --scratch", path, std::strerror(errno)));
  }
  auto made = std::unique_ptr<ScratchStore>(new ScratchStore(path));
  kv::RocksDbOptions options;
  options.path = path + "/store";
  options.free_space_floor_bytes = 0;
  ASSIGN_OR_RETURN(made->store_, kv::OpenRocksDbStore(std::move(options), made->executor_));
  return made;
}

ScratchStore::~ScratchStore() {
  store_.reset();
  std::error_code ignored;
  fs::remove_all(path_, ignored);
}

}  // namespace redress::cli
