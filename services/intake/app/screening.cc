// ScreenComplaint and CloseComplaint: what the ministry decides about a case.

#include <utility>

#include "services/intake/app/case_verbs.h"
#include "services/intake/app/verb_call.h"
#include "services/intake/domain/case_decisions.h"
#include "services/intake/domain/case_life_cycle.h"
#include "services/platform/status/refusal.h"
#include "services/platform/status/status_macros.h"

namespace redress::intake {
namespace {

Screening ScreeningOf(const VerbCall& call, const ScreeningDecision& decision) {
  Screening screening;
  screening.screened_at = call.now();
  screening.screened_by = call.actor();
  screening.admitted = decision.admit;
  screening.primary_category = decision.primary_category.code;
  screening.source_category_code = decision.primary_category.source_category_code;
  for (const Category& category : decision.secondary_categories) {
    screening.secondary_categories.push_back(category.code);
  }
  screening.urgency = decision.urgency;
  screening.forced_labour_indicators = decision.forced_labour_indicators;
  screening.reason = decision.reason;
  return screening;
}

void AddScreeningWarnings(const ScreeningDecision& decision, const CaseHead& head,
                          std::vector<Warning>& warnings) {
  if (!decision.admit) return;
  warnings = UrgencyWarnings(head.suggestions.urgency, decision.urgency);
  for (Warning& warning :
       IndicatorWarnings(head.suggestions.indicators, decision.forced_labour_indicators)) {
    warnings.push_back(std::move(warning));
  }
}

}  // namespace

async::Task<absl::StatusOr<VerbAnswer>> CaseVerbs::ScreenComplaint(Caller caller, RequestMark mark,
                                                                   ScreenCommand command) {
  VerbCall call(context_, "ScreenComplaint", std::move(caller), std::move(mark));
  absl::StatusOr<std::optional<VerbAnswer>> answered = co_await call.FindAnswer();
  CO_RETURN_IF_ERROR(answered.status());
  if (answered->has_value()) co_return **std::move(answered);
  const ScreeningDecision& decision = command.decision;
  const CaseNumber number = command.target.case_number;
  absl::Status permitted = CheckReasonPermitted(decision.reason);
  if (!permitted.ok()) co_return co_await call.Refused(number, std::move(permitted));
  FieldViolations violations;
  ValidateScreening(decision, call.validation(), violations);
  CO_RETURN_IF_ERROR(violations.ToStatus());
  absl::StatusOr<StoredCase> stored = co_await call.LoadCase(command.target);
  CO_RETURN_IF_ERROR(stored.status());
  const CaseVerb verb = decision.admit ? CaseVerb::kAdmit : CaseVerb::kFindInadmissible;
  const absl::StatusOr<CaseState> next = NextState(stored->head.state, verb, number.ToString());
  if (!next.ok()) co_return co_await call.Refused(number, next.status());

  absl::StatusOr<CaseChange> change = co_await call.Change(*std::move(stored));
  CO_RETURN_IF_ERROR(change.status());
  CaseHead& head = change->after;
  head.state = *next;
  head.screening = ScreeningOf(call, decision);
  AddScreeningWarnings(decision, head, change->answer.warnings);
  HistoryRow history;
  history.verb = "SCREEN";
  history.reason = decision.reason;
  history.screening = head.screening;
  history.note = decision.note;
  AddHistory(call, *change, std::move(history));
  change->events.push_back(CaseScreened{decision.admit, decision.reason, DimensionsOf(head)});
  co_return co_await call.Commit(*std::move(change));
}

async::Task<absl::StatusOr<VerbAnswer>> CaseVerbs::CloseComplaint(Caller caller, RequestMark mark,
                                                                  CloseCommand command) {
  VerbCall call(context_, "CloseComplaint", std::move(caller), std::move(mark));
  absl::StatusOr<std::optional<VerbAnswer>> answered = co_await call.FindAnswer();
  CO_RETURN_IF_ERROR(answered.status());
  if (answered->has_value()) co_return **std::move(answered);
  const ClosingDecision& decision = command.decision;
  const CaseNumber number = command.target.case_number;
  FieldViolations violations;
  ValidateClosing(decision, call.validation(), violations);
  CO_RETURN_IF_ERROR(violations.ToStatus());
  absl::StatusOr<StoredCase> stored = co_await call.LoadCase(command.target);
  CO_RETURN_IF_ERROR(stored.status());
  const CaseVerb verb = decision.outcome == CaseState::kClosedResolved ? CaseVerb::kCloseResolved
                                                                       : CaseVerb::kCloseUnresolved;
  const absl::StatusOr<CaseState> next = NextState(stored->head.state, verb, number.ToString());
  if (!next.ok()) co_return co_await call.Refused(number, next.status());
  // Intake knows of referrals by the disclosures opened for them.
  ClosingFacts facts{stored->head.open_referral_ids,
                     {},
                     OpenBalances(stored->head.totals),
                     stored->head.members_with_open_balance};
  absl::Status closable = CheckCanClose(facts, context_.codes);
  if (!closable.ok()) co_return co_await call.Refused(number, std::move(closable));

  absl::StatusOr<CaseChange> change = co_await call.Change(*std::move(stored));
  CO_RETURN_IF_ERROR(change.status());
  change->after.state = *next;
  HistoryRow history;
  history.verb = "CLOSE";
  history.reason = decision.reason;
  history.remedies_obtained = decision.remedies_obtained;
  history.sanctions = decision.sanctions;
  history.note = decision.note;
  AddHistory(call, *change, std::move(history));
  change->events.push_back(
      CaseClosed{decision.remedies_obtained, decision.sanctions, decision.reason});
  co_return co_await call.Commit(*std::move(change));
}

}  // namespace redress::intake
