#ifndef REDRESS_SERVICES_STATUS_FLAGS_H_
#define REDRESS_SERVICES_STATUS_FLAGS_H_

#include <string>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "services/platform/service/common_options.h"

namespace redress::status {

// What the process is told at its start; nobody changes it afterwards.
struct StatusOptions {
  service::CommonOptions common;
  std::string intake;             // --intake
  std::string referral;           // --referral
  bool rebuild = false;           // --rebuild
  absl::Duration screening_time;  // --screening_time
};

// INVALID_ARGUMENT naming every wrong flag at once.
absl::StatusOr<StatusOptions> StatusOptionsFromFlags();

}  // namespace redress::status

#endif  // REDRESS_SERVICES_STATUS_FLAGS_H_
