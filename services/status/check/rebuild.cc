#include "services/status/check/rebuild.h"

#include <functional>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "fmt/format.h"
#include "redress/intake/v1/events.pb.h"
#include "redress/referral/v1/events.pb.h"
#include "services/platform/journal/event_log.h"
#include "services/platform/kv/key_codec.h"
#include "services/platform/status/status_macros.h"
#include "services/platform/time/clock.h"
#include "services/status/app/projector.h"
#include "services/status/clients/event_conversion.h"
#include "services/status/domain/apply.h"
#include "services/status/storage/keys.h"
#include "services/status/storage/kv_read_model.h"
#include "services/status/storage/row_codec.h"

namespace redress::status {
namespace {

constexpr size_t kEventsAtOnce = 200;
constexpr size_t kCommitOperations = 400;

// Reads one log into the scratch store.
class Rebuild {
 public:
  explicit Rebuild(const Sources& sources)
      : executor_(sources.executor),
        model_(MakeReadModel(sources.scratch)),
        projector_(sources.node, kScreeningTime, *model_, clock_) {}

  // Events up to `last`. OUT_OF_RANGE when the log ends before it.
  template <class Proto>
  absl::Status Read(kv::Store& log, uint64_t last) {
    check::StoreRows rows(log);
    uint64_t number = 0;
    while (number < last) {
      ASSIGN_OR_RETURN(const std::vector<journal::LoggedEvent> events,
                       rows.Run(journal::ReadEvents(log, number, kEventsAtOnce)));
      if (events.empty()) {
        return absl::OutOfRangeError(
            fmt::format("has taken in {} events, and its log ends with {}", last, number));
      }
      for (const journal::LoggedEvent& event : events) {
        if (event.number > last) break;
        Proto message;
        if (!message.ParseFromString(event.bytes)) {
          return absl::OutOfRangeError(
              fmt::format("has taken in event {}, which cannot be read", event.number));
        }
        message.set_number(event.number);
        RETURN_IF_ERROR(Take(FromProto(message)));
      }
      number = events.back().number;
    }
    return Commit();
  }

 private:
  template <class Event>
  absl::Status Take(Event event) {
    for (Event& part : Split(std::move(event))) {
      RETURN_IF_ERROR(async::RunToEnd(executor_, projector_.Take(std::move(part), writes_)));
      if (writes_.operations() > kCommitOperations) RETURN_IF_ERROR(Commit());
    }
    return absl::OkStatus();
  }
  absl::Status Commit() {
    if (writes_.empty()) return absl::OkStatus();
    WriteSet taken = std::exchange(writes_, WriteSet());
    return async::RunToEnd(executor_, model_->Commit(std::move(taken)));
  }

