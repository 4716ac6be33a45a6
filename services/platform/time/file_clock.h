#ifndef REDRESS_SERVICES_PLATFORM_TIME_FILE_CLOCK_H_
#define REDRESS_SERVICES_PLATFORM_TIME_FILE_CLOCK_H_

#include <string>

#include "absl/time/time.h"
#include "services/platform/time/clock.h"

namespace redress {

// The system clock plus an offset that a file holds (a number of seconds, as text), read anew at
// each call: so a test moves the time of a running service. Only test builds can be given one.
// An absent or unreadable file means no offset. Thread-safe.
class FileClock final : public Clock {
 public:
  explicit FileClock(std::string path) : path_(std::move(path)) {}
  absl::Time Now() const override;

 private:
  const std::string path_;
};

}  // namespace redress

#endif  // REDRESS_SERVICES_PLATFORM_TIME_FILE_CLOCK_H_
