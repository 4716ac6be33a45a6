// AmendComplaint: replaces named parts of what was filed and keeps what stood there.

#include <set>
#include <utility>

#include "services/intake/app/amendment.h"
#include "services/intake/app/case_tally.h"
#include "services/intake/app/case_verbs.h"
#include "services/intake/app/ledger_posting.h"
#include "services/intake/app/member_intake.h"
#include "services/intake/app/member_loading.h"
#include "services/intake/app/verb_call.h"
#include "services/intake/domain/validate_complaint.h"
#include "services/platform/status/refusal.h"
#include "services/platform/status/status_macros.h"

namespace redress::intake {
namespace {

constexpr size_t kAmendmentReasonBytes = 1'000;
constexpr size_t kMembersAtOnce = 200;

void ReindexHead(const VerbCall& call, const Complaint& complaint,
                 const std::vector<GroupMember>& members, CaseChange& change) {
  CaseHead& head = change.after;
  for (uint64_t key : head.similarity_keys) {
    call.context().cases.DeleteSimilarity(change.changes, head.case_number, key);
  }
  head.similarity_keys = IndexSimilar(call, complaint, members, kMaxHeadSimilarityKeys, change);
}

// The history keeps what stood there; a sensitive narrative lies apart from the rest of it.
void KeepPrevious(const VerbCall& call, const std::vector<std::string>& paths,
                  const Complaint& before, CaseChange& change, HistoryRow& history) {
  history.previous_complaint.emplace();
  CopyParts(paths, before, *history.previous_complaint);
  history.previous_complaint->sensitive_narrative.clear();
  if (Names(paths, "sensitive_narrative")) {
    call.context().cases.PutFormerSensitiveNarrative(change.changes, change.after.case_number,
                                                     *change.key, change.after.amendment_count,
                                                     before.sensitive_narrative);
  }
}

void AddAmendmentWarnings(const Suggestions& before, CaseChange& change) {
  const CaseHead& head = change.after;
  if (before.urgency.urgency != head.suggestions.urgency.urgency) {
    change.answer.warnings.push_back(
        {"URGENCY_SUGGESTION_CHANGED", "", "The facts now suggest another urgency than before."});
  }
  if (!head.open_referral_ids.empty()) {
    change.answer.warnings.push_back(
        {"REFERRAL_CAN_BE_UPDATED", "", "An open referral still holds what was filed before."});
  }
}

HistoryRow BeginAmendment(const AmendCommand& command, CaseChange& change) {
  HistoryRow history;
  history.verb = "AMEND";
  history.paths = command.paths;
  history.amendment_number = ++change.after.amendment_count;
  history.note = command.reason;
  change.answer.amendment_number = history.amendment_number;
  return history;
}

// The only member of an individual case, whose keys stand with the head's; none for a group.
async::Task<absl::StatusOr<std::vector<GroupMember>>> IndexedWithHead(const VerbCall& call,
                                                                      const CaseChange& change) {
  std::vector<GroupMember> members;
  if (change.after.scope == "GROUP") co_return members;
  const absl::StatusOr<RowPage<MemberRow>> first =
      co_await call.context().cases.ReadMembers(change.after.case_number, 0, 1);
  CO_RETURN_IF_ERROR(first.status());
  for (const MemberRow& row : first->rows) {
    CO_ASSIGN_OR_RETURN(GroupMember member, call.context().cases.OpenMember(
                                                change.after.case_number, *change.key, row));
    members.push_back(std::move(member));
  }
  co_return members;
}

async::Task<absl::Status> AmendHead(const VerbCall& call, const AmendCommand& command,
                                    FieldViolations violations, CaseChange& change) {
  CaseStore& cases = call.context().cases;
  CaseHead& head = change.after;
  absl::StatusOr<Complaint> before =
      co_await cases.ReadComplaint(head.case_number, change.key, true, true);
  CO_RETURN_IF_ERROR(before.status());
  Complaint amended = *before;
  CopyParts(command.paths, *command.complaint, amended);
  ValidateComplaint(amended, "complaint", call.validation(), violations);
  CO_RETURN_IF_ERROR(violations.ToStatus());
  WriteAmountsInFull(amended, call.context().codes);
  const absl::StatusOr<std::vector<GroupMember>> members = co_await IndexedWithHead(call, change);
  CO_RETURN_IF_ERROR(members.status());

  const Suggestions suggested = head.suggestions;
  HistoryRow history = BeginAmendment(command, change);
  KeepPrevious(call, command.paths, *before, change, history);
  DescribeComplaint(amended, head);
  ReindexHead(call, amended, *members, change);
  cases.PutComplaint(change.changes, head.case_number, *change.key, amended,
                     Names(command.paths, "narrative"),
                     Names(command.paths, "sensitive_narrative"));
  AddAmendmentWarnings(suggested, change);
  change.events.push_back(
      CaseAmended{history.amendment_number, command.paths, DimensionsOf(head), std::nullopt, {}});
  AddHistory(call, change, std::move(history));
  co_return absl::OkStatus();
}

// Of `keys`, those by which nobody else in the case is found: two members may have one telephone.
async::Task<absl::StatusOr<std::set<uint64_t>>> OnlyOf(const VerbCall& call, CaseNumber number,
                                                       uint32_t ordinal, std::set<uint64_t> keys) {
  uint32_t last = 0;
  bool more = true;
  while (more && !keys.empty()) {
    const absl::StatusOr<RowPage<MemberRow>> page =
        co_await call.context().cases.ReadMembers(number, last, kMembersAtOnce);
    CO_RETURN_IF_ERROR(page.status());
    for (const MemberRow& row : page->rows) {
      last = row.ordinal;
      if (row.ordinal == ordinal) continue;
      for (uint64_t key : row.similarity_keys) keys.erase(key);
    }
    more = page->more;
  }
  co_return keys;
}

// A member's own similarity keys, which an individual's share with the head.
async::Task<absl::Status> ReindexMember(const VerbCall& call, const Complaint& complaint,
                                        const GroupMember& member, MemberRow& row,
                                        CaseChange& change) {
  const CaseNumber number = change.after.case_number;
  if (change.after.scope != "GROUP") {
    ReindexHead(call, complaint, {member}, change);
    co_return absl::OkStatus();
  }
  std::set<uint64_t> gone(row.similarity_keys.begin(), row.similarity_keys.end());
  row.similarity_keys = IndexSimilar(call, Complaint(), {member}, kMaxMemberSimilarityKeys, change);
  for (uint64_t key : row.similarity_keys) gone.erase(key);
  absl::StatusOr<std::set<uint64_t>> nobodys =
      co_await OnlyOf(call, number, row.ordinal, std::move(gone));
  CO_RETURN_IF_ERROR(nobodys.status());
  for (uint64_t key : *nobodys) call.context().cases.DeleteSimilarity(change.changes, number, key);
  co_return absl::OkStatus();
}

async::Task<absl::Status> AmendMember(const VerbCall& call, const AmendCommand& command,
                                      FieldViolations violations, MemberRow row,
                                      CaseChange& change) {
  CaseStore& cases = call.context().cases;
  CaseHead& head = change.after;
  CO_ASSIGN_OR_RETURN(const GroupMember before,
                      cases.OpenMember(head.case_number, *change.key, row));
  GroupMember amended = before;
  CopyParts(command.paths, *command.member, amended);
  ValidateMember(amended, "member", call.validation(), violations);
  CO_RETURN_IF_ERROR(violations.ToStatus());
  WriteAmountsInFull(amended, call.context().codes);
  const absl::StatusOr<Complaint> complaint =
      co_await cases.ReadComplaint(head.case_number, change.key, false, false);
  CO_RETURN_IF_ERROR(complaint.status());

  const Suggestions suggested = head.suggestions;
  CountOut(row, call.today(), head);
  head.member_facts.Remove(before, call.today());
  DescribeMember(amended, row);
  CountIn(row, call.today(), head);
  head.member_facts.Add(amended, call.today());
  std::vector<PostedEntry> posted;
  if (Names(command.paths, "claim_lines")) {
    absl::StatusOr<std::vector<PostedEntry>> replaced =
        co_await ReplaceClaims(call, amended, row, change);
    CO_RETURN_IF_ERROR(replaced.status());
    posted = *std::move(replaced);
  }
  DescribeComplaint(*complaint, head);
  CO_RETURN_IF_ERROR(co_await ReindexMember(call, *complaint, amended, row, change));
  cases.SealMember(head.case_number, *change.key, amended, row);
  cases.PutMember(change.changes, head.case_number, row);

  HistoryRow history = BeginAmendment(command, change);
  history.member_ids = {row.member_id};
  history.previous_member.emplace();
  CopyParts(command.paths, before, *history.previous_member);
  AddAmendmentWarnings(suggested, change);
  change.events.push_back(CaseAmended{history.amendment_number, command.paths, DimensionsOf(head),
                                      DimensionsOf(row, call.context(), call.today()),
                                      posted.empty() ? std::vector<MoneyTotals>() : head.totals});
  if (!posted.empty()) change.events.push_back(MoneyRecorded{std::move(posted), head.totals});
  AddHistory(call, change, std::move(history));
  co_return absl::OkStatus();
}

}  // namespace

void NoteFaults(const AmendCommand& command, const ValidationContext& context,
                FieldViolations& violations) {
  FieldChecker check(context, violations);
  check.RequiredText(FieldPath("reason"), command.reason, kAmendmentReasonBytes);
  if (command.complaint.has_value() == command.member.has_value()) {
    violations.Add("complaint", "exactly one of complaint and member is required");
  } else if (command.complaint.has_value()) {
    CheckHeadPaths(command.paths, violations);
  } else {
    CheckMemberPaths(command.paths, violations);
    if (command.member->member_id.empty()) violations.Add("member.member_id", "is required");
  }
}

async::Task<absl::StatusOr<VerbAnswer>> CaseVerbs::AmendComplaint(Caller caller, RequestMark mark,
                                                                  AmendCommand command) {
  VerbCall call(context_, "AmendComplaint", std::move(caller), std::move(mark));
  absl::StatusOr<std::optional<VerbAnswer>> answered = co_await call.FindAnswer();
  CO_RETURN_IF_ERROR(answered.status());
  if (answered->has_value()) co_return **std::move(answered);
  FieldViolations violations;
  NoteFaults(command, call.validation(), violations);
  if (command.complaint.has_value() == command.member.has_value()) co_return violations.ToStatus();
  // What is given is checked together with what is stored. A request that is wrong by itself goes
  // on until that is loaded, so that one answer names all of it; it is never told anything else.
  const auto refuse = [&violations](absl::Status status) {
    return violations.empty() ? status : violations.ToStatus();
  };
  absl::StatusOr<StoredCase> stored = co_await call.LoadCase(command.target);
  if (!stored.ok()) co_return refuse(stored.status());
  const CaseNumber number = stored->head.case_number;
  std::vector<std::string> ids;
  if (command.member.has_value()) ids.push_back(command.member->member_id.ToString());
  // The head is everybody's: a worker or a representative amends the own part only.
  if (!command.member.has_value() && !CheckOwnMember(call.caller(), "").ok()) {
    co_return refuse(NotFound("member"));
  }
  absl::StatusOr<std::vector<MemberRow>> rows =
      co_await LoadMembers(call, stored->head, std::move(ids));
  if (!rows.ok()) co_return refuse(rows.status());
  absl::Status allowed =
      NextState(stored->head.state, CaseVerb::kAmend, number.ToString()).status();
  if (allowed.ok()) allowed = CheckNotWithdrawn(*rows);
  if (!allowed.ok() && !violations.empty()) co_return violations.ToStatus();
  if (!allowed.ok()) co_return co_await call.Refused(number, std::move(allowed));

  absl::StatusOr<CaseChange> change = co_await call.Change(*std::move(stored));
  CO_RETURN_IF_ERROR(change.status());
  absl::Status amended;
  if (command.member.has_value()) {
    amended = co_await AmendMember(call, command, std::move(violations), std::move(rows->front()),
                                   *change);
  } else {
    amended = co_await AmendHead(call, command, std::move(violations), *change);
  }
  CO_RETURN_IF_ERROR(amended);
  change->answer.suggestions = change->after.suggestions;
  co_return co_await call.Commit(*std::move(change));
}

}  // namespace redress::intake
