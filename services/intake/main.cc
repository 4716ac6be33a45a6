// redress-intake: the intake service of one node. See README.md, and --help.

#include <cstdlib>
#include <memory>

#include "services/intake/flags.h"
#include "services/intake/wiring.h"
#include "services/platform/rpc/service_main.h"

int main(int argc, char** argv) {
  using namespace redress;  // NOLINT: this file only puts the pieces together.
  rpc::PrepareProcess();
  const absl::StatusOr<intake::Options> options = intake::OptionsFromCommandLine(argc, argv);
  if (!options.ok()) {
    return service::ReportStartFailure("intake", options.status(), service::kUsageExitCode);
  }
  const auto process = intake::IntakeProcess::Start(*options);
  if (!process.ok()) {
    return service::ReportStartFailure("intake", process.status(), service::kStartFailedExitCode);
  }
  rpc::WaitForStopSignal();
  (*process)->Stop();
  return EXIT_SUCCESS;
}
