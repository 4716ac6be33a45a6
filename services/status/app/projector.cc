#include "services/status/app/projector.h"

#include <algorithm>
#include <utility>

#include "services/platform/status/status_macros.h"
#include "services/status/app/home_status.h"
#include "services/status/app/list_rows.h"
#include "services/status/app/views.h"
#include "services/status/domain/time_band.h"

namespace redress::status {
namespace {

// Whether a filter may fit the one and not the other.
bool FiltersAlike(const CaseView& a, const CaseView& b) {
  const auto referral_state = [](const CaseView& view) {
    const ReferralRow* latest = view.latest_referral();
    return latest == nullptr ? ReferralState::kNone : latest->state;
  };
  return a.case_state == b.case_state && a.holder_body_id == b.holder_body_id &&
         a.nationalities == b.nationalities && referral_state(a) == referral_state(b) &&
         a.dimensions.destination == b.dimensions.destination &&
         a.dimensions.primary_category == b.dimensions.primary_category;
}

// Whether a look at the case shows the same: not by what the present changes, which is not told.
bool ShownAlike(const CaseView& a, const CaseView& b) { return HomeStatusOf(a) == HomeStatusOf(b); }

}  // namespace

Projector::Projector(std::string node, absl::Duration screening_time, ReadModel& model,
                     const Clock& clock)
    : node_(std::move(node)), screening_time_(screening_time), model_(model), clock_(clock) {}

Projector::Seen::Seen(CaseRow the_row) : row(std::move(the_row)) {
  for (Scope& scope : ScopesOf(row)) {
    CaseView view = See(row, scope);
    views.emplace(std::move(scope), std::move(view));
  }
}

void Projector::WriteLists(const Seen& before, const Seen& after, WriteSet& writes) {
  const std::map<ListKey, ListRow> old_rows = ListRowsOf(before.views);
  std::map<ListKey, ListRow> new_rows = ListRowsOf(after.views);
  for (const auto& [key, row] : old_rows) {
    if (!new_rows.contains(key)) writes.lists[key] = std::nullopt;
  }
  for (auto& [key, row] : new_rows) {
    const auto old = old_rows.find(key);
    if (old == old_rows.end() || old->second != row) writes.lists[key] = std::move(row);
  }
}

// A case that is known stays so, unless it is set aside.
void Projector::WriteHomeStatus(const Seen& before, const Seen& after, WriteSet& writes) {
  const Scope home{ScopeKind::kHome, ""};
  const auto now = after.views.find(home);
  const auto then = before.views.find(home);
  if (now == after.views.end()) {
    if (then != before.views.end()) writes.home_statuses[after.row.case_number] = std::nullopt;
    return;
  }
  HomeStatus kept = HomeStatusOf(now->second);
  if (then != before.views.end() && HomeStatusOf(then->second) == kept) return;
  writes.home_statuses[after.row.case_number] = std::move(kept);
}

void Projector::WriteBands(const CaseRow& before, const CaseRow& after, WriteSet& writes) {
  const absl::Time old_end = EndOfBand(before.began_at(), before.open_band);
  const absl::Time new_end = EndOfBand(after.began_at(), after.open_band);
  if (old_end == new_end) return;
  if (old_end != absl::InfiniteFuture()) writes.bands[{old_end, after.case_number}] = false;
  if (new_end != absl::InfiniteFuture()) writes.bands[{new_end, after.case_number}] = true;
}

// An end that a later word has made void is left where it is: it does nothing when it comes.
void Projector::WriteConsentEnds(const CaseRows& rows, WriteSet& writes) {
  for (const auto& [member_id, member] : rows.members) {
    const absl::Time end = EndOfConsent(member.dimensions);
    if (!member.shown_to_attaches() || end == absl::InfiniteFuture()) continue;
    writes.consent_ends[{end, rows.row.case_number, member_id}] = true;
  }
}

std::vector<SeenBefore> Projector::BeforeOf(const Seen& before, const Seen& after) {
  std::vector<SeenBefore> seen;
  for (const auto& [scope, view] : before.views) {
    const auto now = after.views.find(scope);
    if (now != after.views.end() && FiltersAlike(view, now->second)) continue;
    seen.push_back({scope, now == after.views.end(), SummaryOf(view), MoreNationalities(view)});
  }
  return seen;
}

std::vector<Scope> Projector::SeenOtherwise(const Seen& before, const Seen& after, bool has_entry) {
  std::vector<Scope> scopes;
  for (const auto& [scope, view] : after.views) {
    if (IsToldAll(scope.kind)) continue;
    const auto then = before.views.find(scope);
    const bool is_new = then == before.views.end();
    const bool otherwise = is_new || (!has_entry && FiltersAlike(then->second, view) &&
                                      !ShownAlike(then->second, view));
    if (otherwise) scopes.push_back(scope);
  }
  return scopes;
}

ApplyContext Projector::Context() const { return {node_, clock_.Now(), screening_time_}; }

Answer<CaseRows> Projector::Load(std::string case_number, std::vector<std::string> member_ids,
                                 std::vector<EntryId> entry_ids, const WriteSet& writes) {
  CaseRows rows;
  if (const auto written = writes.cases.find(case_number); written != writes.cases.end()) {
    rows.row = written->second;
  } else {
    CO_ASSIGN_OR_RETURN(std::optional<CaseRow> stored, co_await model_.GetCase(case_number));
    rows.row = stored.has_value() ? std::move(*stored) : NewCase(Context(), case_number);
  }
  for (const std::string& member_id : member_ids) {
    const auto written = writes.members.find({case_number, member_id});
    if (written != writes.members.end()) {
      rows.members.emplace(member_id, written->second);
      continue;
    }
    CO_ASSIGN_OR_RETURN(std::optional<MemberRow> stored,
                        co_await model_.GetMember(case_number, member_id));
    rows.members.emplace(member_id, stored.has_value() ? std::move(*stored) : NewMember(member_id));
  }
  for (const EntryId& entry_id : entry_ids) {
    const auto written = writes.posted.find({case_number, entry_id});
    if (written != writes.posted.end()) {
      rows.posted.emplace(entry_id, written->second);
      continue;
    }
    CO_ASSIGN_OR_RETURN(std::optional<std::string> stored,
                        co_await model_.GetPosted(case_number, entry_id));
    if (stored.has_value()) rows.posted.emplace(entry_id, *std::move(stored));
  }
  co_return rows;
}

async::Task<absl::Status> Projector::Take(IntakeEvent event, WriteSet& writes) {
  if (event.kind == IntakeKind::kOther || event.case_number.empty()) co_return absl::OkStatus();
  std::vector<std::string> member_ids = MembersOf(event);
  std::vector<EntryId> entry_ids = LedgerEntriesOf(event);
  CO_ASSIGN_OR_RETURN(CaseRows rows, co_await Load(event.case_number, std::move(member_ids),
                                                   std::move(entry_ids), writes));
  if (rows.row.set_aside) co_return absl::OkStatus();
  CaseRow before = rows.row;
  std::vector<TimelineEntry> entries = Apply(Context(), event, rows);
  for (const MemberDimensions& member : event.members) {
    if (member.tracking_digest.empty()) continue;
    writes.tracking[member.tracking_digest] = {event.case_number, member.member_id};
  }
  if (!event.members.empty() || event.kind == IntakeKind::kConsentChanged) {
    WriteConsentEnds(rows, writes);
  }
  Source source{Log::kIntake, event.number, event.part == 0, {}, {}};
  co_return co_await WriteRows(std::move(source), std::move(before), std::move(rows),
                               std::move(entries), writes);
}

async::Task<absl::Status> Projector::Take(ReferralEvent event, WriteSet& writes) {
  switch (event.kind) {
    case ReferralKind::kBody:
      writes.directory.bodies.push_back(std::move(event.body));
      co_return absl::OkStatus();
    case ReferralKind::kLink:
      writes.directory.links.push_back(std::move(event.link));
      co_return absl::OkStatus();
    case ReferralKind::kPosting:
      writes.directory.postings.push_back(std::move(event.posting));
      co_return absl::OkStatus();
    case ReferralKind::kAgreement:
      writes.directory.agreements.push_back(std::move(event.agreement));
      co_return absl::OkStatus();
    default:
      break;
  }
  if (event.case_number.empty() || OrdinalOf(event.referral_id) == 0) co_return absl::OkStatus();
  std::vector<std::string> member_ids = MembersOf(event);
  std::vector<EntryId> entry_ids = LedgerEntriesOf(event);
  CO_ASSIGN_OR_RETURN(CaseRows rows, co_await Load(event.case_number, std::move(member_ids),
                                                   std::move(entry_ids), writes));
  if (rows.row.set_aside) co_return absl::OkStatus();
  CaseRow before = rows.row;
  std::vector<TimelineEntry> entries = Apply(Context(), event, rows);
  Source source{Log::kReferral, event.number, event.part == 0, std::move(event.referral_id),
                std::move(event.all_member_ids)};
  co_return co_await WriteRows(std::move(source), std::move(before), std::move(rows),
                               std::move(entries), writes);
}

// What was found to have ended has: the runner read the clock, which may since have been set back,
// and the row by which it would be found again goes.
async::Task<absl::Status> Projector::PassBand(BandEnd band, WriteSet& writes) {
  writes.bands[band] = false;
  CO_ASSIGN_OR_RETURN(CaseRows rows, co_await Load(band.case_number, {}, {}, writes));
  const Seen before(rows.row);
  const absl::Time now = std::max(clock_.Now(), band.at);
  rows.row.open_band = std::max(rows.row.open_band, BandOf(rows.row.began_at(), now));
  if (rows.row == before.row) co_return absl::OkStatus();
  writes.cases[band.case_number] = rows.row;
  const Seen after(std::move(rows.row));
  co_return co_await WriteDifference(before, after, writes);
}

async::Task<absl::Status> Projector::EndConsent(ConsentEnd end, WriteSet& writes) {
  writes.consent_ends[end] = false;
  std::vector<std::string> member_ids = {end.member_id};
  CO_ASSIGN_OR_RETURN(CaseRows rows,
                      co_await Load(end.case_number, std::move(member_ids), {}, writes));
  if (rows.row.set_aside) co_return absl::OkStatus();
  const Seen before(rows.row);
  const MemberRow member = rows.members.at(end.member_id);
  LapseConsent(std::max(clock_.Now(), end.at), end.member_id, rows);
  if (rows.members.at(end.member_id) == member) co_return absl::OkStatus();
  writes.members[{end.case_number, end.member_id}] = std::move(rows.members.at(end.member_id));
  writes.cases[end.case_number] = rows.row;
  const Seen after(std::move(rows.row));
  co_return co_await WriteDifference(before, after, writes);
}

Answer<std::optional<Change>> Projector::FindChange(const Source& source, const WriteSet& writes) {
  for (const auto& [log, change] : writes.changes) {
    if (log == source.log && change.number == source.number) co_return change;
  }
  CO_ASSIGN_OR_RETURN(const Page<Change> stored,
                      co_await model_.ScanChanges(source.log, source.number - 1, 1));
  const bool found = !stored.rows.empty() && stored.rows.front().number == source.number;
  if (!found) co_return std::nullopt;
  co_return stored.rows.front();
}

async::Task<absl::Status> Projector::WriteChange(Source source, const Seen& before,
                                                 const Seen& after,
                                                 std::optional<TimelinePlace> entry,
                                                 WriteSet& writes) {
  Change change;
  change.number = source.number;
  change.case_number = after.row.case_number;
  change.entry = entry;
  if (!source.first_part) {
    CO_ASSIGN_OR_RETURN(std::optional<Change> begun, co_await FindChange(source, writes));
    if (begun.has_value()) change = *std::move(begun);
  }
  if (!change.entry.has_value()) {
    change.referral_id = std::move(source.referral_id);
    change.member_ids = std::move(source.member_ids);
  }
  for (SeenBefore& seen : BeforeOf(before, after)) {
    const auto same =
        std::find_if(change.before.begin(), change.before.end(),
                     [&seen](const SeenBefore& one) { return one.scope == seen.scope; });
    if (same == change.before.end()) {
      change.before.push_back(std::move(seen));
    } else {
      same->hidden = seen.hidden;  // How it was seen before the first part stays.
    }
  }
  for (Scope& scope : SeenOtherwise(before, after, change.entry.has_value())) {
    const auto& known = change.seen_otherwise;
    const bool is_known = std::find(known.begin(), known.end(), scope) != known.end();
    if (!is_known) change.seen_otherwise.push_back(std::move(scope));
  }
  const auto is_begun = [&source](const std::pair<Log, Change>& one) {
    return one.first == source.log && one.second.number == source.number;
  };
  if (!source.first_part) std::erase_if(writes.changes, is_begun);
  writes.changes.emplace_back(source.log, std::move(change));
  co_return absl::OkStatus();
}

async::Task<absl::Status> Projector::WriteRows(Source source, CaseRow before_row,
                                               CaseRows after_rows,
                                               std::vector<TimelineEntry> entries,
                                               WriteSet& writes) {
  const std::string case_number = after_rows.row.case_number;
  for (auto& [member_id, member] : after_rows.members) {
    writes.members[{case_number, member_id}] = std::move(member);
  }
  for (auto& [entry_id, kind] : after_rows.posted) {
    writes.posted[{case_number, entry_id}] = std::move(kind);
  }
  if (before_row == after_rows.row && entries.empty()) co_return absl::OkStatus();
  if (!model_.Fits(after_rows.row)) {
    // It would stop all that comes after it.
    after_rows.row = SetAside(after_rows.row);
    entries.clear();
    writes.set_aside.push_back(case_number);
  }
  writes.cases[case_number] = after_rows.row;
  const Seen before(std::move(before_row));
  const Seen after(std::move(after_rows.row));
  std::optional<TimelinePlace> first;
  if (!entries.empty()) first = entries.front().place;
  CO_RETURN_IF_ERROR(co_await WriteChange(std::move(source), before, after, first, writes));
  for (TimelineEntry& entry : entries) writes.timeline.emplace_back(case_number, std::move(entry));
  co_return co_await WriteDifference(before, after, writes);
}

async::Task<absl::Status> Projector::WriteDifference(const Seen& before, const Seen& after,
                                                     WriteSet& writes) {
  WriteLists(before, after, writes);
  WriteHomeStatus(before, after, writes);
  WriteBands(before.row, after.row, writes);
  co_return co_await WriteCells(before, after, writes);
}

async::Task<absl::Status> Projector::WriteCells(const Seen& before, const Seen& after,
                                                WriteSet& writes) {
  std::map<CellKey, Cell> difference;
  for (const auto& [scope, view] : before.views) {
    for (const auto& [key, cell] : CellsOf(scope, view)) difference[key].Add(cell, -1);
  }
  for (const auto& [scope, view] : after.views) {
    for (const auto& [key, cell] : CellsOf(scope, view)) difference[key].Add(cell, 1);
  }
  if (cells_.size() > kMaxCells) cells_.clear();
  for (const auto& [key, cell] : difference) {
    if (cell.empty()) continue;
    auto known = cells_.find(key);
    if (known == cells_.end()) {
      const auto written = writes.cells.find(key);
      if (written != writes.cells.end()) {
        known = cells_.emplace(key, written->second).first;
      } else {
        CO_ASSIGN_OR_RETURN(Cell stored, co_await model_.GetCell(key));
        known = cells_.emplace(key, std::move(stored)).first;
      }
    }
    known->second.Add(cell, 1);
    writes.cells[key] = known->second;
  }
  co_return absl::OkStatus();
}

}  // namespace redress::status
