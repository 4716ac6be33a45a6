#ifndef REDRESS_SERVICES_INTAKE_CHECK_CASE_CHECK_H_
#define REDRESS_SERVICES_INTAKE_CHECK_CASE_CHECK_H_

#include <array>
#include <memory>
#include <set>
#include <string>
#include <string_view>

#include "absl/status/status.h"
#include "services/intake/app/records.h"
#include "services/intake/check/intake_check.h"
#include "services/intake/check/sealed_check.h"
#include "services/platform/check/case_rows.h"
#include "services/platform/check/index_check.h"
#include "services/platform/check/report.h"
#include "services/platform/check/store_rows.h"

namespace redress::intake {

// Holds every case against its rows in the other tables and in the indexes. Not thread-safe.
class CaseCheck {
 public:
  // Borrowed, and outlive this.
  CaseCheck(kv::Store& store, check::StoreRows& rows, const CheckOptions& options,
            check::Report& report);

  absl::Status Start();
  // Each row of the table of cases, in order.
  absl::Status Take(const kv::Entry& entry);
  absl::Status Finish();

 private:
  // Passes by the rows of a case whose head cannot be read: of those nobody can say anything.
  absl::Status Skip(std::string_view case_part);
  std::array<check::CaseRows*, 10> Tables();
  absl::Status CheckRows(const CaseHead& head, std::string_view case_part);
  absl::Status CheckFiled(const CaseHead& head, std::string_view case_part);
  absl::Status CheckHistory(const CaseHead& head, std::string_view case_part);
  absl::Status CheckMembersAndMoney(const CaseHead& head, std::string_view case_part);
  absl::Status CheckEvidence(const CaseHead& head, std::string_view case_part);
  absl::Status CheckDisclosures(const CaseHead& head, std::string_view case_part);
  absl::Status CheckApprovals(const CaseHead& head, std::string_view case_part);
  absl::Status CheckLists(const CaseHead& head, kv::Version version);
  absl::Status CheckSimilar(const CaseHead& head, std::set<uint64_t> keys);
  void CheckFile(const CaseHead& head, const EvidenceRow& row);

  absl::Status FinishIndexes();
  absl::StatusOr<std::string> AskList(const kv::Entry& row);
  absl::StatusOr<std::string> AskSimilar(const kv::Entry& row);
  absl::StatusOr<std::string> AskMoney(const kv::Entry& row);
  absl::StatusOr<std::string> AskEvidence(const kv::Entry& row);

  check::StoreRows& rows_;
  const CheckOptions& options_;
  check::Report& report_;
  std::unique_ptr<SealedCheck> sealed_;  // Null without the node's key.
  check::CaseRows case_keys_;
  check::CaseRows complaints_;
  check::CaseRows narratives_;
  check::CaseRows history_;
  check::CaseRows members_;
  check::CaseRows member_ids_;
  check::CaseRows money_;
  check::CaseRows evidence_;
  check::CaseRows disclosures_;
  check::CaseRows approvals_;
  check::IndexCheck money_by_id_;
  check::IndexCheck evidence_by_id_;
  check::IndexCheck lists_;
  check::IndexCheck similar_;
};

}  // namespace redress::intake

#endif  // REDRESS_SERVICES_INTAKE_CHECK_CASE_CHECK_H_
