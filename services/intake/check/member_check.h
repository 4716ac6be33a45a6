#ifndef REDRESS_SERVICES_INTAKE_CHECK_MEMBER_CHECK_H_
#define REDRESS_SERVICES_INTAKE_CHECK_MEMBER_CHECK_H_

#include <cstdint>
#include <map>
#include <set>
#include <string>
#include <vector>

#include "services/intake/app/records.h"
#include "services/platform/check/report.h"
#include "services/platform/kv/store.h"
#include "services/platform/time/date.h"

namespace redress::intake {

// What a report calls a case's own row.
inline constexpr char kCase[] = "case";

// Counts the members of one case anew and compares. Not thread-safe; make one for each case.
class MemberCheck {
 public:
  // Borrowed, and outlive this. Consents count as on `day`, no earlier than the last change.
  MemberCheck(const CaseHead& head, Date day, check::Report& report);

  void TakeMember(const kv::Entry& entry);
  void TakeIds(const kv::Entry& entry);
  // After all rows: compares with the head.
  void Finish();

  // Sums as kept with each member.
  const std::map<MemberId, std::vector<MoneyTotals>>& totals() const { return totals_; }
  // Look-alike keys of members.
  const std::set<uint64_t>& similarity_keys() const { return similarity_keys_; }

 private:
  void Differs(std::string problem);
  void CompareTallies();

  const CaseHead& head_;
  const Date day_;
  check::Report& report_;
  const std::string subject_;
  CaseHead counted_;
  std::vector<MemberId> ids_;       // By ordinal, from rows.
  std::vector<MemberId> findable_;  // By ordinal, from the rows that they are found by.
  std::map<MemberId, std::vector<MoneyTotals>> totals_;
  std::set<uint64_t> similarity_keys_;
};

}  // namespace redress::intake

#endif  // REDRESS_SERVICES_INTAKE_CHECK_MEMBER_CHECK_H_
