#include "services/platform/check/journal_check.h"

#include <algorithm>
#include <utility>

#include "fmt/format.h"
#include "services/platform/audit/audit_leaf.h"
#include "services/platform/audit/audit_log.h"
#include "services/platform/journal/keys.h"
#include "services/platform/journal/restored_mark.h"
#include "services/platform/kv/key_codec.h"
#include "services/platform/status/status_macros.h"

namespace redress::check {
namespace {

constexpr char kEvents[] = "event";
constexpr char kAudit[] = "audit";
constexpr char kRequests[] = "request";
constexpr char kRestored[] = "restored";
constexpr char kUnknown[] = "unknown";

// A log whose first number is 1 and from which nothing is ever taken.
class LogCheck {
 public:
  LogCheck(std::string log, const char* table, Report& report)
      : log_(std::move(log)), table_(table), report_(report) {}

  absl::Status Take(const kv::Entry& entry, const absl::Status& readable) {
    report_.Looked(table_);
    const absl::StatusOr<uint64_t> number = kv::LogNumber(log_, entry.key);
    if (!report_.Holds(number.status(), table_, kv::DebugPrintKey(entry.key))) {
      return absl::OkStatus();
    }
    const std::string subject = fmt::format("number {}", *number);
    if (*number != last_ + 1) {
      report_.Differs(table_, subject,
                      fmt::format("the one before it is {}: some are missing", last_));
    }
    if (entry.version < version_) {
      report_.Differs(table_, subject, "is from an earlier commit than the one before it");
    }
    report_.Holds(readable, table_, subject);
    last_ = *number;
    version_ = std::max(version_, entry.version);
    return absl::OkStatus();
  }

  void Finish(const std::optional<kv::StoreState>& state) const {
    if (!state.has_value()) return;
    const auto counter = state->logs.find(log_);
    const uint64_t given = counter == state->logs.end() ? 0 : counter->second;
    if (given != last_) {
      report_.Differs(table_, fmt::format("number {}", last_),
                      fmt::format("is the last one, and numbers up to {} were given", given));
    }
    if (version_ > state->last_commit) {
      report_.Differs(table_, fmt::format("commit {}", version_),
                      fmt::format("the store has come to commit {} only", state->last_commit));
    }
  }

 private:
  const std::string log_;
  const char* const table_;
  Report& report_;
  uint64_t last_ = 0;
  kv::Version version_ = 0;
};

absl::Status CheckEvents(StoreRows& rows, const JournalRules& rules,
                         const std::optional<kv::StoreState>& state, Report& report) {
  LogCheck log(journal::EventLog(), kEvents, report);
  RETURN_IF_ERROR(rows.ForEach(journal::EventLog(), [&](const kv::Entry& entry) {
    return log.Take(entry, rules.event ? rules.event(entry.value)
                                       : absl::DataLossError("this service writes no events"));
  }));
  log.Finish(state);
  return absl::OkStatus();
}

absl::Status CheckAudit(StoreRows& rows, const std::optional<kv::StoreState>& state,
                        Report& report) {
  LogCheck log(audit::AuditLog(), kAudit, report);
  RETURN_IF_ERROR(rows.ForEach(audit::AuditLog(), [&](const kv::Entry& entry) {
    return log.Take(entry, audit::DecodeAuditLeaf(entry.value).status());
  }));
  log.Finish(state);
  return absl::OkStatus();
}

absl::Status ReadRequestKey(std::string_view key) {
  kv::KeyReader reader(key);
  RETURN_IF_ERROR(reader.ExpectTable(journal::kRequestsTable));
  RETURN_IF_ERROR(reader.String().status());
  RETURN_IF_ERROR(reader.String().status());
  return reader.ExpectEnd();
}

absl::Status CheckRequests(StoreRows& rows, const JournalRules& rules, Report& report) {
  return rows.ForEach(TablePrefix(journal::kRequestsTable), [&](const kv::Entry& entry) {
    report.Looked(kRequests);
    // The key names a caller, and is not repeated; the commit is enough to find it.
    const std::string subject = fmt::format("of commit {}", entry.version);
    report.Holds(ReadRequestKey(entry.key), kRequests, subject);
    const absl::StatusOr<journal::RequestRow> row = journal::DecodeRequestRow(entry.value);
    if (!report.Holds(row.status(), kRequests, subject)) return absl::OkStatus();
    report.Holds(rules.request ? rules.request(*row)
                               : absl::DataLossError("this service remembers no answers"),
                 kRequests, subject);
    return absl::OkStatus();
  });
}

absl::Status CheckRestored(StoreRows& rows, Report& report) {
  return rows.ForEach(TablePrefix(journal::kRestoredTable), [&](const kv::Entry& entry) {
    report.Looked(kRestored);
    const std::string subject = kv::DebugPrintKey(entry.key);
    if (entry.key != journal::RestoredMarkKey()) {
      report.Differs(kRestored, subject, "only one row may be there");
    }
    report.Holds(journal::DecodeRestoredMark(entry.value).status(), kRestored, subject);
    return absl::OkStatus();
  });
}

absl::Status CheckTables(StoreRows& rows, const JournalRules& rules, Report& report) {
  std::vector<uint8_t> known = {journal::kEventsTable, journal::kAuditTable,
                                journal::kRequestsTable, journal::kRestoredTable};
  if (rules.has_outboxes) known.push_back(journal::kOutboxTable);
  known.insert(known.end(), rules.tables.begin(), rules.tables.end());
  for (int table = 1; table <= UINT8_MAX; ++table) {
    if (std::find(known.begin(), known.end(), table) != known.end()) continue;
    ASSIGN_OR_RETURN(const kv::ScanPage page,
                     rows.Page(TablePrefix(static_cast<uint8_t>(table)), "", 1));
    if (page.entries.empty()) continue;
    report.Differs(kUnknown, kv::DebugPrintKey(page.entries.front().key),
                   "no table of this service has that number");
  }
  return absl::OkStatus();
}

}  // namespace

absl::Status CheckJournal(StoreRows& rows, const JournalRules& rules,
                          const std::optional<kv::StoreState>& state, Report& report) {
  RETURN_IF_ERROR(CheckEvents(rows, rules, state, report));
  RETURN_IF_ERROR(CheckAudit(rows, state, report));
  RETURN_IF_ERROR(CheckRequests(rows, rules, report));
  RETURN_IF_ERROR(CheckRestored(rows, report));
  return CheckTables(rows, rules, report);
}

}  // namespace redress::check
