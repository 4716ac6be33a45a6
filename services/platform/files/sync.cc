#include "services/platform/files/sync.h"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>

namespace redress::files {

namespace {

int SyncOpened(int descriptor) {
  if (descriptor < 0) return errno;
  const int error = ::fsync(descriptor) == 0 ? 0 : errno;
  ::close(descriptor);
  return error;
}

}  // namespace

int SyncFolderOf(const std::string& path) {
  const size_t slash = path.rfind('/');
  const std::string folder = slash == std::string::npos ? "." : path.substr(0, slash + 1);
  return SyncOpened(::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
}

int SyncFile(const std::string& path) {
  return SyncOpened(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
}

}  // namespace redress::files
