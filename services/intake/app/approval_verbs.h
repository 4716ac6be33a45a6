#ifndef REDRESS_SERVICES_INTAKE_APP_APPROVAL_VERBS_H_
#define REDRESS_SERVICES_INTAKE_APP_APPROVAL_VERBS_H_

#include "absl/status/statusor.h"
#include "services/intake/app/answers.h"
#include "services/intake/app/app_context.h"
#include "services/intake/app/commands.h"
#include "services/platform/async/task.h"

namespace redress::intake {

// Asking for a second person, and being one. Errors are those of the RPCs of the same names.
class ApprovalVerbs {
 public:
  explicit ApprovalVerbs(const AppContext& context) : context_(context) {}

  // The answer's `created_id` is the approval.
  async::Task<absl::StatusOr<VerbAnswer>> RequestApproval(Caller caller, RequestMark mark,
                                                          RequestApprovalCommand command);

  // An approved write-off is posted in the same commit; `entry_ids` names what was posted.
  async::Task<absl::StatusOr<VerbAnswer>> Approve(Caller caller, RequestMark mark,
                                                  ApproveCommand command);

 private:
  const AppContext& context_;
};

}  // namespace redress::intake

#endif  // REDRESS_SERVICES_INTAKE_APP_APPROVAL_VERBS_H_
