// ListComplaints: from index rows alone, led by what the caller may see.

#include <algorithm>
#include <charconv>
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

// Of an index; for an attaché also of heads and members, which count as much.
constexpr size_t kRowsLookedAt = 1000;
constexpr size_t kRowsPerRead = 250;
constexpr size_t kMostWithReference = 200;
// What a case costs beside its members: the row and a look at whether others follow, head and key.
constexpr size_t kRowsOfCase = 4;

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

bool IsTooOld(const ListFilter& filter, const ListRow& row) {
  return filter.filed_since && row.filed_at < *filter.filed_since;
}

// Where the list of an attaché goes on. Its index holds every case where somebody agreed; whether a
// consent has run out since, only the members tell, and of a large case one call cannot ask all.
struct AttachePlace {
  std::string row;       // After this row of the index, empty for the first.
  std::string of;        // Of this case, when it is the row that follows,
  uint32_t members = 0;  // so many members were looked at, none of whom is seen.

  uint32_t AfterOf(const CaseNumber& number) const { return number.ToString() == of ? members : 0; }
};

constexpr size_t kPlaceDigits = 8;

std::string WritePlace(const AttachePlace& place) {
  return fmt::format("{:0{}x}{} {}", place.members, kPlaceDigits, place.of, place.row);
}

// What WritePlace has written, which a sealed token brings back as it was; empty for the start.
AttachePlace ReadPlace(const std::string& written) {
  AttachePlace place;
  if (written.size() < kPlaceDigits) return place;
  std::from_chars(written.data(), written.data() + kPlaceDigits, place.members, 16);
  const size_t space = std::min(written.find(' '), written.size() - 1);
  place.of = written.substr(kPlaceDigits, space - kPlaceDigits);
  place.row = written.substr(space + 1);
  return place;
}

std::string BindingOf(const auth::Principal& caller, const ListFilter& filter, bool for_attache) {
  std::string states;
  for (CaseState state : filter.states) states += std::string(CaseStateName(state)) + ",";
  const std::string since =
      filter.filed_since ? std::to_string(absl::ToUnixMicros(*filter.filed_since)) : "";
  return crypto::PageTokens::Binding(
      {for_attache ? "ListForAttache" : "ListComplaints", caller.CallerKey(),
       auth::RoleNames(caller.roles), caller.body_id, caller.posting, caller.province, states,
       filter.category, filter.destination, filter.nationality, filter.urgency, since,
       filter.filed_by_body_id, filter.province, filter.own_reference});
}

}  // namespace

async::Task<absl::StatusOr<CaseListPage>> Queries::ListComplaints(Caller caller, ListFilter filter,
                                                                  PageRequest page) {
  CO_RETURN_IF_ERROR(IntakeAccess().Check("ListComplaints", *caller));
  const std::optional<ListScope> scope = ScopeOf(*caller, filter);
  const bool for_attache = scope.has_value() && scope->kind == ListScope::Kind::kEmbassy;
  const std::string binding = BindingOf(*caller, filter, for_attache);
  CO_ASSIGN_OR_RETURN(std::string cursor, context_.page_tokens.Open(page.token, binding));
  if (!filter.own_reference.empty()) {
    absl::StatusOr<CaseListPage> by_reference =
        co_await ListByReference(std::move(caller), std::move(filter));
    co_return by_reference;
  }
  CaseListPage found;
  if (!scope.has_value()) co_return found;
  if (for_attache) {
    found.next_page_token = std::move(cursor);
    const absl::Status listed =
        co_await ListForAttache(std::move(caller), std::move(filter), *scope, page.size, found);
    CO_RETURN_IF_ERROR(listed);
    if (!found.next_page_token.empty()) {
      found.next_page_token = context_.page_tokens.Seal(found.next_page_token, binding);
    }
    co_return found;
  }
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
      too_old = IsTooOld(filter, row);
      if (too_old) break;
      if (Matches(filter, row)) found.cases.push_back(std::move(row));
    }
    if (cursor.empty() || too_old) co_return found;
    if (found.cases.size() == page.size) break;
  }
  found.next_page_token = context_.page_tokens.Seal(cursor, binding);
  co_return found;
}

async::Task<absl::Status> Queries::ListForAttache(Caller caller, ListFilter filter, ListScope scope,
                                                  size_t page_size, CaseListPage& page) {
  AttachePlace place = ReadPlace(std::exchange(page.next_page_token, {}));
  size_t looked_at = 0;
  while (page.cases.size() < page_size && looked_at < kRowsLookedAt) {
    ListScope of = scope;
    std::string after = place.row;
    const absl::StatusOr<ListSlice> slice =
        co_await context_.cases.List(std::move(of), std::move(after), 1);
    CO_RETURN_IF_ERROR(slice.status());
    looked_at += kRowsOfCase;
    if (slice->rows.empty() || IsTooOld(filter, slice->rows[0])) co_return absl::OkStatus();
    const ListRow& row = slice->rows[0];
    if (Matches(filter, row)) {
      const size_t most = looked_at < kRowsLookedAt ? kRowsLookedAt - looked_at : 1;
      const absl::StatusOr<MemberLook> look =
          co_await LookForMember(caller, row.case_number, place.AfterOf(row.case_number), most);
      CO_RETURN_IF_ERROR(look.status());
      looked_at += look->looked_at;
      place.of = row.case_number.ToString();
      place.members = look->after;
      if (look->after > 0) break;
      if (look->seen) page.cases.push_back(row);
    }
    if (slice->cursor.empty()) co_return absl::OkStatus();
    place = {slice->cursor, {}, 0};
  }
  page.next_page_token = WritePlace(place);
  co_return absl::OkStatus();
}

async::Task<absl::StatusOr<MemberLook>> Queries::LookForMember(Caller caller,
                                                               CaseNumber case_number,
                                                               uint32_t after, size_t most) {
  const absl::StatusOr<CaseReader> reader =
      co_await CaseReader::Open(context_, std::move(caller), "ListComplaints", case_number);
  if (absl::IsNotFound(reader.status())) co_return MemberLook();
  CO_RETURN_IF_ERROR(reader.status());
  co_return co_await reader->LookForMember(after, most);
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
