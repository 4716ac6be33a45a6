#include "services/status/app/home_status.h"

#include <algorithm>
#include <utility>

#include "redress/status/unread/v1/cases.pb.h"
#include "services/status/app/views.h"

namespace redress::status {

HomeStatus HomeStatusOf(const CaseView& view) {
  constexpr bool kHomeHere = true;
  HomeStatus kept{.province = view.dimensions.province,
                  .filed_by_body_id = view.dimensions.filed_by_body_id,
                  .status = BareStatusOf(view).SerializeAsString(),
                  .holder_body_id = view.holder_body_id,
                  .due_at = view.due_at,
                  .referrals = {},
                  .totals = view.money};
  for (const ReferralRow& referral : view.referrals) {
    kept.referrals.push_back({ReferralStatusOf(referral, kHomeHere).SerializeAsString(),
                              referral.receiver_body_id, referral.due_at,
                              PeerOf(referral, kHomeHere), referral.heard_at});
  }
  return kept;
}

bool MaySeeAll(const Reader& reader) {
  return std::any_of(reader.scopes.begin(), reader.scopes.end(),
                     [](const Scope& scope) { return SeesAll(scope.kind); });
}

bool SeesAllOf(const Reader& reader, const HomeStatus& kept) {
  const std::vector<Scope> all = ScopesThatSeeAll(kept.province, kept.filed_by_body_id);
  return std::any_of(reader.scopes.begin(), reader.scopes.end(), [&all](const Scope& scope) {
    return std::find(all.begin(), all.end(), scope) != all.end();
  });
}

std::string BytesToShow(HomeStatus kept, const Directory& directory, const IsoCodes& codes,
                        absl::Time now) {
  unread::v1::CaseStatus rest;
  rest.set_summary(
      RestOfSummary(directory, now, kept.holder_body_id, kept.due_at).SerializeAsString());
  for (KeptReferral& referral : kept.referrals) {
    RestOfReferral(directory, now, referral.receiver_body_id, referral.due_at, referral.peer_node,
                   referral.heard_at)
        .AppendToString(&referral.status);
    rest.add_referrals(std::move(referral.status));
  }
  *rest.mutable_money() = MoneyOf(kept.totals, /*claims_known=*/true, codes);
  rest.AppendToString(&kept.status);
  return std::move(kept.status);
}

}  // namespace redress::status
