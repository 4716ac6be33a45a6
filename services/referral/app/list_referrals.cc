// ListReferrals: one index range, led by what the caller may see, and filters over its lines.
#include <algorithm>
#include <utility>

#include "fmt/format.h"
#include "services/platform/codes/field_checks.h"
#include "services/platform/status/field_violations.h"
#include "services/platform/status/refusal.h"
#include "services/platform/status/status_macros.h"
#include "services/referral/app/deterministic.h"
#include "services/referral/app/proto_time.h"
#include "services/referral/app/referral_queries.h"
#include "services/referral/app/visible_referral.h"

namespace redress::referral {
namespace {

constexpr size_t kMaxKeys = 1'000;

// The range to scan, and which of its lines the caller may see.
struct Lead {
  IndexScope scope = IndexScope::kNode;
  std::string value;
  bool home = true;         // Lines of home's side.
  bool destination = true;  // Lines of the destination's side.
  std::string receiver;     // Of the destination's side only those to this body; empty: all.
};

std::optional<Lead> LeadOf(const auth::Principal& caller, const v1::ListReferralsRequest& request) {
  using auth::Role;
  Lead lead;
  const bool everything =
      caller.HasAnyRole({Role::kService, Role::kProtectionOfficer, Role::kAuditor});
  if (everything || caller.HasRole(Role::kMinistry)) {
    if (!everything) lead.receiver = caller.body_id.empty() ? "-" : caller.body_id;
    if (!request.case_number().empty()) {
      lead.scope = IndexScope::kCase;
      lead.value = request.case_number();
    } else if (!request.receiver_body_id().empty()) {
      lead.scope = IndexScope::kReceiver;
      lead.value = request.receiver_body_id();
    }
    return lead;
  }
  if (caller.HasAnyRole({Role::kContact, Role::kLabourOffice}) && !caller.body_id.empty()) {
    lead.scope = IndexScope::kReceiver;
    lead.value = caller.body_id;
    lead.home = false;
    return lead;
  }
  lead.destination = false;
  if (caller.HasRole(Role::kDesk) && !caller.body_id.empty()) {
    lead.scope = IndexScope::kFilingBody;
    lead.value = caller.body_id;
    return lead;
  }
  if (caller.HasRole(Role::kProvince) && !caller.province.empty()) {
    lead.scope = IndexScope::kProvince;
    lead.value = caller.province;
    return lead;
  }
  return std::nullopt;
}

bool MaySee(const Lead& lead, const Found<IndexKey>& line) {
  if (line.key.ref.side == Side::kHome) return lead.home;
  return lead.destination &&
         (lead.receiver.empty() || lead.receiver == line.row.receiver_body_id());
}

bool Fits(const v1::ListReferralsRequest& request, const v1::ReferralSummary& row, absl::Time now) {
  const auto& states = request.states();
  if (!states.empty() && std::find(states.begin(), states.end(), row.state()) == states.end()) {
    return false;
  }
  if (!request.receiver_body_id().empty() && request.receiver_body_id() != row.receiver_body_id()) {
    return false;
  }
  if (!request.case_number().empty() && request.case_number() != row.case_number()) return false;
  if (request.direction() != v1::DIRECTION_UNSPECIFIED && request.direction() != row.direction()) {
    return false;
  }
  if (request.overdue() && !(row.has_due_at() && ToTime(row.due_at()) < now)) return false;
  if (request.open() && !IsOpen(static_cast<ReferralState>(row.state()))) return false;
  if (request.has_updated_since() &&
      !(row.has_updated_at() && ToTime(row.updated_at()) >= ToTime(request.updated_since()))) {
    return false;
  }
  return true;
}

// No later line can fit, in the order that the line's key names.
bool IsBeyond(const v1::ListReferralsRequest& request, const IndexKey& line, absl::Time now) {
  switch (line.order) {
    case IndexOrder::kDue:
      return request.overdue() && line.at >= now;
    case IndexOrder::kUpdated:
      return request.has_updated_since() && line.at < ToTime(request.updated_since());
  }
  return false;
}

// The page's size; INVALID_ARGUMENT names every wrong field at once. A filter that nothing could
// ever fit is a mistake and no empty list.
absl::StatusOr<size_t> CheckList(const v1::ListReferralsRequest& request) {
  FieldViolations faults;
  if (request.states_size() > 17) faults.Add("states", "names more than 17");
  for (int i = 0; i < request.states_size(); ++i) {
    const int state = request.states(i);
    if (v1::ReferralState_IsValid(state) && state != v1::REFERRAL_STATE_UNSPECIFIED) continue;
    faults.AddValue(fmt::format("states[{}]", i), std::to_string(state), "a ReferralState");
  }
  if (!request.receiver_body_id().empty()) {
    faults.Take(BodyId::Parse(request.receiver_body_id(), "receiver_body_id").status());
  }
  if (!request.case_number().empty()) {
    faults.Take(CaseNumber::Parse(request.case_number(), "case_number").status());
  }
  if (!v1::Direction_IsValid(request.direction())) {
    faults.AddValue("direction", std::to_string(request.direction()), "a Direction");
  }
  if (!v1::ReferralOrder_IsValid(request.order())) {
    faults.AddValue("order", std::to_string(request.order()), "a ReferralOrder");
  }
  if (request.has_updated_since() && !IsInstant(request.updated_since())) {
    faults.Add("updated_since", "is no instant of the years 1 to 9999");
  }
  const size_t page_size = ReadPageSize("page_size", request.page_size(), faults);
  RETURN_IF_ERROR(faults.ToStatus());
  return page_size;
}

}  // namespace

Answer<v1::ListReferralsResponse> ReferralQueries::ListReferrals(Caller caller,
                                                                 v1::ListReferralsRequest request) {
  const absl::StatusOr<size_t> limit = CheckList(request);
  CO_RETURN_IF_ERROR(limit.status());
  v1::ListReferralsRequest filter = request;
  filter.clear_page_token();
  filter.clear_page_size();
  const std::string binding =
      crypto::PageTokens::Binding({"ListReferrals", caller->CallerKey(), Deterministic(filter)});
  absl::StatusOr<std::string> cursor = parts_.page_tokens.Open(request.page_token(), binding);
  CO_RETURN_IF_ERROR(cursor.status());
  v1::ListReferralsResponse response;
  const absl::Time now = parts_.clock.Now();
  SetTimestamp(now, response.mutable_as_of());
  const std::optional<Lead> lead = LeadOf(*caller, request);
  if (!lead) co_return response;

  const bool by_update = request.order() == v1::REFERRAL_ORDER_UPDATED_LAST_FIRST;
  std::optional<IndexKey> after;
  if (!cursor->empty()) {
    absl::StatusOr<RowKey> key = parts_.repository.keys().Decode(*cursor);
    CO_RETURN_IF_ERROR(key.status());
    after = std::get<IndexKey>(*key);
  }
  const RowRange range{.of = RowRange::Of::kIndex,
                       .scope = lead->scope,
                       .order = by_update ? IndexOrder::kUpdated : IndexOrder::kDue,
                       .text = lead->value};
  const auto full = [&response, &limit] {
    return static_cast<size_t>(response.referrals_size()) == *limit;
  };
  bool more = true;
  for (size_t budget = kMaxKeys; more && budget > 0 && !full();) {
    const size_t missing = *limit - static_cast<size_t>(response.referrals_size());
    RowRange of = range;
    std::optional<IndexKey> from = after;
    // One line more than the page can take tells whether there is another page.
    auto lines = co_await parts_.repository.Scan<IndexKey>(std::move(of), std::move(from),
                                                           std::min(budget, missing + 1));
    CO_RETURN_IF_ERROR(lines.status());
    budget -= lines->rows.size();
    more = lines->more && !lines->rows.empty();
    for (Found<IndexKey>& line : lines->rows) {
      if (IsBeyond(request, line.key, now)) {
        more = false;
        break;
      }
      if (full()) {
        more = true;
        break;
      }
      after = line.key;
      if (!MaySee(*lead, line) || !Fits(request, line.row, now)) continue;
      v1::ReferralSummary* row = response.add_referrals();
      *row = std::move(line.row);
      row->set_overdue(row->has_due_at() && ToTime(row->due_at()) < now);
    }
  }
  if (more) {
    const std::string place = parts_.repository.keys().Encode(*after);
    response.set_next_page_token(parts_.page_tokens.Seal(place, binding));
  }
  co_return response;
}

}  // namespace redress::referral
