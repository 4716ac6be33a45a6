#include "services/status/domain/list_index.h"

#include <utility>

namespace redress::status {

bool IsKept(ListFilter filter, ListOrder order) {
  return filter == ListFilter::kAny || order == ListOrder::kUpdatedLast;
}

std::vector<ListKey> ListKeysOf(const Scope& scope, const CaseView& view) {
  std::vector<ListKey> keys;
  const auto add = [&](ListFilter filter, std::string value, ListOrder order, absl::Time time) {
    keys.push_back({scope, filter, std::move(value), order, time, view.case_number});
  };
  const auto add_filter = [&](ListFilter filter, std::string value) {
    if (value.empty()) return;
    add(filter, std::move(value), ListOrder::kUpdatedLast, view.updated_at);
  };
  add(ListFilter::kAny, "", ListOrder::kUpdatedLast, view.updated_at);
  add(ListFilter::kAny, "", ListOrder::kFiledFirst, view.filed_at);
  if (view.due_kind != DueKind::kNone) {
    add(ListFilter::kAny, "", ListOrder::kDueFirst, view.due_at);
  }
  for (const std::string& nationality : view.nationalities) {
    add_filter(ListFilter::kNationality, nationality);
  }
  add_filter(ListFilter::kDestination, view.dimensions.destination);
  add_filter(ListFilter::kHolder, view.holder_body_id);
  add_filter(ListFilter::kCategory, view.dimensions.primary_category);
  if (view.case_state != CaseState::kUnknown) {
    add_filter(ListFilter::kCaseState, std::string(CaseStateName(view.case_state)));
  }
  if (const ReferralRow* latest = view.latest_referral(); latest != nullptr) {
    add_filter(ListFilter::kReferralState, std::string(ReferralStateName(latest->state)));
  }
  return keys;
}

}  // namespace redress::status
