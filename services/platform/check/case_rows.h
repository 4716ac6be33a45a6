#ifndef REDRESS_SERVICES_PLATFORM_CHECK_CASE_ROWS_H_
#define REDRESS_SERVICES_PLATFORM_CHECK_CASE_ROWS_H_

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <utility>

#include "absl/status/status.h"
#include "services/platform/check/report.h"
#include "services/platform/check/store_rows.h"
#include "services/platform/kv/store.h"

namespace redress::check {

// The rows that one table has of each case, gone through in the order of the cases. What belongs to
// no case is reported. Not thread-safe.
class CaseRows {
 public:
  // `rows` and `report` outlive this.
  CaseRows(StoreRows& rows, uint8_t table, std::string name, Report& report);

  absl::Status Start() { return cursor_.Start(); }
  // Each row of the case whose keys go on with `case_part` after the table, in order. REQUIRES:
  // cases come in rising order.
  using Take = std::function<void(const kv::Entry& entry)>;
  absl::Status OfCase(std::string_view case_part, const Take& take);
  // Behind the last case.
  absl::Status Finish();

  const std::string& name() const { return name_; }

 private:
  absl::Status ReportStray();

  RowCursor cursor_;
  const std::string name_;
  Report& report_;
};

}  // namespace redress::check

#endif  // REDRESS_SERVICES_PLATFORM_CHECK_CASE_ROWS_H_
