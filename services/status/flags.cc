#include "services/status/flags.h"

#include "absl/flags/flag.h"
#include "services/platform/status/field_violations.h"
#include "services/platform/status/status_macros.h"
#include "services/status/domain/apply.h"

ABSL_FLAG(std::string, intake, "",
          "Where this node's intake serves: host:port or unix:/path. Required.");
ABSL_FLAG(std::string, referral, "",
          "Where this node's referral serves: host:port or unix:/path. Required.");
ABSL_FLAG(bool, rebuild, false,
          "Remove everything that is kept and read it anew from the logs of intake and referral. "
          "Until both have been read to their ends no call is answered.");
ABSL_FLAG(absl::Duration, screening_time, redress::status::kScreeningTime,
          "How long the ministry's first review of a case may take before it is overdue.");

namespace redress::status {

absl::StatusOr<StatusOptions> StatusOptionsFromFlags() {
  FieldViolations violations;
  StatusOptions options;
  options.common = service::CommonOptionsFromFlags(violations);
  options.intake = absl::GetFlag(FLAGS_intake);
  options.referral = absl::GetFlag(FLAGS_referral);
  options.rebuild = absl::GetFlag(FLAGS_rebuild);
  options.screening_time = absl::GetFlag(FLAGS_screening_time);
  service::RequireFlag("--intake", options.intake, violations);
  service::RequireFlag("--referral", options.referral, violations);
  if (options.screening_time <= absl::ZeroDuration()) {
    violations.Add("--screening_time", "must be above zero");
  }
  RETURN_IF_ERROR(violations.ToStatus());
  return options;
}

}  // namespace redress::status
