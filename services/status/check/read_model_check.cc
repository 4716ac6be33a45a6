#include "services/status/check/read_model_check.h"

#include <optional>
#include <utility>
#include <vector>

#include "fmt/format.h"
#include "services/platform/kv/key_codec.h"
#include "services/platform/status/status_macros.h"
#include "services/status/app/home_status.h"
#include "services/status/app/list_rows.h"
#include "services/status/domain/apply.h"
#include "services/status/domain/time_band.h"
#include "services/status/storage/keys.h"
#include "services/status/storage/row_codec.h"

namespace redress::status {
namespace {

constexpr char kCase[] = "case";
constexpr char kMember[] = "member";
constexpr char kTimeline[] = "timeline";
constexpr char kCell[] = "cell";
constexpr char kTracking[] = "tracking";
constexpr char kConsentEnd[] = "consent_end";
constexpr char kChange[] = "change";
constexpr char kCursor[] = "cursor";
constexpr char kNotAskedFor[] = "is a row that no case asks for";

std::string NameOf(const CellKey& key) {
  return fmt::format("scope {} {}, dimensions {} {} and {} {}", static_cast<int>(key.scope.kind),
                     key.scope.value, static_cast<int>(key.row), key.row_value,
                     static_cast<int>(key.column), key.column_value);
}

std::map<Scope, CaseView> ViewsOf(const CaseRow& row) {
  std::map<Scope, CaseView> views;
  for (const Scope& scope : ScopesOf(row)) views.emplace(scope, See(row, scope));
  return views;
}

absl::StatusOr<std::string> MemberIdOf(std::string_view key) {
  kv::KeyReader reader(key);
  RETURN_IF_ERROR(reader.ExpectTable(kMembersTable));
  RETURN_IF_ERROR(reader.String().status());
  ASSIGN_OR_RETURN(std::string member_id, reader.String());
  RETURN_IF_ERROR(reader.ExpectEnd());
  return member_id;
}

}  // namespace

ReadModelCheck::ReadModelCheck(check::StoreRows& rows, ReadModel& model, check::Report& report)
    : rows_(rows),
      model_(model),
      report_(report),
      members_(rows, kMembersTable, kMember, report),
      timelines_(rows, kTimelinesTable, kTimeline, report),
      lists_(rows, kListsTable, "list", report),
      home_statuses_(rows, kHomeStatusesTable, "home_status", report),
      bands_(rows, kBandsTable, "band", report) {}

absl::Status ReadModelCheck::Run() {
  RETURN_IF_ERROR(ReadCursors());
  RETURN_IF_ERROR(members_.Start());
  RETURN_IF_ERROR(timelines_.Start());
  RETURN_IF_ERROR(rows_.ForEach(check::TablePrefix(kCasesTable),
                                [this](const kv::Entry& entry) { return TakeCase(entry); }));
  RETURN_IF_ERROR(members_.Finish());
  RETURN_IF_ERROR(timelines_.Finish());
  RETURN_IF_ERROR(FinishIndexes());
  RETURN_IF_ERROR(CheckCells());
  RETURN_IF_ERROR(CheckTracking());
  RETURN_IF_ERROR(CheckConsentEnds());
  return CheckChanges();
}

absl::Status ReadModelCheck::ReadCursors() {
  for (const Log log : {Log::kIntake, Log::kReferral}) {
    const absl::StatusOr<Cursor> cursor = rows_.Run(model_.GetCursor(log));
    report_.Looked(kCursor);
    if (report_.Holds(cursor.status(), kCursor, fmt::format("log {}", static_cast<int>(log)))) {
      cursors_[log] = *cursor;
    }
  }
  return absl::OkStatus();
}

bool ReadModelCheck::IsTaken(Log log, uint64_t number) const {
  const auto cursor = cursors_.find(log);
  if (cursor == cursors_.end()) return false;
  return number <= cursor->second.number + (cursor->second.parts > 0 ? 1 : 0);
}

absl::StatusOr<std::optional<CaseRow>> ReadModelCheck::ReadCase(const std::string& case_number) {
  ASSIGN_OR_RETURN(const std::optional<kv::Entry> entry, rows_.Get(CaseKey(case_number)));
  if (!entry.has_value()) return std::optional<CaseRow>();
  absl::StatusOr<CaseRow> row = DecodeCase(case_number, entry->value);
  if (!row.ok()) return std::optional<CaseRow>();
  return std::optional<CaseRow>(*std::move(row));
}

absl::StatusOr<bool> ReadModelCheck::HasMember(const std::string& case_number,
                                               const std::string& member_id) {
  ASSIGN_OR_RETURN(const std::optional<kv::Entry> entry,
                   rows_.Get(MemberKey(case_number, member_id)));
  return entry.has_value();
}

absl::Status ReadModelCheck::TakeCase(const kv::Entry& entry) {
  report_.Looked(kCase);
  const absl::StatusOr<std::string> number = ReadNameKey(kCasesTable, entry.key);
  const std::string_view case_part = std::string_view(entry.key).substr(1);
  if (!report_.Holds(number.status(), kCase, kv::DebugPrintKey(entry.key))) return Skip(case_part);
  const absl::StatusOr<CaseRow> row = DecodeCase(*number, entry.value);
  if (!report_.Holds(row.status(), kCase, *number)) return Skip(case_part);
  if (row->set_aside) {
    report_.LeftOut(fmt::format(
        "{} is set aside, being too large: what is kept of it is not compared", *number));
    return Skip(case_part);
  }
  RETURN_IF_ERROR(CheckMembers(*row, case_part));
  RETURN_IF_ERROR(CheckTimeline(*row, case_part));
  RETURN_IF_ERROR(ExpectWhatReadersSee(*row));
  const absl::Time end = EndOfBand(row->began_at(), row->open_band);
  if (end == absl::InfiniteFuture()) return absl::OkStatus();
  return bands_.Expect({BandKey({end, *number}), "", std::nullopt, *number});
}

absl::Status ReadModelCheck::Skip(std::string_view case_part) {
  RETURN_IF_ERROR(members_.OfCase(case_part, [](const kv::Entry&) {}));
  return timelines_.OfCase(case_part, [](const kv::Entry&) {});
}

absl::Status ReadModelCheck::CheckMembers(const CaseRow& row, std::string_view case_part) {
  CaseRow counted;
  counted.case_number = row.case_number;
  counted.home_here = row.home_here;
  std::vector<MemberRow> shown;
  RETURN_IF_ERROR(members_.OfCase(case_part, [&](const kv::Entry& entry) {
    const std::string subject = kv::DebugPrintKey(entry.key);
    const absl::StatusOr<std::string> id = MemberIdOf(entry.key);
    if (!report_.Holds(id.status(), kMember, subject)) return;
    absl::StatusOr<MemberRow> member = DecodeMember(*id, entry.value);
    if (!report_.Holds(member.status(), kMember, subject)) return;
    MoveTally(NewMember(*id), *member, counted);
    if (member->shown_to_attaches()) shown.push_back(*std::move(member));
  }));
  for (const MemberRow& member : shown) RETURN_IF_ERROR(ExpectConsentEnd(row, member));
  if (counted.tally != row.tally) {
    report_.Differs(kCase, row.case_number, "its tally is not that of its members");
  }
  if (counted.totals_by_kind != row.totals_by_kind) {
    report_.Differs(kCase, row.case_number, "its sums by kind are not those of its members");
  }
  if (counted.embassy != row.embassy) {
    report_.Differs(kCase, row.case_number,
                    "what attachés are shown of it is not what its members agreed to");
  }
  return absl::OkStatus();
}

// An end that a later word has made void may stay; one that counts has to be there.
absl::Status ReadModelCheck::ExpectConsentEnd(const CaseRow& row, const MemberRow& member) {
  const absl::Time end = EndOfConsent(member.dimensions);
  if (end == absl::InfiniteFuture()) return absl::OkStatus();
  ASSIGN_OR_RETURN(const std::optional<kv::Entry> entry,
                   rows_.Get(ConsentEndKey({end, row.case_number, member.member_id})));
  if (!entry.has_value()) {
    report_.Differs(kConsentEnd, fmt::format("{} member {}", row.case_number, member.member_id),
                    "a consent runs out, and nobody will look at it");
  }
  return absl::OkStatus();
}

absl::Status ReadModelCheck::CheckTimeline(const CaseRow& row, std::string_view case_part) {
  return timelines_.OfCase(case_part, [&](const kv::Entry& entry) {
    const absl::StatusOr<TimelinePlace> place = ReadTimelineKey(entry.key);
    if (!report_.Holds(place.status(), kTimeline, kv::DebugPrintKey(entry.key))) return;
    const std::string subject = fmt::format("{} event {}", row.case_number, place->event_number);
    report_.Holds(DecodeEntry(*place, entry.value).status(), kTimeline, subject);
    if (!IsTaken(place->log, place->event_number)) {
      report_.Differs(kTimeline, subject, "is of an event that was not taken in");
    }
  });
}

absl::Status ReadModelCheck::ExpectWhatReadersSee(const CaseRow& row) {
  const std::map<Scope, CaseView> views = ViewsOf(row);
  for (const auto& [key, listed] : ListRowsOf(views)) {
    RETURN_IF_ERROR(
        lists_.Expect({ListKeyBytes(key), EncodeList(listed), std::nullopt, row.case_number}));
  }
  if (const auto home = views.find({ScopeKind::kHome, ""}); home != views.end()) {
    RETURN_IF_ERROR(home_statuses_.Expect({HomeStatusKey(row.case_number),
                                           EncodeHomeStatus(HomeStatusOf(home->second)),
                                           std::nullopt, row.case_number}));
  }
  for (const auto& [scope, view] : views) {
    for (const auto& [key, cell] : CellsOf(scope, view)) cells_[key].Add(cell, 1);
  }
  return absl::OkStatus();
}

absl::Status ReadModelCheck::FinishIndexes() {
  RETURN_IF_ERROR(lists_.Finish([this](const kv::Entry& row) -> absl::StatusOr<std::string> {
    const absl::StatusOr<ListRow> listed = DecodeList(row.value);
    if (!listed.ok()) return std::string(listed.status().message());
    v1::CaseSummary summary;
    if (!summary.ParseFromString(listed->summary)) return std::string("a summary is damaged");
    ASSIGN_OR_RETURN(const std::optional<CaseRow> of, ReadCase(summary.case_number()));
    if (of.has_value()) {
      for (const auto& [key, wanted] : ListRowsOf(ViewsOf(*of))) {
        if (ListKeyBytes(key) == row.key) return std::string();
      }
    }
    return std::string(kNotAskedFor);
  }));
  RETURN_IF_ERROR(
      home_statuses_.Finish([this](const kv::Entry& row) -> absl::StatusOr<std::string> {
        const absl::StatusOr<std::string> number = ReadNameKey(kHomeStatusesTable, row.key);
        if (!number.ok()) return std::string(number.status().message());
        ASSIGN_OR_RETURN(const std::optional<CaseRow> of, ReadCase(*number));
        const bool kept = of.has_value() && of->home_here && of->known();
        return kept ? std::string() : std::string(kNotAskedFor);
      }));
  return bands_.Finish([this](const kv::Entry& row) -> absl::StatusOr<std::string> {
    const absl::StatusOr<BandEnd> band = ReadBandKey(row.key);
    if (!band.ok()) return std::string(band.status().message());
    ASSIGN_OR_RETURN(const std::optional<CaseRow> of, ReadCase(band->case_number));
    if (of.has_value() && EndOfBand(of->began_at(), of->open_band) == band->at) {
      return std::string();
    }
    return std::string(kNotAskedFor);
  });
}

absl::Status ReadModelCheck::CheckCells() {
  std::erase_if(cells_, [](const auto& one) { return one.second.empty(); });
  RETURN_IF_ERROR(rows_.ForEach(check::TablePrefix(kCellsTable), [this](const kv::Entry& entry) {
    report_.Looked(kCell);
    const absl::StatusOr<CellKey> key = ReadCellKey(entry.key);
    if (!report_.Holds(key.status(), kCell, kv::DebugPrintKey(entry.key))) return absl::OkStatus();
    const absl::StatusOr<Cell> cell = DecodeCell(entry.value);
    const auto counted = cells_.find(*key);
    const Cell wanted = counted == cells_.end() ? Cell() : counted->second;
    if (report_.Holds(cell.status(), kCell, NameOf(*key)) && *cell != wanted) {
      report_.Differs(kCell, NameOf(*key),
                      fmt::format("counts {} cases and {} workers, and there are {} and {}",
                                  cell->cases, cell->workers, wanted.cases, wanted.workers));
    }
    if (counted != cells_.end()) cells_.erase(counted);
    return absl::OkStatus();
  }));
  for (const auto& [key, cell] : cells_) {
    report_.Differs(kCell, NameOf(key),
                    fmt::format("is missing, and should count {} cases", cell.cases));
  }
  return absl::OkStatus();
}

absl::Status ReadModelCheck::CheckTracking() {
  return rows_.ForEach(
      check::TablePrefix(kTrackingTable), [this](const kv::Entry& entry) -> absl::Status {
        report_.Looked(kTracking);
        const absl::StatusOr<TrackedMember> tracked = DecodeTracked(entry.value);
        const std::string commit = fmt::format("of commit {}", entry.version);
        if (!report_.Holds(tracked.status(), kTracking, commit)) {
          return absl::OkStatus();
        }
        ASSIGN_OR_RETURN(const bool there, HasMember(tracked->case_number, tracked->member_id));
        if (!there) {
          report_.Differs(kTracking, tracked->case_number, "leads to a member who is not there");
        }
        return absl::OkStatus();
      });
}

absl::Status ReadModelCheck::CheckConsentEnds() {
  return rows_.ForEach(
      check::TablePrefix(kConsentEndsTable), [this](const kv::Entry& entry) -> absl::Status {
        report_.Looked(kConsentEnd);
        const absl::StatusOr<ConsentEnd> end = ReadConsentEndKey(entry.key);
        if (!report_.Holds(end.status(), kConsentEnd, kv::DebugPrintKey(entry.key))) {
          return absl::OkStatus();
        }
        ASSIGN_OR_RETURN(const bool there, HasMember(end->case_number, end->member_id));
        if (!there) {
          report_.Differs(kConsentEnd, end->case_number, "is of a member who is not there");
        }
        return absl::OkStatus();
      });
}

absl::Status ReadModelCheck::CheckChanges() {
  for (const Log log : {Log::kIntake, Log::kReferral}) {
    RETURN_IF_ERROR(rows_.ForEach(ChangePrefix(log), [&](const kv::Entry& entry) -> absl::Status {
      report_.Looked(kChange);
      const absl::StatusOr<uint64_t> number = ReadChangeKey(entry.key);
      if (!report_.Holds(number.status(), kChange, kv::DebugPrintKey(entry.key))) {
        return absl::OkStatus();
      }
      const std::string subject = fmt::format("log {} event {}", static_cast<int>(log), *number);
      const absl::StatusOr<Change> change = DecodeChange(*number, entry.value);
      if (!report_.Holds(change.status(), kChange, subject)) return absl::OkStatus();
      if (!IsTaken(log, *number)) {
        report_.Differs(kChange, subject, "is of an event that was not taken in");
      }
      ASSIGN_OR_RETURN(const std::optional<kv::Entry> of, rows_.Get(CaseKey(change->case_number)));
      if (!of.has_value()) report_.Differs(kChange, subject, "is of a case that is not there");
      return absl::OkStatus();
    }));
  }
  return absl::OkStatus();
}

}  // namespace redress::status
