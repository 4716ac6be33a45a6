#ifndef REDRESS_SERVICES_INTAKE_DOMAIN_CASE_LIFE_CYCLE_H_
#define REDRESS_SERVICES_INTAKE_DOMAIN_CASE_LIFE_CYCLE_H_

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "services/intake/domain/case_state.h"
#include "services/platform/money/money.h"

namespace redress::intake {

// The case table: from which state which verb leads where. Pure functions over values; who may use
// a verb at all is in access.h.

// The state after `verb`, the same one for verbs that change only content. FAILED_PRECONDITION:
//   TRANSITION_NOT_ALLOWED {state, verb}    the table has no such step
//   CASE_NOT_OPEN {state, case_number}      for kRequestApproval and kDisclose
// Out of kWithdrawn, kUndoWithdrawal and kReopen lead back to a state that only the withdrawal
// knows: use UndoWithdrawal and ReopenedState below; here they answer kWithdrawn, meaning that the
// table holds the step.
absl::StatusOr<CaseState> NextState(CaseState from, CaseVerb verb, std::string_view case_number);

struct LifeCycleRules {
  // How long a withdrawal can be undone; configured per node.
  absl::Duration cooling_off = absl::Hours(7 * 24);
};

// What a withdrawal leaves behind, of the whole case or of one member, so that it can be undone.
struct WithdrawalMark {
  absl::Time withdrawn_at;
  absl::Time undo_until;
  CaseState state_before = CaseState::kUnspecified;

  friend bool operator==(const WithdrawalMark&, const WithdrawalMark&) = default;
};

WithdrawalMark MarkWithdrawal(CaseState state_before, absl::Time now, const LifeCycleRules& rules);

// The state before the withdrawal. FAILED_PRECONDITION COOLING_OFF_OVER {ended_at} once
// `undo_until` has passed; at that very moment it is still possible.
absl::StatusOr<CaseState> UndoWithdrawal(const WithdrawalMark& mark, absl::Time now);

// Where kReopen leads, which has no time limit: a withdrawn case goes back to the state before, so
// that one which was never screened is screened before it is open. REQUIRES: `mark` is set when
// `from` is kWithdrawn; DATA_LOSS otherwise.
absl::StatusOr<CaseState> ReopenedState(CaseState from, const std::optional<WithdrawalMark>& mark,
                                        std::string_view case_number);

// What stands in the way of closing.
struct ClosingFacts {
  std::vector<std::string> open_disclosure_referral_ids;
  std::vector<std::string> open_referral_ids;
  // Owed and neither received nor written off, one per currency, zeros left out.
  std::vector<MoneyAmount> open_balances;
  uint32_t members_with_open_balance = 0;
};

// FAILED_PRECONDITION, the first of: REFERRAL_STILL_OPEN {referral_ids}, DISCLOSURE_OPEN
// {referral_ids}, AWARD_UNPAID {balances, member_count}. An award that is not received keeps a case
// open whatever else has happened, until it is written off by two persons.
absl::Status CheckCanClose(const ClosingFacts& facts, const IsoCodes& codes);

// Joins ids for error metadata: comma-separated, cut after 20.
std::string JoinIds(const std::vector<std::string>& ids);

}  // namespace redress::intake

#endif  // REDRESS_SERVICES_INTAKE_DOMAIN_CASE_LIFE_CYCLE_H_
