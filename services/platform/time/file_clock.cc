#include "services/platform/time/file_clock.h"

#include <cstdint>
#include <fstream>

namespace redress {

absl::Time FileClock::Now() const {
  int64_t seconds = 0;
  std::ifstream file(path_);
  if (!(file >> seconds)) seconds = 0;
  return absl::Now() + absl::Seconds(seconds);
}

}  // namespace redress
