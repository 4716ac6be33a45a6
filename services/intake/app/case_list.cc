// ListComplaints: from index rows alone, led by what the caller may see.

#include <algorithm>
#include <utility>

#include "fmt/format.h"
#include "services/intake/app/case_reader.h"
#include "services/intake/app/queries.h"
#include "services/intake/app/verb_call.h"
#include "services/intake/domain/access.h"
#include "services/platform/status/refusal.h"
#include "services/platform/status/status_macros.h"

namespace redress::intake {
namespace {

using auth::Role;

constexpr size_t kRowsLookedAt = 1000;
constexpr size_t kRowsPerRead = 250;
constexpr size_t kMostWithReference = 200;

// The narrowest index that holds all that the caller may see and asks for; nullopt when the caller
// sees nothing (a desk without a body).
std::optional<ListScope> ScopeOf(const auth::Principal& caller, const ListFilter& filter) {
  using Kind = ListScope::Kind;
  if (caller.HasAnyRole({Role::kMinistry, Role::kProtectionOfficer})) {
    if (!filter.filed_by_body_id.empty())
      return ListScope{Kind::kBody, filter.filed_by_body_id, {}};
    if (!filter.province.empty()) return ListScope{Kind::kProvince, filter.province, {}};
    return ListScope{Kind::kAll, {}, {}};
  }
  if (caller.HasRole(Role::kDesk) && !caller.body_id.empty()) {
    return ListScope{Kind::kBody, caller.body_id, {}};
  }
  if (caller.HasRole(Role::kProvince) && !caller.province.empty()) {
    return ListScope{Kind::kProvince, caller.province, {}};
  }
  if (caller.HasRole(Role::kAttache) && !caller.posting.empty()) {
    return ListScope{Kind::kEmbassy, caller.posting, AttacheNationality(caller)};
  }
  return std::nullopt;
}

bool Matches(const ListFilter& filter, const ListRow& row) {
  const auto has = [](const auto& list, const auto& value) {
    return std::find(list.begin(), list.end(), value) != list.end();
  };
  return (filter.states.empty() || has(filter.states, row.state)) &&
         (filter.category.empty() || filter.category == row.primary_category) &&
         (filter.destination.empty() || filter.destination == row.destination) &&
         (filter.nationality.empty() || has(row.nationalities, filter.nationality)) &&
         (filter.urgency.empty() || filter.urgency == row.urgency) &&
         (!filter.filed_since || row.filed_at >= *filter.filed_since) &&
         (filter.filed_by_body_id.empty() || filter.filed_by_body_id == row.filed_by_body_id) &&
         (filter.province.empty() || filter.province == row.province);
}

std::string BindingOf(const auth::Principal& caller, const ListFilter& filter) {
  std::string states;
  for (CaseState state : filter.states) states += std::string(CaseStateName(state)) + ",";
  const std::string since =
      filter.filed_since ? std::to_string(absl::ToUnixMicros(*filter.filed_since)) : "";
  return crypto::PageTokens::Binding(
      {"ListComplaints", caller.CallerKey(), auth::RoleNames(caller.roles), caller.body_id,
       caller.posting, caller.province, states, filter.category, filter.destination,
       filter.nationality, filter.urgency, since, filter.filed_by_body_id, filter.province,
       filter.own_reference});
}

}  // namespace

async::Task<absl::StatusOr<CaseListPage>> Queries::ListComplaints(Caller caller, ListFilter filter,
                                                                  PageRequest page) {
  CO_RETURN_IF_ERROR(IntakeAccess().Check("ListComplaints", *caller));
  const std::string binding = BindingOf(*caller, filter);
  CO_ASSIGN_OR_RETURN(std::string cursor, context_.page_tokens.Open(page.token, binding));
  if (!filter.own_reference.empty()) {
    absl::StatusOr<CaseListPage> by_reference =
        co_await ListByReference(std::move(caller), std::move(filter));
    co_return by_reference;
  }
  const std::optional<ListScope> scope = ScopeOf(*caller, filter);
  CaseListPage found;
  if (!scope.has_value()) co_return found;
  for (size_t looked_at = 0; looked_at < kRowsLookedAt;) {
    // Never more than the page can still take, so that a page ends where its cursor stands.
    const size_t limit =
        std::min({kRowsPerRead, page.size - found.cases.size(), kRowsLookedAt - looked_at});
    ListScope of = *scope;
    absl::StatusOr<ListSlice> slice =
        co_await context_.cases.List(std::move(of), std::move(cursor), limit);
    CO_RETURN_IF_ERROR(slice.status());
    looked_at += slice->rows.size();
    cursor = std::move(slice->cursor);
    bool too_old = false;
    for (ListRow& row : slice->rows) {
      too_old = filter.filed_since && row.filed_at < *filter.filed_since;
      if (too_old) break;
      if (!Matches(filter, row)) continue;
      if (scope->kind == ListScope::Kind::kEmbassy) {
        // The index holds every case where somebody agreed; whether a consent has run out since,
        // only the members tell.
        const absl::StatusOr<bool> seen = co_await SeesAnybody(caller, row.case_number);
        CO_RETURN_IF_ERROR(seen.status());
        if (!*seen) continue;
      }
      found.cases.push_back(std::move(row));
    }
    if (cursor.empty() || too_old) co_return found;
    if (found.cases.size() == page.size) break;
  }
  found.next_page_token = context_.page_tokens.Seal(cursor, binding);
  co_return found;
}

async::Task<absl::StatusOr<bool>> Queries::SeesAnybody(Caller caller, CaseNumber case_number) {
  const absl::StatusOr<CaseReader> reader =
      co_await CaseReader::Open(context_, std::move(caller), "ListComplaints", case_number);
  if (absl::IsNotFound(reader.status())) co_return false;
  CO_RETURN_IF_ERROR(reader.status());
  co_return co_await reader->SeesAnybody();
}

async::Task<absl::StatusOr<CaseListPage>> Queries::ListByReference(Caller caller,
                                                                   ListFilter filter) {
  CaseListPage found;
  // Not shown to anyone but the filing desk and the ministry, so not found by others either.
  if (!caller->HasAnyRole({Role::kDesk, Role::kMinistry})) co_return found;
  const uint64_t key = context_.cases.SimilarityKey("reference:" + filter.own_reference);
  const absl::StatusOr<std::vector<CaseNumber>> numbers =
      co_await context_.cases.FindSimilar(key, kMostWithReference);
  CO_RETURN_IF_ERROR(numbers.status());
  for (const CaseNumber& number : *numbers) {
    const absl::StatusOr<std::optional<StoredCase>> stored =
        co_await context_.cases.FindCase(number);
    CO_RETURN_IF_ERROR(stored.status());
    if (!stored->has_value() || !MaySeeCase(*caller, FactsOf((*stored)->head))) continue;
    ListRow row = ListRowOf((*stored)->head);
    row.version = (*stored)->version;
    if (Matches(filter, row)) found.cases.push_back(std::move(row));
  }
  std::sort(found.cases.begin(), found.cases.end(),
            [](const ListRow& a, const ListRow& b) { return a.filed_at > b.filed_at; });
  co_return found;
}

}  // namespace redress::intake
