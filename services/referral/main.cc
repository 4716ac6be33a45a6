// redress-referral: the referral service of one node. See README.md, and --help.

#include <cstdlib>
#include <memory>

#include "services/platform/rpc/service_main.h"
#include "services/referral/flags.h"
#include "services/referral/wiring.h"

int main(int argc, char** argv) {
  using namespace redress;  // NOLINT: this file only puts the pieces together.
  rpc::PrepareProcess();
  const absl::StatusOr<referral::Options> options = referral::OptionsFromCommandLine(argc, argv);
  if (!options.ok()) {
    return service::ReportStartFailure("referral", options.status(), service::kUsageExitCode);
  }
  const auto process = referral::ReferralProcess::Start(*options);
  if (!process.ok()) {
    return service::ReportStartFailure("referral", process.status(), service::kStartFailedExitCode);
  }
  rpc::WaitForStopSignal();
  (*process)->Stop();
  return EXIT_SUCCESS;
}
