#ifndef REDRESS_SERVICES_INTAKE_CHECK_LEDGER_CHECK_H_
#define REDRESS_SERVICES_INTAKE_CHECK_LEDGER_CHECK_H_

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "services/intake/app/records.h"
#include "services/platform/check/index_check.h"
#include "services/platform/check/report.h"
#include "services/platform/check/store_rows.h"
#include "services/platform/kv/store.h"

namespace redress::intake {

// Posts the ledger of one case anew and compares sums. Not thread-safe; make one for each case.
class LedgerCheck {
 public:
  // Borrowed, and outlive this.
  LedgerCheck(const CaseHead& head, check::StoreRows& rows, check::IndexCheck& index,
              check::Report& report);

  void Take(const kv::Entry& entry);
  // After all batches: compares with the sums that head and members keep, and looks up the rows
  // by which entries are found.
  absl::Status Finish(const std::map<MemberId, std::vector<MoneyTotals>>& members);

 private:
  struct Posted {
    LedgerEntry entry;
    RandomId reversed_by;
  };
  struct Place {
    RandomId entry_id;
    uint64_t first_number = 0;
    uint32_t index = 0;
  };
  using Batch = std::vector<Place>;

  void Post(const MoneyRow& row);
  void CheckReversals();
  absl::Status LookUp(const Batch& batch);
  void Differs(std::string problem);

  const CaseHead& head_;
  check::StoreRows& rows_;
  check::IndexCheck& index_;
  check::Report& report_;
  const std::string subject_;
  uint64_t count_ = 0;
  std::vector<MoneyTotals> totals_;
  std::map<MemberId, std::vector<MoneyTotals>> by_member_;
  std::map<RandomId, Posted> posted_;
  std::vector<Batch> indexed_;  // Batches in which each entry has an index row.
  std::vector<Batch> claimed_;  // Those of claim lines, which may have none.
};

}  // namespace redress::intake

#endif  // REDRESS_SERVICES_INTAKE_CHECK_LEDGER_CHECK_H_
