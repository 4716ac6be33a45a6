#ifndef REDRESS_SERVICES_STATUS_DOMAIN_APPLY_H_
#define REDRESS_SERVICES_STATUS_DOMAIN_APPLY_H_

#include <map>
#include <string>
#include <vector>

#include "absl/time/time.h"
#include "services/status/domain/case_row.h"
#include "services/status/domain/events.h"
#include "services/status/domain/timeline.h"

namespace redress::status {

// Taking in one event, as a pure function: the rows before it in, the rows after it out. Each log
// is taken in in its own order, part after part (Split), each part once; how the two logs are
// interleaved makes no difference to the rows in the end.

// How long home's review of a filed case may take, when the service is not told otherwise.
inline constexpr absl::Duration kScreeningTime = absl::Hours(7 * 24);

struct ApplyContext {
  std::string node;
  // For the time band of a new row, and for consents that have run out by now, only.
  absl::Time now = kNoTime;
  absl::Duration screening_time = kScreeningTime;
};

// The rows that an event changes.
struct CaseRows {
  CaseRow row;
  // One for each of MembersOf(event), absent ones as made by NewMember.
  std::map<std::string, MemberRow> members;
  // The kinds of those of LedgerEntriesOf(event) that were posted before; Apply adds those that it
  // posts. An entry that is posted again changes nothing, nor does one that takes back what was
  // never posted.
  std::map<EntryId, std::string> posted;
};

// Lets the member's consent to attachés run out when its time has come by `now`.
void LapseConsent(absl::Time now, const std::string& member_id, CaseRows& rows);

CaseRow NewCase(const ApplyContext& context, const std::string& case_number);
MemberRow NewMember(const std::string& member_id);

// Give the entries for the timeline: none for what is not shown there, and none for a part of an
// event but the first.
//
// At home, what the destination's side of a loopback referral says is what home's side says too,
// and is left out. REQUIRES: the event is of a case, and of that of `rows`.
std::vector<TimelineEntry> Apply(const ApplyContext& context, const IntakeEvent& event,
                                 CaseRows& rows);
std::vector<TimelineEntry> Apply(const ApplyContext& context, const ReferralEvent& event,
                                 CaseRows& rows);

}  // namespace redress::status

#endif  // REDRESS_SERVICES_STATUS_DOMAIN_APPLY_H_
