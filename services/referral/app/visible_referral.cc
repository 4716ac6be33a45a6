#include "services/referral/app/visible_referral.h"

#include <utility>

#include "services/platform/status/refusal.h"
#include "services/platform/status/status_macros.h"
#include "services/referral/app/verb_runner.h"

namespace redress::referral {

Answer<VisibleReferral> FindVisible(const AppParts& parts, Caller caller, ReferralId id) {
  const bool receiver =
      caller->HasRole(auth::Role::kContact) || caller->HasRole(auth::Role::kLabourOffice);
  const Side first = receiver ? Side::kDestination : Side::kHome;
  for (Side side : {first, OtherSide(first)}) {
    const ReferralRef ref{side, id};
    absl::StatusOr<std::optional<LoadedReferral>> loaded = co_await LoadReferral(parts, ref);
    CO_RETURN_IF_ERROR(loaded.status());
    if (!loaded->has_value()) continue;
    absl::StatusOr<ReferralScope> scope = co_await ScopeOf(parts, *caller, ref, (*loaded)->record);
    CO_RETURN_IF_ERROR(scope.status());
    const Sight sight = SightOf(*caller, *scope);
    if (sight == Sight::kNothing) continue;
    co_return VisibleReferral{**std::move(loaded), sight};
  }
  co_return NotFound("referral");
}

}  // namespace redress::referral
