#ifndef REDRESS_SERVICES_INTAKE_APP_MONEY_VERBS_H_
#define REDRESS_SERVICES_INTAKE_APP_MONEY_VERBS_H_

#include "absl/status/statusor.h"
#include "services/intake/app/answers.h"
#include "services/intake/app/app_context.h"
#include "services/intake/app/commands.h"
#include "services/intake/app/views.h"
#include "services/platform/async/task.h"

namespace redress::intake {

// The ledger of a case: posting to it and reading it. Errors are those of the RPCs of the same
// names.
class MoneyVerbs {
 public:
  explicit MoneyVerbs(const AppContext& context) : context_(context) {}

  // The answer holds the ids in request order and the case's sums afterwards. Entries that the
  // node's referral service passes on are posted once by their id, however often they come.
  async::Task<absl::StatusOr<VerbAnswer>> RecordMoney(Caller caller, RequestMark mark,
                                                      RecordMoneyCommand command);

  // `member_id` empty: all members that the caller may see.
  async::Task<absl::StatusOr<MoneyPage>> ListMoney(Caller caller, CaseNumber case_number,
                                                   MemberId member_id, PageRequest page);

 private:
  async::Task<absl::StatusOr<VerbAnswer>> TryRecordMoney(Caller caller, RequestMark mark,
                                                         const RecordMoneyCommand& command);
  async::Task<absl::Status> AddBalances(const CaseHead& head, MoneyPage& page);

  const AppContext& context_;
};

}  // namespace redress::intake

#endif  // REDRESS_SERVICES_INTAKE_APP_MONEY_VERBS_H_
