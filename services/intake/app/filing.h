#ifndef REDRESS_SERVICES_INTAKE_APP_FILING_H_
#define REDRESS_SERVICES_INTAKE_APP_FILING_H_

#include <string_view>

#include "absl/status/statusor.h"
#include "services/intake/app/answers.h"
#include "services/intake/app/app_context.h"
#include "services/intake/app/case_serials.h"
#include "services/intake/app/commands.h"
#include "services/platform/async/task.h"

namespace redress::intake {

class VerbCall;

// Filing complaints, and adding members to a group. See IntakeApp for what all verbs share.
class Filing {
 public:
  // `context` outlives it.
  explicit Filing(const AppContext& context);

  // Errors: INVALID_ARGUMENT with every wrong field below "filing"; CONSENT_MISSING;
  // REQUEST_ID_REUSED.
  async::Task<absl::StatusOr<VerbAnswer>> FileComplaint(Caller caller, RequestMark mark,
                                                        ComplaintFiling filing);

  // Errors: INVALID_ARGUMENT; NOT_FOUND; ETAG_STALE; NOT_A_GROUP; GROUP_TOO_LARGE;
  // TRANSITION_NOT_ALLOWED; CONSENT_MISSING.
  async::Task<absl::StatusOr<VerbAnswer>> AddGroupMembers(Caller caller, RequestMark mark,
                                                          AddMembersCommand command);

  // FileComplaint under the name of another verb: ImportComplaints.
  async::Task<absl::StatusOr<VerbAnswer>> File(std::string_view verb, Caller caller,
                                               RequestMark mark, ComplaintFiling filing);

 private:
  static absl::Status CheckMayAdd(const VerbCall& call, const CaseHead& head,
                                  const AddMembersCommand& command);

  const AppContext& context_;
  CaseSerials serials_;
};

}  // namespace redress::intake

#endif  // REDRESS_SERVICES_INTAKE_APP_FILING_H_
