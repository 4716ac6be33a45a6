#ifndef REDRESS_SERVICES_INTAKE_APP_CASE_VERBS_H_
#define REDRESS_SERVICES_INTAKE_APP_CASE_VERBS_H_

#include "absl/status/statusor.h"
#include "services/intake/app/answers.h"
#include "services/intake/app/app_context.h"
#include "services/intake/app/commands.h"
#include "services/platform/async/task.h"

namespace redress::intake {

// The verbs that move a case or change what was filed. Errors are those of the RPCs of the same
// names in redress/intake/v1/intake_service.proto.
class CaseVerbs {
 public:
  explicit CaseVerbs(const AppContext& context) : context_(context) {}

  async::Task<absl::StatusOr<VerbAnswer>> AmendComplaint(Caller caller, RequestMark mark,
                                                         AmendCommand command);
  async::Task<absl::StatusOr<VerbAnswer>> ScreenComplaint(Caller caller, RequestMark mark,
                                                          ScreenCommand command);
  async::Task<absl::StatusOr<VerbAnswer>> WithdrawComplaint(Caller caller, RequestMark mark,
                                                            WithdrawCommand command);
  async::Task<absl::StatusOr<VerbAnswer>> CloseComplaint(Caller caller, RequestMark mark,
                                                         CloseCommand command);
  async::Task<absl::StatusOr<VerbAnswer>> ReopenComplaint(Caller caller, RequestMark mark,
                                                          ReopenCommand command);

 private:
  const AppContext& context_;
};

}  // namespace redress::intake

#endif  // REDRESS_SERVICES_INTAKE_APP_CASE_VERBS_H_
