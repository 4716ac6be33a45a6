#ifndef REDRESS_SERVICES_INTAKE_APP_WHOLE_READS_H_
#define REDRESS_SERVICES_INTAKE_APP_WHOLE_READS_H_

#include <cstddef>
#include <vector>

#include "absl/status/statusor.h"
#include "services/intake/app/case_store.h"
#include "services/platform/async/task.h"

namespace redress::intake {

// Ranges that a rule keeps small enough to be held whole, read in as many pages as they take.
// `cases` outlives the task.

// The first `limit` members, or all there are.
async::Task<absl::StatusOr<std::vector<MemberRow>>> FirstMembers(CaseStore& cases,
                                                                 CaseNumber number, size_t limit);

// All evidence files, of which a case has at most kMaxEvidenceFiles.
async::Task<absl::StatusOr<std::vector<EvidenceRow>>> AllEvidence(CaseStore& cases,
                                                                  CaseNumber number,
                                                                  CaseKeyPtr key);

}  // namespace redress::intake

#endif  // REDRESS_SERVICES_INTAKE_APP_WHOLE_READS_H_
