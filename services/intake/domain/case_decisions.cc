#include "services/intake/domain/case_decisions.h"

#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "services/intake/domain/code_lists.h"
#include "services/intake/domain/validate_parts.h"
#include "services/platform/codes/utf8.h"
#include "services/platform/ids/case_number.h"
#include "services/platform/ids/names.h"
#include "services/platform/status/refusal.h"

namespace redress::intake {
namespace {

using DateKind = FieldChecker::DateKind;
using Future = FieldChecker::Future;

constexpr size_t kNoteBytes = 4'000;

void CheckInstruction(FieldChecker& check, const FieldPath& path,
                      const std::optional<WorkerInstruction>& instruction) {
  if (!instruction) return;
  check.Required(path.Field("how"), instruction->how, kInstructionHows);
  const FieldPath given_on = path.Field("given_on");
  if (instruction->given_on.empty()) check.Wrong(given_on, "is required: a date YYYY-MM-DD");
  check.DateField(given_on, instruction->given_on, DateKind::kWhole, Future::kRefused);
  check.Text(path.Field("note"), instruction->note, 1'000);
}

// A coded reason and the words beside it, which OTHER needs.
void CheckReasonAndNote(FieldChecker& check, const FieldPath& path, std::string_view reason,
                        std::string_view note, const CodeList& reasons) {
  check.Required(path.Field("reason"), reason, reasons);
  if (reason == "OTHER") {
    check.RequiredText(path.Field("note"), note, kNoteBytes);
  } else {
    check.Text(path.Field("note"), note, kNoteBytes);
  }
}

bool IsMediaType(std::string_view text) {
  const size_t slash = text.find('/');
  if (slash == std::string_view::npos || slash == 0 || slash + 1 == text.size()) return false;
  return text.size() <= 100 && std::all_of(text.begin(), text.end(), [](char c) {
           return c > ' ' && c < 0x7f && c != '"' && c != '\\';
         });
}

}  // namespace

void CheckMemberIds(FieldChecker& check, const FieldPath& path,
                    const std::vector<std::string>& member_ids, size_t most) {
  check.AtMost(path, member_ids.size(), most);
  std::set<std::string_view> seen;
  for (size_t i = 0; i < member_ids.size(); ++i) {
    if (!MemberId::Parse(member_ids[i], "").ok()) {
      check.WrongValue(path.Item(i), member_ids[i], "the id of a member");
    } else if (!seen.insert(member_ids[i]).second) {
      check.Wrong(path.Item(i), "is given twice");
    }
  }
}

void ValidateInstruction(const WorkerInstruction& instruction, std::string_view root,
                         const ValidationContext& context, FieldViolations& violations) {
  FieldChecker check(context, violations);
  CheckInstruction(check, FieldPath(root), instruction);
}

absl::Status CheckInstructed(bool acts_for_self,
                             const std::optional<WorkerInstruction>& instruction,
                             std::string_view verb) {
  if (acts_for_self || instruction) return absl::OkStatus();
  return RefusePrecondition("INSTRUCTION_MISSING",
                            fmt::format("{} for a worker must say how the worker said so", verb),
                            {{"verb", std::string(verb)}});
}

void ValidateScreening(const ScreeningDecision& decision, const ValidationContext& context,
                       FieldViolations& violations) {
  FieldChecker check(context, violations);
  const FieldPath path("");
  if (decision.admit) {
    CheckCategories(check, path.Field("primary_category"), decision.primary_category,
                    path.Field("secondary_categories"), decision.secondary_categories);
    check.Required(path.Field("urgency"), decision.urgency, kUrgencies);
    if (!decision.reason.empty()) {
      check.Wrong(path.Field("reason"), "must be empty when the case is admitted");
    }
    check.Text(path.Field("note"), decision.note, kNoteBytes);
  } else {
    CheckReasonAndNote(check, path, decision.reason, decision.note, kInadmissibleReasons);
    check.Optional(path.Field("urgency"), decision.urgency, kUrgencies);
  }
  check.Codes(path.Field("forced_labour_indicators"), decision.forced_labour_indicators,
              kForcedLabourIndicators);
}

absl::Status CheckReasonPermitted(std::string_view reason) {
  if (reason.find("IRREGULAR") == std::string_view::npos) return absl::OkStatus();
  return RefusePrecondition("IRREGULAR_STATUS_IS_NO_REASON",
                            "irregular migration status is never a reason to turn a case away");
}

void ValidateWithdrawal(const WithdrawalDecision& decision, const ValidationContext& context,
                        FieldViolations& violations) {
  FieldChecker check(context, violations);
  const FieldPath path("");
  CheckMemberIds(check, path.Field("member_ids"), decision.member_ids);
  check.Required(path.Field("reason"), decision.reason, kWithdrawalReasons);
  check.Text(path.Field("note"), decision.note, kNoteBytes);
  CheckInstruction(check, path.Field("instruction"), decision.instruction);
}

void ValidateClosing(const ClosingDecision& decision, const ValidationContext& context,
                     FieldViolations& violations) {
  FieldChecker check(context, violations);
  const FieldPath path("");
  const bool resolved = decision.outcome == CaseState::kClosedResolved;
  if (!resolved && decision.outcome != CaseState::kClosedUnresolved) {
    check.WrongValue(path.Field("outcome"), CaseStateName(decision.outcome),
                     "CLOSED_RESOLVED, CLOSED_UNRESOLVED");
  }
  const FieldPath remedies = path.Field("remedies_obtained");
  check.Codes(remedies, decision.remedies_obtained, kRemedies);
  if (resolved && decision.remedies_obtained.empty()) {
    check.Wrong(remedies, "needs at least one of: " + kRemedies.Accepted());
  }
  const FieldPath sanctions = path.Field("sanctions");
  check.Codes(sanctions, decision.sanctions, kSanctions);
  const auto& given = decision.sanctions;
  if (given.size() > 1 && std::find(given.begin(), given.end(), "NONE") != given.end()) {
    check.Wrong(sanctions, "holds NONE beside others");
  }
  if (decision.outcome == CaseState::kClosedUnresolved) {
    CheckReasonAndNote(check, path, decision.reason, decision.note, kUnresolvedReasons);
  } else {
    if (!decision.reason.empty()) {
      check.Wrong(path.Field("reason"), "must be empty unless the outcome is CLOSED_UNRESOLVED");
    }
    check.Text(path.Field("note"), decision.note, kNoteBytes);
  }
}

std::string_view ReopenKindName(ReopenKind kind) {
  switch (kind) {
    case ReopenKind::kUnspecified:
      return "UNSPECIFIED";
    case ReopenKind::kReopen:
      return "REOPEN";
    case ReopenKind::kUndoWithdrawal:
      return "UNDO_WITHDRAWAL";
    case ReopenKind::kContest:
      return "CONTEST";
  }
  return "UNSPECIFIED";
}

CaseVerb VerbOf(ReopenKind kind) {
  if (kind == ReopenKind::kUndoWithdrawal) return CaseVerb::kUndoWithdrawal;
  return kind == ReopenKind::kContest ? CaseVerb::kContest : CaseVerb::kReopen;
}

void ValidateReopening(const ReopeningDecision& decision, const ValidationContext& context,
                       FieldViolations& violations) {
  FieldChecker check(context, violations);
  const FieldPath path("");
  if (decision.kind != ReopenKind::kReopen && decision.kind != ReopenKind::kUndoWithdrawal &&
      decision.kind != ReopenKind::kContest) {
    check.Wrong(path.Field("kind"), "is required: REOPEN, UNDO_WITHDRAWAL, CONTEST");
  }
  check.RequiredText(path.Field("reason"), decision.reason, kNoteBytes);
  const FieldPath members = path.Field("member_ids");
  CheckMemberIds(check, members, decision.member_ids);
  if (!decision.member_ids.empty() && decision.kind != ReopenKind::kUndoWithdrawal) {
    check.Wrong(members, "must be empty unless the kind is UNDO_WITHDRAWAL");
  }
  CheckInstruction(check, path.Field("instruction"), decision.instruction);
}

void ValidateEvidenceFile(const EvidenceFile& file, std::string_view root,
                          const ValidationContext& context, FieldViolations& violations) {
  FieldChecker check(context, violations);
  const FieldPath path(root);
  check.Required(path.Field("kind"), file.kind, kEvidenceKinds);
  const FieldPath name = path.Field("file_name");
  check.Text(name, file.file_name, 200);
  if (file.file_name.find_first_of("/\\\r\n\t") != std::string::npos) {
    check.Wrong(name, "must be a name without a path");
  }
  if (!IsMediaType(file.media_type)) {
    check.Wrong(path.Field("media_type"), "must be a media type such as image/jpeg");
  }
  if (file.size_bytes < 1) check.Wrong(path.Field("size_bytes"), "must be at least 1");
  if (file.sha256.size() != 32) {
    check.Wrong(path.Field("sha256"),
                fmt::format("has {} bytes; a SHA-256 has 32", file.sha256.size()));
  }
  if (!file.member_id.empty() && !MemberId::Parse(file.member_id, "").ok()) {
    check.WrongValue(path.Field("member_id"), file.member_id, "the id of a member, or empty");
  }
  check.Text(path.Field("description"), file.description, 1'000);
  check.Text(path.Field("original_at"), file.original_at, 200);
}

absl::Status CheckEvidenceSize(int64_t size_bytes) {
  if (size_bytes <= kMostEvidenceBytes) return absl::OkStatus();
  return Refuse(
      absl::StatusCode::kInvalidArgument, "FILE_TOO_LARGE",
      fmt::format("the file has {} bytes; at most {} are accepted", size_bytes, kMostEvidenceBytes),
      {{"limit_bytes", fmt::format("{}", kMostEvidenceBytes)},
       {"size_bytes", fmt::format("{}", size_bytes)}});
}

std::optional<LedgerEntry> ValidateMoneyEntry(const MoneyEntry& entry, const FieldPath& path,
                                              const ValidationContext& context,
                                              FieldViolations& violations) {
  const size_t faults_before = violations.list().size();
  FieldChecker check(context, violations);
  if (!entry.entry_id.empty() && !RandomId::Parse(entry.entry_id, "").ok()) {
    check.WrongValue(path.Field("entry_id"), entry.entry_id, "the id of an entry, or empty");
  }
  if (!MemberId::Parse(entry.member_id, "").ok()) {
    check.WrongValue(path.Field("member_id"), entry.member_id, "the id of a member");
  }
  check.Required(path.Field("kind"), entry.kind, kMoneyKinds);
  const std::optional<MoneyAmount> amount =
      check.RequiredMoney(path.Field("amount"), entry.amount, FieldChecker::Zero::kRefused);
  const FieldPath happened_on = path.Field("happened_on");
  if (entry.happened_on.empty()) check.Wrong(happened_on, "is required: a date YYYY-MM-DD");
  check.DateField(happened_on, entry.happened_on, DateKind::kWhole,
                  entry.kind == "DUE" ? Future::kAllowed : Future::kRefused);
  check.Text(path.Field("from_whom"), entry.from_whom, 200);
  check.Text(path.Field("to_whom"), entry.to_whom, 200);
  const FieldPath reverses = path.Field("reverses_entry_id");
  if (entry.kind == "REVERSAL" && !RandomId::Parse(entry.reverses_entry_id, "").ok()) {
    check.WrongValue(reverses, entry.reverses_entry_id, "the id of the entry to undo");
  } else if (entry.kind != "REVERSAL" && !entry.reverses_entry_id.empty()) {
    check.Wrong(reverses, "must be empty unless the kind is REVERSAL");
  }
  if (!entry.referral_id.empty() && !ReferralId::Parse(entry.referral_id, "").ok()) {
    check.WrongValue(path.Field("referral_id"), entry.referral_id,
                     "a referral such as KH-26-0000417-X/R1, or empty");
  }
  CheckInstruction(check, path.Field("instruction"), entry.instruction);
  check.Text(path.Field("note"), entry.note, 1'000);
  const std::optional<MoneyKind> kind = MoneyKindNamed(entry.kind);
  if (violations.list().size() != faults_before || !kind || !amount) return std::nullopt;
  return LedgerEntry{RandomId::FromTrusted(entry.entry_id), MemberId::FromTrusted(entry.member_id),
                     *kind, *amount, RandomId::FromTrusted(entry.reverses_entry_id)};
}

absl::Status CheckPersonMayRecord(MoneyKind kind) {
  if (kind != MoneyKind::kWrittenOff) return absl::OkStatus();
  return RefusePrecondition("APPROVAL_MISSING",
                            "money is written off through RequestApproval and Approve only",
                            {{"kind", "WRITE_OFF"}});
}

}  // namespace redress::intake
