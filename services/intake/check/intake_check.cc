#include "services/intake/check/intake_check.h"

#include "redress/intake/v1/events.pb.h"
#include "services/intake/check/case_check.h"
#include "services/intake/storage/control_fields.h"
#include "services/intake/storage/keys.h"
#include "services/intake/storage/wire.h"
#include "services/platform/check/journal_check.h"
#include "services/platform/check/store_rows.h"
#include "services/platform/status/status_macros.h"

namespace redress::intake {
namespace {

absl::Status ReadEvent(std::string_view bytes) {
  v1::Event event;
  if (event.ParseFromArray(bytes.data(), static_cast<int>(bytes.size()))) return absl::OkStatus();
  return absl::DataLossError("cannot be read as an event");
}

absl::Status ReadAnswer(const journal::RequestRow& row) {
  VerbAnswer answer;
  return wire::Reader::Decode(row.answer, answer);
}

check::JournalRules Rules() {
  check::JournalRules rules;
  rules.event = ReadEvent;
  rules.request = ReadAnswer;
  for (uint8_t table = keys::kCaseTable; table <= keys::kSimilarTable; ++table) {
    rules.tables.push_back(table);
  }
  return rules;
}

}  // namespace

absl::Status CheckIntake(kv::Store& store, const std::optional<kv::StoreState>& state,
                         const CheckOptions& options, check::Report& report) {
  check::StoreRows rows(store);
  RETURN_IF_ERROR(check::CheckJournal(rows, Rules(), state, report));
  CaseCheck cases(store, rows, options, report);
  RETURN_IF_ERROR(cases.Start());
  RETURN_IF_ERROR(rows.ForEach(check::TablePrefix(keys::kCaseTable),
                               [&](const kv::Entry& entry) { return cases.Take(entry); }));
  return cases.Finish();
}

absl::StatusOr<std::string> HomeNodeOf(kv::Store& store) {
  check::StoreRows rows(store);
  check::RowCursor cases(rows, check::TablePrefix(keys::kCaseTable));
  RETURN_IF_ERROR(cases.Start());
  if (cases.at() == nullptr) return std::string();
  while (cases.at() != nullptr) {
    CaseHead head;
    if (wire::Reader::Decode(cases.at()->value, head).ok()) return head.case_number.home_node();
    RETURN_IF_ERROR(cases.Next());
  }
  return absl::DataLossError("no case can be read");
}

}  // namespace redress::intake
