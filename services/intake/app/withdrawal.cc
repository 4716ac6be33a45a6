// WithdrawComplaint and ReopenComplaint: how a case, or members of it, are taken back, and the ways
// back from an end.

#include <algorithm>
#include <utility>

#include "services/intake/app/case_tally.h"
#include "services/intake/app/case_verbs.h"
#include "services/intake/app/member_loading.h"
#include "services/intake/app/verb_call.h"
#include "services/intake/domain/case_decisions.h"
#include "services/platform/status/refusal.h"
#include "services/platform/status/status_macros.h"

namespace redress::intake {
namespace {

constexpr size_t kHistoryAtOnce = 100;

// Marks members withdrawn; with `with_case` they come back with the case.
absl::Status WithdrawMembers(const VerbCall& call, std::vector<MemberRow>& rows, bool with_case,
                             CaseChange& change) {
  CaseHead& head = change.after;
  CaseStore& cases = call.context().cases;
  for (MemberRow& row : rows) {
    CountOut(row, call.today(), head);
    row.withdrawal = MarkWithdrawal(head.state, call.now(), call.context().life_cycle);
    row.withdrawn_with_case = with_case;
    ++head.withdrawn_count;
    ASSIGN_OR_RETURN(const GroupMember member,
                     cases.OpenMember(head.case_number, *change.key, row));
    head.member_facts.Remove(member, call.today());
    cases.PutMember(change.changes, head.case_number, row);
  }
  return absl::OkStatus();
}

absl::Status BringMembersBack(const VerbCall& call, std::vector<MemberRow>& rows,
                              CaseChange& change) {
  CaseHead& head = change.after;
  CaseStore& cases = call.context().cases;
  for (MemberRow& row : rows) {
    row.withdrawal.reset();
    row.withdrawn_with_case = false;
    --head.withdrawn_count;
    CountIn(row, call.today(), head);
    ASSIGN_OR_RETURN(const GroupMember member,
                     cases.OpenMember(head.case_number, *change.key, row));
    head.member_facts.Add(member, call.today());
    cases.PutMember(change.changes, head.case_number, row);
  }
  return absl::OkStatus();
}

void AddWithdrawalWarnings(const std::string& reason, CaseChange& change) {
  if (reason == "PRESSURE") {
    change.answer.warnings.push_back(
        {"WITHDRAWN_UNDER_PRESSURE", "reason", "Look at whether the worker is safe."});
  }
  if (!OpenBalances(change.after.totals).empty()) {
    change.answer.warnings.push_back(
        {"MONEY_STILL_OWED", "", "Money is owed in this case and was not received."});
  }
}

std::vector<MemberId> IdsOf(const std::vector<MemberRow>& rows) {
  std::vector<MemberId> ids;
  for (const MemberRow& row : rows) ids.push_back(row.member_id);
  return ids;
}

// Whom the last withdrawal named; nobody when there was none, or when it was of the whole case.
async::Task<absl::StatusOr<std::vector<MemberId>>> NamedByLastWithdrawal(const VerbCall& call,
                                                                         const CaseChange& change) {
  uint64_t before = 0;
  bool more = true;
  while (more) {
    const absl::StatusOr<RowPage<HistoryRow>> page = co_await call.context().cases.ReadHistory(
        change.after.case_number, change.key, before, kHistoryAtOnce);
    CO_RETURN_IF_ERROR(page.status());
    for (const HistoryRow& row : page->rows) {
      if (row.verb == "WITHDRAW") co_return row.member_ids;
    }
    more = page->more;
    if (more) before = page->rows.back().number;
  }
  co_return std::vector<MemberId>();
}

// The members that went with the case when the last of them withdrew.
async::Task<absl::StatusOr<std::vector<MemberRow>>> WithdrawnWithCase(const VerbCall& call,
                                                                      const CaseChange& change) {
  if (change.after.withdrawn_count == 0) co_return std::vector<MemberRow>();
  absl::StatusOr<std::vector<MemberId>> ids = co_await NamedByLastWithdrawal(call, change);
  CO_RETURN_IF_ERROR(ids.status());
  const CaseNumber number = change.after.case_number;
  absl::StatusOr<std::vector<std::optional<MemberRow>>> found =
      co_await call.context().cases.FindMembers(number, change.after.member_count, *std::move(ids));
  CO_RETURN_IF_ERROR(found.status());
  std::vector<MemberRow> members;
  for (std::optional<MemberRow>& member : *found) {
    if (member && member->withdrawn_with_case) members.push_back(*std::move(member));
  }
  co_return members;
}

absl::Status NotWithdrawn(const CaseHead& head) {
  return RefusePrecondition(
      "TRANSITION_NOT_ALLOWED", "only what was withdrawn can have its withdrawal undone",
      {{"state", std::string(CaseStateName(head.state))}, {"verb", "ReopenComplaint"}});
}

// The state that the kind of reopening leads to, or why it is refused.
absl::StatusOr<CaseState> StateAfter(const VerbCall& call, const CaseHead& head,
                                     const ReopeningDecision& decision,
                                     const std::vector<MemberRow>& members) {
  const bool reopen = decision.kind == ReopenKind::kReopen;
  if (reopen && !call.caller().HasRole(auth::Role::kMinistry)) {
    return Refuse(absl::StatusCode::kPermissionDenied, "ROLE_NOT_ALLOWED",
                  "only the ministry reopens a case",
                  {{"verb", "ReopenComplaint"}, {"accepted_roles", "ministry"}});
  }
  RETURN_IF_ERROR(CheckInstructed(call.acts_for_self(), decision.instruction, "ReopenComplaint"));
  if (reopen) {
    std::optional<WithdrawalMark> mark;
    if (head.withdrawal.has_value()) mark = head.withdrawal->mark;
    return ReopenedState(head.state, mark, head.case_number.ToString());
  }
  if (decision.kind == ReopenKind::kContest) {
    return NextState(head.state, CaseVerb::kContest, head.case_number.ToString());
  }
  for (const MemberRow& row : members) {
    if (!row.withdrawn()) return NotWithdrawn(head);
    RETURN_IF_ERROR(UndoWithdrawal(*row.withdrawal, call.now()).status());
  }
  if (head.state != CaseState::kWithdrawn) {
    if (members.empty()) return NotWithdrawn(head);
    return head.state;
  }
  RETURN_IF_ERROR(
      NextState(head.state, CaseVerb::kUndoWithdrawal, head.case_number.ToString()).status());
  if (!head.withdrawal.has_value()) return NotWithdrawn(head);
  return UndoWithdrawal(head.withdrawal->mark, call.now());
}

}  // namespace

async::Task<absl::StatusOr<VerbAnswer>> CaseVerbs::WithdrawComplaint(Caller caller,
                                                                     RequestMark mark,
                                                                     WithdrawCommand command) {
  VerbCall call(context_, "WithdrawComplaint", std::move(caller), std::move(mark));
  absl::StatusOr<std::optional<VerbAnswer>> answered = co_await call.FindAnswer();
  CO_RETURN_IF_ERROR(answered.status());
  if (answered->has_value()) co_return **std::move(answered);
  const WithdrawalDecision& decision = command.decision;
  FieldViolations violations;
  ValidateWithdrawal(decision, call.validation(), violations);
  CO_RETURN_IF_ERROR(violations.ToStatus());
  absl::StatusOr<StoredCase> stored = co_await call.LoadCase(command.target);
  CO_RETURN_IF_ERROR(stored.status());
  const CaseNumber number = stored->head.case_number;
  std::vector<std::string> ids = decision.member_ids;
  // A worker of a group takes back the own part, never everybody's.
  const bool own_part =
      ids.empty() && stored->head.member_count > 1 && !CheckOwnMember(call.caller(), "").ok();
  if (own_part) ids.push_back(call.caller().member_id);
  absl::StatusOr<std::vector<MemberRow>> rows =
      co_await LoadMembers(call, stored->head, std::move(ids));
  CO_RETURN_IF_ERROR(rows.status());
  absl::Status allowed =
      NextState(stored->head.state, CaseVerb::kWithdraw, number.ToString()).status();
  if (allowed.ok()) {
    allowed = CheckInstructed(call.acts_for_self(), decision.instruction, "WithdrawComplaint");
  }
  if (allowed.ok()) allowed = CheckNotWithdrawn(*rows);
  if (!allowed.ok()) co_return co_await call.Refused(number, std::move(allowed));

  absl::StatusOr<CaseChange> change = co_await call.Change(*std::move(stored));
  CO_RETURN_IF_ERROR(change.status());
  CaseHead& head = change->after;
  const WithdrawalMark withdrawn = MarkWithdrawal(head.state, call.now(), context_.life_cycle);
  const bool whole = rows->empty() || head.withdrawn_count + rows->size() == head.member_count;
  CO_RETURN_IF_ERROR(WithdrawMembers(call, *rows, whole, *change));
  HistoryRow history;
  history.verb = "WITHDRAW";
  history.member_ids = IdsOf(*rows);
  history.reason = decision.reason;
  history.undo_until = withdrawn.undo_until;
  history.state_before = head.state;
  history.note = decision.note;
  history.instruction = decision.instruction;
  if (whole) {
    head.state = CaseState::kWithdrawn;
    head.withdrawal = CaseWithdrawal{call.actor(), decision.reason, withdrawn};
  }
  AddWithdrawalWarnings(decision.reason, *change);
  change->answer.undo_until = withdrawn.undo_until;
  change->answer.referral_ids = head.open_referral_ids;
  change->events.push_back(CaseWithdrawn{whole ? std::vector<MemberId>() : history.member_ids,
                                         decision.reason, withdrawn.undo_until,
                                         head.open_referral_ids, DimensionsOf(head)});
  AddHistory(call, *change, std::move(history));
  co_return co_await call.Commit(*std::move(change));
}

async::Task<absl::StatusOr<VerbAnswer>> CaseVerbs::ReopenComplaint(Caller caller, RequestMark mark,
                                                                   ReopenCommand command) {
  VerbCall call(context_, "ReopenComplaint", std::move(caller), std::move(mark));
  absl::StatusOr<std::optional<VerbAnswer>> answered = co_await call.FindAnswer();
  CO_RETURN_IF_ERROR(answered.status());
  if (answered->has_value()) co_return **std::move(answered);
  const ReopeningDecision& decision = command.decision;
  FieldViolations violations;
  ValidateReopening(decision, call.validation(), violations);
  CO_RETURN_IF_ERROR(violations.ToStatus());
  absl::StatusOr<StoredCase> stored = co_await call.LoadCase(command.target);
  CO_RETURN_IF_ERROR(stored.status());
  const CaseNumber number = stored->head.case_number;
  std::vector<std::string> ids = decision.member_ids;
  absl::StatusOr<std::vector<MemberRow>> rows =
      co_await LoadMembers(call, stored->head, std::move(ids));
  CO_RETURN_IF_ERROR(rows.status());
  const absl::StatusOr<CaseState> next = StateAfter(call, stored->head, decision, *rows);
  if (!next.ok()) co_return co_await call.Refused(number, next.status());

  absl::StatusOr<CaseChange> change = co_await call.Change(*std::move(stored));
  CO_RETURN_IF_ERROR(change.status());
  CaseHead& head = change->after;
  // Whichever way a withdrawn case comes back, so do those who went with it.
  const bool whole = rows->empty() && head.state == CaseState::kWithdrawn;
  if (whole) {
    rows = co_await WithdrawnWithCase(call, *change);
    CO_RETURN_IF_ERROR(rows.status());
  }
  head.state = *next;
  CO_RETURN_IF_ERROR(BringMembersBack(call, *rows, *change));
  if (whole && !head.open_referral_ids.empty()) {
    change->answer.warnings.push_back(
        {"REFERRALS_STAY_RECALLED", "", "Referrals recalled by the withdrawal must be made anew."});
  }
  HistoryRow history;
  history.verb = std::string(ReopenKindName(decision.kind));
  history.member_ids = IdsOf(*rows);
  history.note = decision.reason;
  history.instruction = decision.instruction;
  change->events.push_back(CaseReopened{
      history.verb, whole ? std::vector<MemberId>() : history.member_ids, DimensionsOf(head)});
  AddHistory(call, *change, std::move(history));
  co_return co_await call.Commit(*std::move(change));
}

}  // namespace redress::intake
