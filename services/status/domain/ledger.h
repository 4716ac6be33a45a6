#ifndef REDRESS_SERVICES_STATUS_DOMAIN_LEDGER_H_
#define REDRESS_SERVICES_STATUS_DOMAIN_LEDGER_H_

#include <vector>

#include "absl/time/time.h"
#include "services/status/domain/apply.h"
#include "services/status/domain/case_data.h"
#include "services/status/domain/events.h"
#include "services/status/domain/timeline.h"

namespace redress::status {

// What Apply does alike with the money of both logs.

// Posts the entries to their members, who changed at that time, and moves the case's tally.
void PostEntries(const std::vector<PostedEntry>& entries, absl::Time at, CaseRows& rows);

// One entry of the timeline for each line, at most kMaxEntriesOfEvent, otherwise like `like`.
std::vector<TimelineEntry> MoneyEntries(const std::vector<MoneyLine>& money,
                                        const TimelineEntry& like);

}  // namespace redress::status

#endif  // REDRESS_SERVICES_STATUS_DOMAIN_LEDGER_H_
