#ifndef REDRESS_SERVICES_INTAKE_APP_CASE_TALLY_H_
#define REDRESS_SERVICES_INTAKE_APP_CASE_TALLY_H_

#include <string>
#include <vector>

#include "absl/status/status.h"
#include "services/intake/app/records.h"
#include "services/intake/domain/complaint.h"
#include "services/platform/time/date.h"

namespace redress::intake {

// Keeps the sums and copies that a case's head holds of its rows, change by change, so that nothing
// is ever counted anew over a group of 10,000. Pure functions over values.

// Copies into the head what lists, rights and events read of the complaint, and works out anew what
// its facts suggest. Members are not touched.
void DescribeComplaint(const Complaint& complaint, CaseHead& head);

// Copies into the row what rules read of the member: dimensions and consents.
void DescribeMember(const GroupMember& member, MemberRow& row);

// Adds a member to the head's counts, or takes one out. To change a row, take it out as it was and
// add it as it is. A withdrawn member counts nowhere. EMBASSY consents count from when they are
// given until they are taken back, whatever their last day: rights look at the date again.
void CountIn(const MemberRow& row, const Date& today, CaseHead& head);
void CountOut(const MemberRow& row, const Date& today, CaseHead& head);

// Narrows the head's filing groups to those that this member's consents name as well.
void NarrowFilingGroups(const MemberRow& row, bool first, CaseHead& head);

// Posts one entry to the sums of its member and of the case (money_ledger.h: Post), and keeps count
// of the members who are still owed.
absl::Status PostToTotals(const LedgerEntry& entry, const LedgerEntry* reversed, MemberRow& row,
                          CaseHead& head);

// What index keys say of agencies: "licence:…" and "body:…".
std::vector<std::string> AgencyKeys(const Complaint& complaint);

}  // namespace redress::intake

#endif  // REDRESS_SERVICES_INTAKE_APP_CASE_TALLY_H_
