#ifndef REDRESS_SERVICES_STATUS_CHECK_READ_MODEL_CHECK_H_
#define REDRESS_SERVICES_STATUS_CHECK_READ_MODEL_CHECK_H_

#include <map>
#include <string>
#include <string_view>

#include "absl/status/status.h"
#include "services/platform/check/case_rows.h"
#include "services/platform/check/index_check.h"
#include "services/platform/check/report.h"
#include "services/platform/check/store_rows.h"
#include "services/status/app/read_model.h"

namespace redress::status {

// Holds the read models against the rows of cases, and those against the rows of their members.
// Used once. Not thread-safe.
class ReadModelCheck {
 public:
  // Borrowed, and outlive this.
  ReadModelCheck(check::StoreRows& rows, ReadModel& model, check::Report& report);

  absl::Status Run();

 private:
  absl::Status ReadCursors();
  absl::Status TakeCase(const kv::Entry& entry);
  // Passes by the rows of a case that cannot be read: of those nobody can say anything.
  absl::Status Skip(std::string_view case_part);
  absl::Status CheckMembers(const CaseRow& row, std::string_view case_part);
  absl::Status CheckTimeline(const CaseRow& row, std::string_view case_part);
  absl::Status ExpectConsentEnd(const CaseRow& row, const MemberRow& member);
  // Its rows in lists, the row that it is shown from, and what it adds to the counts.
  absl::Status ExpectWhatReadersSee(const CaseRow& row);
  absl::Status CheckCells();
  absl::Status CheckTracking();
  absl::Status CheckConsentEnds();
  absl::Status CheckChanges();
  absl::Status FinishIndexes();

  // Whether the events of a log have been taken in that far.
  bool IsTaken(Log log, uint64_t number) const;
  absl::StatusOr<bool> HasMember(const std::string& case_number, const std::string& member_id);
  absl::StatusOr<std::optional<CaseRow>> ReadCase(const std::string& case_number);

  check::StoreRows& rows_;
  ReadModel& model_;
  check::Report& report_;
  check::CaseRows members_;
  check::CaseRows timelines_;
  check::IndexCheck lists_;
  check::IndexCheck home_statuses_;
  check::IndexCheck bands_;
  std::map<Log, Cursor> cursors_;
  std::map<CellKey, Cell> cells_;  // As many as there are counts, not cases.
};

}  // namespace redress::status

#endif  // REDRESS_SERVICES_STATUS_CHECK_READ_MODEL_CHECK_H_
