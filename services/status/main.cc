// redress-status: where cases stand, for everyone entitled to see it.
#include "services/platform/rpc/service_main.h"
#include "services/platform/service/common_options.h"
#include "services/status/flags.h"
#include "services/status/wiring.h"

int main(int argc, char** argv) {
  using namespace redress;  // NOLINT: main is all there is here.
  rpc::PrepareProcess();
  absl::Status read = service::ReadCommandLine(
      "Shows where cases stand, from the event logs of intake and referral.", argc, argv);
  if (!read.ok()) return service::ReportStartFailure("status", read, service::kUsageExitCode);
  absl::StatusOr<status::StatusOptions> options = status::StatusOptionsFromFlags();
  if (!options.ok()) {
    return service::ReportStartFailure("status", options.status(), service::kUsageExitCode);
  }
  auto process = status::StatusProcess::Start(*std::move(options));
  if (!process.ok()) {
    return service::ReportStartFailure("status", process.status(), service::kStartFailedExitCode);
  }
  rpc::WaitForStopSignal();
  (*process)->Stop();
  return 0;
}
