#include "services/intake/app/approval_verbs.h"

#include <algorithm>
#include <utility>

#include "services/intake/app/ledger_posting.h"
#include "services/intake/app/member_loading.h"
#include "services/intake/app/verb_call.h"
#include "services/intake/domain/approval.h"
#include "services/intake/domain/case_decisions.h"
#include "services/intake/domain/code_lists.h"
#include "services/platform/status/refusal.h"
#include "services/platform/status/status_macros.h"

namespace redress::intake {
namespace {

constexpr size_t kDecisionReasonBytes = 4'000;

// The approval that is asked for, without id and person; good when nothing was noted.
Approval ReadRequest(const RequestApprovalCommand& command, const ValidationContext& context,
                     FieldViolations& violations) {
  FieldChecker check(context, violations);
  Approval approval;
  check.RequiredText(FieldPath("reason"), command.reason, kDecisionReasonBytes);
  CheckMemberIds(check, FieldPath("member_ids"), command.member_ids);
  if (command.consent_override.has_value() == command.write_off.has_value()) {
    violations.Add("subject", "exactly one of consent_override and write_off is required");
  } else if (command.consent_override.has_value()) {
    CheckOverride(check, FieldPath("consent_override"), *command.consent_override);
    approval.consent_override = command.consent_override;
  } else {
    approval.write_off = CheckWriteOff(check, FieldPath("write_off"), *command.write_off);
    if (!command.member_ids.empty()) {
      violations.Add("member_ids", "must be empty with a write-off, which names its own");
    }
  }
  for (const std::string& id : command.member_ids) {
    approval.member_ids.push_back(MemberId::FromTrusted(id));
  }
  return approval;
}

absl::StatusOr<Approval> CheckRequest(const VerbCall& call, const RequestApprovalCommand& command) {
  FieldViolations violations;
  Approval approval = ReadRequest(command, call.validation(), violations);
  RETURN_IF_ERROR(violations.ToStatus());
  return approval;
}

// Good when nothing was noted.
ApprovalDecision ReadDecision(const ApproveCommand& command, const ValidationContext& context,
                              FieldViolations& violations) {
  FieldChecker check(context, violations);
  check.Required(FieldPath("decision"), command.decision, kApprovalDecisions);
  if (!RandomId::Parse(command.approval_id, "approval_id").ok()) {
    violations.Add("approval_id", "is not the id of an approval");
  }
  const bool refused = command.decision == ApprovalDecisionName(ApprovalDecision::kRefused);
  if (refused) {
    check.RequiredText(FieldPath("reason"), command.reason, kDecisionReasonBytes);
  } else {
    check.Text(FieldPath("reason"), command.reason, kDecisionReasonBytes);
  }
  return refused ? ApprovalDecision::kRefused : ApprovalDecision::kApproved;
}

absl::StatusOr<ApprovalDecision> CheckDecision(const VerbCall& call,
                                               const ApproveCommand& command) {
  FieldViolations violations;
  const ApprovalDecision decision = ReadDecision(command, call.validation(), violations);
  RETURN_IF_ERROR(violations.ToStatus());
  return decision;
}

async::Task<absl::StatusOr<std::vector<MemberRow>>> LoadWriteOffMembers(const VerbCall& call,
                                                                        const CaseHead& head,
                                                                        const Approval& approval) {
  std::vector<std::string> ids;
  for (const MemberId& id : approval.member_ids) ids.push_back(id.ToString());
  for (const MemberAmount& one : approval.write_off) {
    const std::string& id = one.member_id.ToString();
    if (std::find(ids.begin(), ids.end(), id) == ids.end()) ids.push_back(id);
  }
  absl::StatusOr<std::vector<MemberRow>> rows = co_await LoadMembers(call, head, std::move(ids));
  co_return rows;
}

// Whether all of it would fit, one amount after another.
absl::Status CheckFits(const VerbCall& call, const Approval& approval,
                       const std::vector<MemberRow>& rows) {
  for (const MemberRow& row : rows) {
    std::vector<MoneyTotals> member = row.totals;
    std::vector<MoneyTotals> scratch = row.totals;
    for (const MemberAmount& one : approval.write_off) {
      if (one.member_id != row.member_id) continue;
      RETURN_IF_ERROR(CheckWriteOffFits(one.amount, member, call.context().codes));
      const LedgerEntry entry{{}, one.member_id, MoneyKind::kWrittenOff, one.amount, {}};
      RETURN_IF_ERROR(Post(entry, nullptr, member, scratch));
    }
  }
  return absl::OkStatus();
}

MoneyRow WrittenOff(const VerbCall& call, const MemberAmount& amount) {
  MoneyRow row;
  row.entry = {NewRandomId(call.context().random),
               amount.member_id,
               MoneyKind::kWrittenOff,
               amount.amount,
               {}};
  row.happened_on = call.today().ToString();
  row.recorded_by = call.actor();
  row.recorded_at = call.now();
  row.posted_at = call.now();
  return row;
}

// Posts an approved write-off; its event comes after that of the decision.
absl::Status PostWriteOff(const VerbCall& call, std::vector<MemberRow> rows, ApprovalRow& approval,
                          CaseChange& change) {
  LedgerPosting posting(call, change);
  for (MemberRow& row : rows) posting.AddMember(std::move(row));
  for (const MemberAmount& one : approval.approval.write_off) {
    MoneyRow row = WrittenOff(call, one);
    approval.entry_ids.push_back(row.entry.entry_id);
    RETURN_IF_ERROR(posting.Post(std::move(row), nullptr));
  }
  posting.Write();
  change.answer.entry_ids = approval.entry_ids;
  change.events.push_back(MoneyRecorded{posting.posted(), change.after.totals});
  return absl::OkStatus();
}

absl::StatusOr<ApprovalRow> Find(std::vector<ApprovalRow> rows, std::string_view id) {
  for (ApprovalRow& row : rows) {
    if (row.approval.approval_id.ToString() == id) return std::move(row);
  }
  return NotFound("approval");
}

}  // namespace

void NoteFaults(const RequestApprovalCommand& command, const ValidationContext& context,
                FieldViolations& violations) {
  ReadRequest(command, context, violations);
}

void NoteFaults(const ApproveCommand& command, const ValidationContext& context,
                FieldViolations& violations) {
  ReadDecision(command, context, violations);
}

async::Task<absl::StatusOr<VerbAnswer>> ApprovalVerbs::RequestApproval(
    Caller caller, RequestMark mark, RequestApprovalCommand command) {
  VerbCall call(context_, "RequestApproval", std::move(caller), std::move(mark));
  absl::StatusOr<std::optional<VerbAnswer>> answered = co_await call.FindAnswer();
  CO_RETURN_IF_ERROR(answered.status());
  if (answered->has_value()) co_return **std::move(answered);
  CO_ASSIGN_OR_RETURN(Approval approval, CheckRequest(call, command));
  absl::StatusOr<StoredCase> stored = co_await call.LoadCase(command.target);
  CO_RETURN_IF_ERROR(stored.status());
  const CaseNumber number = stored->head.case_number;
  const absl::StatusOr<std::vector<MemberRow>> rows =
      co_await LoadWriteOffMembers(call, stored->head, approval);
  CO_RETURN_IF_ERROR(rows.status());
  absl::Status allowed =
      NextState(stored->head.state, CaseVerb::kRequestApproval, number.ToString()).status();
  if (allowed.ok()) allowed = CheckFits(call, approval, *rows);
  if (!allowed.ok()) co_return co_await call.Refused(number, std::move(allowed));

  absl::StatusOr<CaseChange> change = co_await call.Change(*std::move(stored));
  CO_RETURN_IF_ERROR(change.status());
  ApprovalRow row;
  row.approval = std::move(approval);
  row.approval.approval_id = NewRandomId(context_.random);
  row.approval.requested_by = call.actor().subject;
  row.requested_by = call.actor();
  row.requested_at = call.now();
  row.request_reason = command.reason;
  context_.cases.PutApproval(change->changes, number, *change->key, row);
  const std::string id = row.approval.approval_id.ToString();
  change->after.open_approval_ids.push_back(id);
  change->answer.created_id = row.approval.approval_id;
  change->events.push_back(ApprovalRequested{id, std::string(ApprovalKind(row.approval))});
  co_return co_await call.Commit(*std::move(change));
}

async::Task<absl::StatusOr<VerbAnswer>> ApprovalVerbs::Approve(Caller caller, RequestMark mark,
                                                               ApproveCommand command) {
  VerbCall call(context_, "Approve", std::move(caller), std::move(mark));
  absl::StatusOr<std::optional<VerbAnswer>> answered = co_await call.FindAnswer();
  CO_RETURN_IF_ERROR(answered.status());
  if (answered->has_value()) co_return **std::move(answered);
  CO_ASSIGN_OR_RETURN(const ApprovalDecision decision, CheckDecision(call, command));
  absl::StatusOr<StoredCase> stored = co_await call.LoadCase(command.target);
  CO_RETURN_IF_ERROR(stored.status());
  const CaseNumber number = stored->head.case_number;
  absl::StatusOr<CaseChange> change = co_await call.Change(*std::move(stored));
  CO_RETURN_IF_ERROR(change.status());
  absl::StatusOr<std::vector<ApprovalRow>> rows =
      co_await context_.cases.ReadApprovals(number, change->key);
  CO_RETURN_IF_ERROR(rows.status());
  CO_ASSIGN_OR_RETURN(ApprovalRow row, Find(*std::move(rows), command.approval_id));
  absl::Status decided = Decide(row.approval, decision, call.actor().subject);
  if (!decided.ok()) co_return co_await call.Refused(number, std::move(decided));
  const bool write_off = decision == ApprovalDecision::kApproved && !row.approval.write_off.empty();
  change->events.push_back(ApprovalDecided{
      command.approval_id, std::string(ApprovalKind(row.approval)), command.decision});
  if (write_off) {
    absl::StatusOr<std::vector<MemberRow>> members =
        co_await LoadWriteOffMembers(call, change->after, row.approval);
    CO_RETURN_IF_ERROR(members.status());
    absl::Status fits = CheckFits(call, row.approval, *members);
    if (!fits.ok()) co_return co_await call.Refused(number, std::move(fits));
    CO_RETURN_IF_ERROR(PostWriteOff(call, *std::move(members), row, *change));
  }
  row.decided_by = call.actor();
  row.decided_at = call.now();
  row.decision_reason = command.reason;
  std::erase(change->after.open_approval_ids, command.approval_id);
  context_.cases.PutApproval(change->changes, number, *change->key, row);
  co_return co_await call.Commit(*std::move(change));
}

}  // namespace redress::intake
