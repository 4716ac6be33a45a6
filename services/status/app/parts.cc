#include "services/status/app/parts.h"

#include "fmt/format.h"
#include "services/status/app/proto_time.h"

namespace redress::status {

absl::Status CheckReady(const Progress& progress) {
  if (progress.ready()) return absl::OkStatus();
  return absl::UnavailableError(fmt::format(
      "the read models are being built: {} events of intake and {} of referral are still to be "
      "taken in",
      progress.intake.behind(), progress.referral.behind()));
}

v1::AsOf AsOfNow(const AppParts& parts) {
  v1::AsOf as_of;
  REDRESS_SET_TIME(as_of, answered_at, parts.clock.Now());
  as_of.set_intake_event(parts.progress.intake.taken);
  as_of.set_referral_event(parts.progress.referral.taken);
  REDRESS_SET_TIME(as_of, current_at, parts.progress.current_at());
  return as_of;
}

}  // namespace redress::status
