#include "services/referral/app/visible_referral.h"

#include <algorithm>
#include <utility>

#include "services/platform/status/refusal.h"
#include "services/platform/status/status_macros.h"
#include "services/referral/app/verb_runner.h"

namespace redress::referral {

Answer<VisibleReferral> FindVisible(const AppParts& parts, Caller caller, std::string referral_id) {
  absl::StatusOr<ReferralId> id = ReferralId::Parse(referral_id, "referral_id");
  CO_RETURN_IF_ERROR(id.status());
  const bool receiver =
      caller->HasRole(auth::Role::kContact) || caller->HasRole(auth::Role::kLabourOffice);
  const Side first = receiver ? Side::kDestination : Side::kHome;
  for (Side side : {first, OtherSide(first)}) {
    const ReferralRef ref{side, *id};
    absl::StatusOr<std::optional<LoadedReferral>> loaded = co_await LoadReferral(parts, ref);
    CO_RETURN_IF_ERROR(loaded.status());
    if (!loaded->has_value()) continue;
    absl::StatusOr<ReferralScope> scope = co_await ScopeOf(parts, *caller, ref, (*loaded)->record);
    CO_RETURN_IF_ERROR(scope.status());
    // Which members an embassy may see is intake's knowledge: attachés ask status, not referral.
    const Sight sight = SightOf(*caller, *scope, AttacheBounds());
    if (sight == Sight::kNothing) continue;
    co_return VisibleReferral{**std::move(loaded), sight};
  }
  co_return NotFound("referral");
}

size_t PageSize(int32_t asked) {
  if (asked <= 0) return 50;
  return static_cast<size_t>(std::min(asked, 200));
}

}  // namespace redress::referral
