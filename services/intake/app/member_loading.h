#ifndef REDRESS_SERVICES_INTAKE_APP_MEMBER_LOADING_H_
#define REDRESS_SERVICES_INTAKE_APP_MEMBER_LOADING_H_

#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "services/intake/app/records.h"
#include "services/intake/app/verb_call.h"
#include "services/platform/async/task.h"

namespace redress::intake {

// The members that a request names, in its order. NOT_FOUND when one is not of the case, or is
// another than the own for a worker or representative. `call` must outlive the task.
async::Task<absl::StatusOr<std::vector<MemberRow>>> LoadMembers(const VerbCall& call,
                                                                const CaseHead& head,
                                                                std::vector<std::string> ids);

// The same; without any id a worker's or representative's own member, else every member of a case
// with at most 200. INVALID_ARGUMENT for a larger group, which names them.
async::Task<absl::StatusOr<std::vector<MemberRow>>> LoadMembersOrAll(const VerbCall& call,
                                                                     const CaseHead& head,
                                                                     std::vector<std::string> ids);

// FAILED_PRECONDITION MEMBER_WITHDRAWN {member_id} for the first who has.
absl::Status CheckNotWithdrawn(const std::vector<MemberRow>& rows);

// Disclosures of the case that are open, those to `receiver_body_id` only when it is not empty.
async::Task<absl::StatusOr<std::vector<std::string>>> OpenReferralsTo(const VerbCall& call,
                                                                      const CaseHead& head,
                                                                      std::string receiver_body_id);

}  // namespace redress::intake

#endif  // REDRESS_SERVICES_INTAKE_APP_MEMBER_LOADING_H_
