#include "services/platform/service/stop_watchdog.h"

#include "gtest/gtest.h"

namespace redress::service {
namespace {

TEST(StopWatchdogTest, AStopInTimeIsLeftAlone) { StopWatchdog watchdog("test", absl::Hours(1)); }

TEST(StopWatchdogDeathTest, AStopThatTakesTooLongIsCutShort) {
  testing::FLAGS_gtest_death_test_style = "threadsafe";
  const auto get_stuck = [] {
    StopWatchdog watchdog("test", absl::Milliseconds(1));
    absl::Notification never;
    never.WaitForNotification();
  };
  EXPECT_EXIT(get_stuck(), testing::ExitedWithCode(kStopStuckExitCode),
              "redress-test: has not stopped within 1ms, ending the process; see docs/runbook.md");
}

}  // namespace
}  // namespace redress::service
