#include "services/platform/service/stop_watchdog.h"

#include <unistd.h>

#include <cstdio>
#include <utility>

#include "fmt/format.h"

namespace redress::service {

StopWatchdog::StopWatchdog(std::string service, absl::Duration limit)
    : thread_([this, service = std::move(service), limit] {
        if (stopped_.WaitForNotificationWithTimeout(limit)) return;
        const std::string line = fmt::format(
            "redress-{}: has not stopped within {}, ending the process; "
            "see docs/runbook.md, \"Stopping took too long\"\n",
            service, absl::FormatDuration(limit));
        std::fputs(line.c_str(), stderr);
        _exit(kStopStuckExitCode);
      }) {}

StopWatchdog::~StopWatchdog() {
  stopped_.Notify();
  thread_.join();
}

}  // namespace redress::service
