#ifndef REDRESS_SERVICES_INTAKE_FLAGS_H_
#define REDRESS_SERVICES_INTAKE_FLAGS_H_

#include <string>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "services/platform/codes/iso_codes.h"
#include "services/platform/service/common_options.h"

namespace redress::intake {

// What the intake process is told at its start. Made once from the flags, and never changed.
struct Options {
  service::CommonOptions common;
  absl::Duration cooling_off;  // --cooling_off: how long a withdrawal can be undone
  std::string iso_codes;       // --iso_codes: directory of the package iso-codes' lists
};

// INVALID_ARGUMENT naming every flag that is wrong or missing.
absl::StatusOr<Options> OptionsFromCommandLine(int argc, char** argv);

}  // namespace redress::intake

#endif  // REDRESS_SERVICES_INTAKE_FLAGS_H_
