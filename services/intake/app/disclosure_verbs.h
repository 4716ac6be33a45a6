#ifndef REDRESS_SERVICES_INTAKE_APP_DISCLOSURE_VERBS_H_
#define REDRESS_SERVICES_INTAKE_APP_DISCLOSURE_VERBS_H_

#include <optional>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "services/intake/app/answers.h"
#include "services/intake/app/app_context.h"
#include "services/intake/app/commands.h"
#include "services/intake/app/views.h"
#include "services/intake/domain/disclosure.h"
#include "services/platform/async/task.h"

namespace redress::intake {

// The groups of data that leave of one member; nullopt when the member takes no part. REQUIRES: the
// request's members are in order.
std::optional<FieldGroupSet> DisclosedGroups(const DisclosureRequest& request,
                                             const std::vector<Approval>& approvals,
                                             const Date& today, const MemberRow& row);

// What leaves for a referral, and how that ends. For the node's own referral service; idempotent by
// referral id and disclosure number, so without a request mark. Errors are those of the RPCs.
class DisclosureVerbs {
 public:
  explicit DisclosureVerbs(const AppContext& context) : context_(context) {}

  async::Task<absl::StatusOr<DisclosurePage>> DiscloseComplaint(Caller caller,
                                                                DiscloseCommand command);

  // `commit_number` is that of the settling commit, also on a repetition.
  async::Task<absl::StatusOr<SettledDisclosure>> SettleDisclosure(Caller caller,
                                                                  ReferralId referral_id,
                                                                  std::string outcome);

 private:
  class Call;

  async::Task<absl::StatusOr<DisclosurePage>> TryDisclose(Caller caller,
                                                          const DiscloseCommand& command);
  async::Task<absl::StatusOr<SettledDisclosure>> TrySettle(Caller caller, ReferralId referral_id,
                                                           std::string outcome);

  const AppContext& context_;
};

}  // namespace redress::intake

#endif  // REDRESS_SERVICES_INTAKE_APP_DISCLOSURE_VERBS_H_
