#include "services/platform/files/descriptors.h"

#include <sys/resource.h>

#include <algorithm>

namespace redress::files {
namespace {

// More than any machine has in use; a limit may be "none".
constexpr rlim_t kMost = 1 << 20;

}  // namespace

DescriptorShares GetDescriptorShares() {
  struct rlimit found{};
  if (::getrlimit(RLIMIT_NOFILE, &found) != 0) return {kFewestDescriptors};
  return {static_cast<int>(std::min(found.rlim_cur, kMost))};
}

DescriptorShares RaiseDescriptorLimit() {
  struct rlimit found{};
  if (::getrlimit(RLIMIT_NOFILE, &found) == 0 && found.rlim_cur < found.rlim_max) {
    // Refused only where the system's own highest is lower: then what is there has to do.
    found.rlim_cur = found.rlim_max;
    (void)::setrlimit(RLIMIT_NOFILE, &found);
  }
  return GetDescriptorShares();
}

}  // namespace redress::files
