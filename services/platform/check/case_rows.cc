#include "services/platform/check/case_rows.h"

#include "services/platform/kv/key_codec.h"
#include "services/platform/status/status_macros.h"

namespace redress::check {

CaseRows::CaseRows(StoreRows& rows, uint8_t table, std::string name, Report& report)
    : cursor_(rows, TablePrefix(table)), name_(std::move(name)), report_(report) {}

absl::Status CaseRows::OfCase(std::string_view case_part, const Take& take) {
  while (cursor_.at() != nullptr) {
    if (cursor_.rest().starts_with(case_part)) {
      report_.Looked(name_);
      take(*cursor_.at());
      RETURN_IF_ERROR(cursor_.Next());
    } else if (cursor_.rest() < case_part) {
      RETURN_IF_ERROR(ReportStray());
    } else {
      break;
    }
  }
  return absl::OkStatus();
}

absl::Status CaseRows::Finish() {
  while (cursor_.at() != nullptr) RETURN_IF_ERROR(ReportStray());
  return absl::OkStatus();
}

absl::Status CaseRows::ReportStray() {
  report_.Looked(name_);
  report_.Differs(name_, kv::DebugPrintKey(cursor_.at()->key), "belongs to no case");
  return cursor_.Next();
}

}  // namespace redress::check
