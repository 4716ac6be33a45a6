#include "services/platform/status/fault_point.h"

#ifdef REDRESS_TEST_HOOKS
#include <fcntl.h>
#include <signal.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cstdlib>
#include <cstring>
#include <string>
#include <string_view>

#include "absl/base/thread_annotations.h"
#include "absl/synchronization/mutex.h"

namespace redress {
namespace {

constexpr size_t kFileBytes = 128;

// The file as it is at any moment, without a system call for each pass.
const char* MapFile(const char* path) {
  if (path == nullptr) return nullptr;
  const int descriptor = ::open(path, O_RDONLY | O_CLOEXEC);
  if (descriptor < 0) return nullptr;
  struct stat found{};
  void* mapped = MAP_FAILED;
  if (::fstat(descriptor, &found) == 0 && found.st_size >= static_cast<off_t>(kFileBytes)) {
    mapped = ::mmap(nullptr, kFileBytes, PROT_READ, MAP_SHARED, descriptor, 0);
  }
  ::close(descriptor);
  return mapped == MAP_FAILED ? nullptr : static_cast<const char*>(mapped);
}

// Which point is to be the last, and how often it may still be passed.
class Fault {
 public:
  Fault() : file_(MapFile(std::getenv("REDRESS_FAULT_FILE"))) {
    const char* text = std::getenv("REDRESS_FAULT");
    if (text != nullptr) Take(text);
  }

  bool IsOver(std::string_view name) {
    absl::MutexLock lock(&mutex_);
    if (file_ != nullptr) {
      char text[kFileBytes] = {};
      std::memcpy(text, file_, kFileBytes - 1);
      if (last_read_ != text) Take(last_read_ = text);
    }
    return name == name_ && passes_left_-- == 1;
  }

 private:
  void Take(const std::string& text) ABSL_NO_THREAD_SAFETY_ANALYSIS {
    const size_t colon = text.find(':');
    name_ = text.substr(0, colon);
    passes_left_ = colon == std::string::npos ? 1 : std::atoi(text.c_str() + colon + 1);
  }

  const char* const file_;
  absl::Mutex mutex_;
  std::string last_read_ ABSL_GUARDED_BY(mutex_);
  std::string name_ ABSL_GUARDED_BY(mutex_);
  int passes_left_ ABSL_GUARDED_BY(mutex_) = 0;
};

}  // namespace

void PassFaultPoint(const char* name) {
  static Fault fault;
  if (fault.IsOver(name)) kill(getpid(), SIGKILL);
}

}  // namespace redress
#endif
