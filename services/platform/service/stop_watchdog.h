#ifndef REDRESS_SERVICES_PLATFORM_SERVICE_STOP_WATCHDOG_H_
#define REDRESS_SERVICES_PLATFORM_SERVICE_STOP_WATCHDOG_H_

#include <string>
#include <thread>

#include "absl/synchronization/notification.h"
#include "absl/time/time.h"

namespace redress::service {

// Ends the process when stopping it takes too long: whatever some coroutine waits for, a process
// that was told to stop is gone in the end. Nothing that was acknowledged is lost by that, since
// acknowledged means synced.
//
// From construction on `limit` runs. When it is over before the destructor, a line goes to standard
// error and the process exits at once with kStopStuckExitCode, running no destructors.
class StopWatchdog {
 public:
  StopWatchdog(std::string service, absl::Duration limit);
  ~StopWatchdog();
  StopWatchdog(const StopWatchdog&) = delete;
  StopWatchdog& operator=(const StopWatchdog&) = delete;

 private:
  absl::Notification stopped_;
  std::thread thread_;
};

inline constexpr int kStopStuckExitCode = 71;

}  // namespace redress::service

#endif  // REDRESS_SERVICES_PLATFORM_SERVICE_STOP_WATCHDOG_H_