  async::ManualExecutor& executor_;
  const std::unique_ptr<ReadModel> model_;
  // The present moves only what is not compared.
  ManualClock clock_{absl::UnixEpoch()};
  Projector projector_;
  WriteSet writes_;
};

// Whether a row that events make says the same as the one that is kept.
using Same = std::function<bool(const kv::Entry& kept, const kv::Entry& made)>;

std::string KeyOf(const kv::Entry& row) { return kv::DebugPrintKey(row.key); }

// Not its key, which is the digest that finds a worker's receipt.
std::string TrackedCaseOf(const kv::Entry& row) {
  const absl::StatusOr<TrackedMember> tracked = DecodeTracked(row.value);
  return tracked.ok() ? tracked->case_number : fmt::format("of commit {}", row.version);
}

// Whose row it is, by its key.
absl::StatusOr<std::string> CaseOfKey(const kv::Entry& row) {
  kv::KeyReader reader(row.key);
  RETURN_IF_ERROR(reader.Byte().status());
  return reader.String();
}

absl::StatusOr<std::string> CaseOfTracked(const kv::Entry& row) {
  ASSIGN_OR_RETURN(TrackedMember tracked, DecodeTracked(row.value));
  return std::move(tracked.case_number);
}

absl::StatusOr<std::string> CaseOfChange(const kv::Entry& row) {
  ASSIGN_OR_RETURN(Change change, DecodeChange(0, row.value));
  return std::move(change.case_number);
}

struct ComparedTable {
  uint8_t table;
  const char* name;
  Same same;
  // Null: of no case.
  absl::StatusOr<std::string> (*case_of)(const kv::Entry& row) = nullptr;
  std::string (*subject)(const kv::Entry& row) = KeyOf;
  // Whether the present may have made a row that events alone do not make.
  bool (*may_be_more)(const kv::Entry& kept) = [](const kv::Entry&) { return false; };
};

using CaseNumbers = std::set<std::string>;

// Adds the cases of the store that are set aside. At which event depends on which of the logs was
// ahead, and with it what else is kept of them.
absl::Status FindSetAside(check::StoreRows& rows, CaseNumbers& found) {
  return rows.ForEach(check::TablePrefix(kCasesTable), [&found](const kv::Entry& entry) {
    const absl::StatusOr<std::string> number = CaseOfKey(entry);
    const absl::StatusOr<CaseRow> row = DecodeCase("", entry.value);
    if (number.ok() && row.ok() && row->set_aside) found.insert(*number);
    return absl::OkStatus();
  });
}

bool IsOfOne(const CaseNumbers& cases, const ComparedTable& compared, const kv::Entry& row) {
  if (cases.empty() || compared.case_of == nullptr) return false;
  const absl::StatusOr<std::string> number = compared.case_of(row);
  return number.ok() && cases.contains(*number);
}

// Goes through a table of both stores side by side, all but the rows of the cases left out.
absl::Status CompareTable(check::StoreRows& kept_rows, check::StoreRows& made_rows,
                          const ComparedTable& compared, const CaseNumbers& left_out,
                          check::Report& report) {
  const char* const name = compared.name;
  check::RowCursor kept(kept_rows, check::TablePrefix(compared.table));
  check::RowCursor made(made_rows, check::TablePrefix(compared.table));
  RETURN_IF_ERROR(kept.Start());
  RETURN_IF_ERROR(made.Start());
  while (kept.at() != nullptr || made.at() != nullptr) {
    const int order = made.at() == nullptr   ? -1
                      : kept.at() == nullptr ? 1
                                             : kept.at()->key.compare(made.at()->key);
    const kv::Entry& first = order <= 0 ? *kept.at() : *made.at();
    const std::string subject = compared.subject(first);
    const bool may_be_more = order < 0 && compared.may_be_more(first);
    if (may_be_more || IsOfOne(left_out, compared, first)) {
      // Nothing can be said of it.
    } else if (order < 0) {
      report.Differs(name, subject, "is a row that no event makes");
    } else if (order > 0) {
      report.Differs(name, subject, "is missing: the events make such a row");
    } else if (!compared.same(*kept.at(), *made.at())) {
      report.Differs(name, subject, "says something else than the events");
    }
    if (order <= 0) RETURN_IF_ERROR(kept.Next());
    if (order >= 0) RETURN_IF_ERROR(made.Next());
  }
  return absl::OkStatus();
}

bool SameBytes(const kv::Entry& kept, const kv::Entry& made) { return kept.value == made.value; }

bool SameCase(const kv::Entry& kept, const kv::Entry& made) {
  const absl::StatusOr<CaseRow> is = DecodeCase("", kept.value);
  absl::StatusOr<CaseRow> wanted = DecodeCase("", made.value);
  if (!is.ok() || !wanted.ok()) return false;
  wanted->open_band = is->open_band;
  wanted->embassy = is->embassy;
  // How long home has to review is an option of the service; whether it is due is not.
  if (is->screening_due != kNoTime && wanted->screening_due != kNoTime) {
    wanted->screening_due = is->screening_due;
  }
  return *is == *wanted;
}

bool SameMember(const kv::Entry& kept, const kv::Entry& made) {
  const absl::StatusOr<MemberRow> is = DecodeMember("", kept.value);
  absl::StatusOr<MemberRow> wanted = DecodeMember("", made.value);
  if (!is.ok() || !wanted.ok()) return false;
  wanted->embassy_lapsed = is->embassy_lapsed;
  return *is == *wanted;
}

// How a case was seen before depends on which of the logs was ahead.
bool SameChange(const kv::Entry& kept, const kv::Entry& made) {
  const absl::StatusOr<Change> is = DecodeChange(0, kept.value);
  const absl::StatusOr<Change> wanted = DecodeChange(0, made.value);
  return is.ok() && wanted.ok() && is->case_number == wanted->case_number &&
         is->entry == wanted->entry;
}

// An event of a case of another node that says nothing new is a change when the case has come into
// the next time band by then.
bool MayBeABand(const kv::Entry& kept) {
  const absl::StatusOr<Change> change = DecodeChange(0, kept.value);
  return change.ok() && !change->entry.has_value();
}

}  // namespace

absl::Status CompareWithEvents(check::StoreRows& rows, ReadModel& model, const Sources& sources,
                               check::Report& report) {
  const absl::StatusOr<Cursor> intake = rows.Run(model.GetCursor(Log::kIntake));
  const absl::StatusOr<Cursor> referral = rows.Run(model.GetCursor(Log::kReferral));
  if (!intake.ok() || !referral.ok()) return absl::OkStatus();  // Was reported.
  if (intake->parts > 0 || referral->parts > 0) {
    report.LeftOut(
        "an event is taken in by half: the read models are not compared with the events");
    return absl::OkStatus();
  }
  Rebuild rebuild(sources);
  absl::Status read = rebuild.Read<intake::v1::Event>(sources.intake, intake->number);
  if (read.ok()) read = rebuild.Read<referral::v1::Event>(sources.referral, referral->number);
  if (absl::IsOutOfRange(read)) {
    report.Holds(read, "cursor", "status");
    return absl::OkStatus();
  }
  RETURN_IF_ERROR(read);
  check::StoreRows made(sources.scratch);
  CaseNumbers set_aside;
  RETURN_IF_ERROR(FindSetAside(rows, set_aside));  // Whoever looked at the store has said it.
  CaseNumbers set_aside_anew;
  RETURN_IF_ERROR(FindSetAside(made, set_aside_anew));
  for (const std::string& number : set_aside_anew) {
    if (!set_aside.insert(number).second) continue;
    report.LeftOut(fmt::format(
        "{} becomes too large when it is made anew: it is not compared with the events", number));
  }
  for (const ComparedTable& compared :
       {ComparedTable{kCasesTable, "case", SameCase, CaseOfKey},
        ComparedTable{kMembersTable, "member", SameMember, CaseOfKey},
        ComparedTable{kPostedTable, "posted", SameBytes, CaseOfKey},
        ComparedTable{kTimelinesTable, "timeline", SameBytes, CaseOfKey},
        ComparedTable{kTrackingTable, "tracking", SameBytes, CaseOfTracked, TrackedCaseOf},
        ComparedTable{kChangesTable, "change", SameChange, CaseOfChange, KeyOf, MayBeABand},
        ComparedTable{kBodiesTable, "body", SameBytes},
        ComparedTable{kLinksTable, "link", SameBytes},
        ComparedTable{kPostingsTable, "posting", SameBytes},
        ComparedTable{kAgreementsTable, "agreement", SameBytes}}) {
    RETURN_IF_ERROR(CompareTable(rows, made, compared, set_aside, report));
  }
  return absl::OkStatus();
}

}  // namespace redress::status
