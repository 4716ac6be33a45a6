#ifndef REDRESS_SERVICES_INTAKE_DOMAIN_CASE_STATE_H_
#define REDRESS_SERVICES_INTAKE_DOMAIN_CASE_STATE_H_

#include <cstdint>
#include <string_view>

namespace redress::intake {

// Where a case stands. Numbers are those of redress.intake.v1.CaseState and are stored.
enum class CaseState : uint8_t {
  kUnspecified = 0,
  kFiled = 1,
  kOpen = 2,
  kInadmissible = 3,
  kWithdrawn = 4,
  kClosedResolved = 5,
  kClosedUnresolved = 6,
};

inline constexpr CaseState kCaseStates[] = {
    CaseState::kFiled,     CaseState::kOpen,           CaseState::kInadmissible,
    CaseState::kWithdrawn, CaseState::kClosedResolved, CaseState::kClosedUnresolved};

// "FILED", "CLOSED_RESOLVED" …
std::string_view CaseStateName(CaseState state);

// What can be done to a case as far as its state decides it. Verbs that every state allows
// (consent, evidence, reading) are not here; nor is filing, which has no state before it.
enum class CaseVerb : uint8_t {
  kAdmit,             // ScreenComplaint with admit.
  kFindInadmissible,  // ScreenComplaint without.
  kAmend,
  kAddMembers,
  kWithdraw,
  kCloseResolved,
  kCloseUnresolved,
  kReopen,
  kUndoWithdrawal,
  kContest,
  kRecordMoney,  // By a person; what a destination recorded is posted in every state.
  kRequestApproval,
  kDisclose,
};

inline constexpr CaseVerb kCaseVerbs[] = {
    CaseVerb::kAdmit,           CaseVerb::kFindInadmissible, CaseVerb::kAmend,
    CaseVerb::kAddMembers,      CaseVerb::kWithdraw,         CaseVerb::kCloseResolved,
    CaseVerb::kCloseUnresolved, CaseVerb::kReopen,           CaseVerb::kUndoWithdrawal,
    CaseVerb::kContest,         CaseVerb::kRecordMoney,      CaseVerb::kRequestApproval,
    CaseVerb::kDisclose};

// The verb as the API calls it: "ScreenComplaint", "WithdrawComplaint" …
std::string_view CaseVerbName(CaseVerb verb);

}  // namespace redress::intake

#endif  // REDRESS_SERVICES_INTAKE_DOMAIN_CASE_STATE_H_
