#include "services/status/app/case_queries.h"

#include <algorithm>
#include <utility>

#include "services/platform/codes/field_checks.h"
#include "services/platform/status/refusal.h"
#include "services/platform/status/status_macros.h"
#include "services/status/app/home_status.h"
#include "services/status/app/views.h"

namespace redress::status {
Answer<SightedCase> FindSighted(const AppParts& parts, Reader reader, std::string case_number) {
  const absl::Status absent = NotFound("case");
  CO_ASSIGN_OR_RETURN(std::optional<CaseRow> row, co_await parts.model.GetCase(case_number));
  if (!row.has_value()) co_return absent;
  SightedCase sighted;
  sighted.row = std::move(*row);
  sighted.scope = SightOf(reader, sighted.row);
  if (sighted.scope.has_value()) {
    sighted.view = See(sighted.row, *sighted.scope);
    co_return sighted;
  }
  const bool own = reader.is_worker() && reader.case_number == case_number;
  if (!own || !sighted.row.home_here || !sighted.row.known()) co_return absent;
  CO_ASSIGN_OR_RETURN(sighted.member,
                      co_await parts.model.GetMember(case_number, reader.member_id));
  if (!sighted.member.has_value() || !sighted.member->known) co_return absent;
  sighted.view = SeeMember(sighted.row, *sighted.member);
  co_return sighted;
}

absl::Status SetAsideRefusal() {
  return Refuse(absl::StatusCode::kFailedPrecondition, "CASE_SET_ASIDE",
                "the case is too large to be shown here; ask intake and referral for it");
}

Answer<SightedCase> FindToShow(const AppParts& parts, Reader reader, std::string case_number) {
  absl::StatusOr<SightedCase> sighted = co_await FindSighted(parts, reader, case_number);
  const std::vector<Scope>& scopes = reader.scopes;
  const bool is_home =
      std::find(scopes.begin(), scopes.end(), Scope{ScopeKind::kHome, ""}) != scopes.end();
  if (!absl::IsNotFound(sighted.status()) || !is_home) co_return sighted;
  CO_ASSIGN_OR_RETURN(const std::optional<CaseRow> row, co_await parts.model.GetCase(case_number));
  if (!row.has_value() || !row->set_aside || !row->home_here) co_return sighted;
  co_return SetAsideRefusal();
}

std::optional<v1::TimelineEntry> ShowEntry(const AppParts& parts, const SightedCase& sighted,
                                           const TimelineEntry& entry) {
  const bool shown = sighted.scope.has_value() ? IsShown(entry, *sighted.scope, sighted.row)
                                               : IsShownToMember(entry, *sighted.member);
  if (!shown) return std::nullopt;
  v1::TimelineEntry message = EntryOf(entry, parts.codes);
  // An entry of several members is not told apart by them. A worker is shown those of the own
  // member alone whole; an attaché who sees some of a group none, since it may be of another.
  const bool some_nationals = sighted.scope.has_value() && !sighted.view.claims_known;
  if (some_nationals || (sighted.member.has_value() && entry.member_count != 1)) {
    message.clear_amount();
    message.set_member_count(0);
  }
  return message;
}

Answer<unread::v1::GetCaseStatusResponse> CaseQueries::GetCaseStatus(
    Caller caller, v1::GetCaseStatusRequest request) {
  CO_RETURN_IF_ERROR(CheckReady(parts_.progress));
  unread::v1::GetCaseStatusResponse response;
  *response.mutable_as_of() = AsOfNow(parts_);
  const absl::Time now = parts_.clock.Now();
  Reader reader = parts_.directory.ReaderFor(*caller, now);
  std::string case_number = std::move(*request.mutable_case_number());
  if (MaySeeAll(reader)) {
    CO_ASSIGN_OR_RETURN(std::optional<HomeStatus> kept,
                        co_await parts_.model.GetHomeStatus(case_number));
    if (kept.has_value() && SeesAllOf(reader, *kept)) {
      response.set_status(BytesToShow(*std::move(kept), parts_.directory, parts_.codes, now));
      co_return response;
    }
  }
  CO_ASSIGN_OR_RETURN(const SightedCase sighted,
                      co_await FindToShow(parts_, std::move(reader), std::move(case_number)));
  CaseStatusOf(sighted.view, parts_.directory, parts_.codes, now)
      .SerializeToString(response.mutable_status());
  co_return response;
}

Answer<v1::GetTimelineResponse> CaseQueries::GetTimeline(Caller caller,
                                                         v1::GetTimelineRequest request) {
  CO_RETURN_IF_ERROR(CheckReady(parts_.progress));
  v1::GetTimelineResponse response;
  *response.mutable_as_of() = AsOfNow(parts_);
  const std::string binding = crypto::PageTokens::Binding(
      {"GetTimeline", caller->CallerKey(), request.case_number(), request.referral_id()});
  CO_ASSIGN_OR_RETURN(std::string place, parts_.page_tokens.Open(request.page_token(), binding));
  Reader reader = parts_.directory.ReaderFor(*caller, parts_.clock.Now());
  CO_ASSIGN_OR_RETURN(const SightedCase sighted,
                      co_await FindToShow(parts_, std::move(reader), request.case_number()));
  const size_t wanted =
      request.page_size() == 0 ? kDefaultPageSize : static_cast<size_t>(request.page_size());
  size_t budget = kKeysPerCall - 2;  // The case and the member were read.
  while (true) {
    const size_t limit = std::min(budget, wanted + 1);
    CO_ASSIGN_OR_RETURN(const Page<PlacedEntry> found,
                        co_await parts_.model.ScanTimeline(request.case_number(), place, limit));
    budget -= found.rows.size();
    for (const PlacedEntry& one : found.rows) {
      if (static_cast<size_t>(response.entries_size()) == wanted) {
        response.set_next_page_token(parts_.page_tokens.Seal(place, binding));
        co_return response;
      }
      place = one.place;
      const bool asked_for =
          request.referral_id().empty() || request.referral_id() == one.entry.referral_id;
      if (!asked_for) continue;
      std::optional<v1::TimelineEntry> entry = ShowEntry(parts_, sighted, one.entry);
      if (entry.has_value()) *response.add_entries() = std::move(*entry);
    }
    if (!found.more) co_return response;
    if (budget == 0) {
      response.set_next_page_token(parts_.page_tokens.Seal(place, binding));
      co_return response;
    }
  }
}

}  // namespace redress::status
