#ifndef REDRESS_SERVICES_INTAKE_APP_CONSENT_VERBS_H_
#define REDRESS_SERVICES_INTAKE_APP_CONSENT_VERBS_H_

#include "absl/status/statusor.h"
#include "services/intake/app/answers.h"
#include "services/intake/app/app_context.h"
#include "services/intake/app/commands.h"
#include "services/platform/async/task.h"

namespace redress::intake {

// Recording and revoking what members agreed to. Errors are those of the RPCs of the same names.
class ConsentVerbs {
 public:
  explicit ConsentVerbs(const AppContext& context) : context_(context) {}

  async::Task<absl::StatusOr<VerbAnswer>> RecordConsent(Caller caller, RequestMark mark,
                                                        RecordConsentCommand command);
  async::Task<absl::StatusOr<VerbAnswer>> RevokeConsent(Caller caller, RequestMark mark,
                                                        RevokeConsentCommand command);

 private:
  const AppContext& context_;
};

}  // namespace redress::intake

#endif  // REDRESS_SERVICES_INTAKE_APP_CONSENT_VERBS_H_
