#ifndef REDRESS_SERVICES_STATUS_CHECK_REBUILD_H_
#define REDRESS_SERVICES_STATUS_CHECK_REBUILD_H_

#include "absl/status/status.h"
#include "services/platform/check/report.h"
#include "services/platform/check/store_rows.h"
#include "services/status/app/read_model.h"
#include "services/status/check/status_check.h"

namespace redress::status {

// Takes the events of both logs into the scratch store as far as status has taken them in, with the
// code of the service, and compares row by row: cases, members, timelines, tracking, changes, and
// what is known beside cases, by which it is decided what an attaché may see. What the present
// moves (time bands, consents that ran out, and the sums that depend on them) is left to
// ReadModelCheck; how a case was seen before a change, which depends on which log was ahead, to
// nobody. An error means that a store cannot be read or the scratch not written.
absl::Status CompareWithEvents(check::StoreRows& rows, ReadModel& model, const Sources& sources,
                               check::Report& report);

}  // namespace redress::status

#endif  // REDRESS_SERVICES_STATUS_CHECK_REBUILD_H_
