#ifndef REDRESS_SERVICES_INTAKE_DOMAIN_CASE_DECISIONS_H_
#define REDRESS_SERVICES_INTAKE_DOMAIN_CASE_DECISIONS_H_

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/status.h"
#include "services/intake/domain/case_state.h"
#include "services/intake/domain/complaint.h"
#include "services/intake/domain/field_checker.h"
#include "services/intake/domain/money_ledger.h"
#include "services/intake/domain/warning.h"
#include "services/platform/status/field_violations.h"

namespace redress::intake {

// What people decide about a case and hand in with a verb, as in the requests of the same names in
// redress/intake/v1, and the rules that each must meet by itself. Whether the case's state allows
// it is in case_life_cycle.h. Every Validate notes all faults, at the fields of the request.

// How a worker's will reached the person who records it.
struct WorkerInstruction {
  std::string how;
  std::string given_on;
  std::string note;

  friend bool operator==(const WorkerInstruction&, const WorkerInstruction&) = default;
};
void ValidateInstruction(const WorkerInstruction& instruction, std::string_view root,
                         const ValidationContext& context, FieldViolations& violations);

// FAILED_PRECONDITION INSTRUCTION_MISSING {verb} when somebody else than the worker or the
// representative acts for them without saying how they were told to.
absl::Status CheckInstructed(bool acts_for_self,
                             const std::optional<WorkerInstruction>& instruction,
                             std::string_view verb);

struct ScreeningDecision {
  bool admit = false;
  Category primary_category;
  std::vector<Category> secondary_categories;
  std::string urgency;
  std::vector<std::string> forced_labour_indicators;
  std::string reason;
  std::string note;

  friend bool operator==(const ScreeningDecision&, const ScreeningDecision&) = default;
};
void ValidateScreening(const ScreeningDecision& decision, const ValidationContext& context,
                       FieldViolations& violations);
// FAILED_PRECONDITION IRREGULAR_STATUS_IS_NO_REASON: asked before validation, so that the answer
// says why and not only that the code is unknown.
absl::Status CheckReasonPermitted(std::string_view reason);

struct WithdrawalDecision {
  std::vector<std::string> member_ids;
  std::string reason;
  std::string note;
  std::optional<WorkerInstruction> instruction;
};
void ValidateWithdrawal(const WithdrawalDecision& decision, const ValidationContext& context,
                        FieldViolations& violations);

struct ClosingDecision {
  CaseState outcome = CaseState::kUnspecified;
  std::vector<std::string> remedies_obtained;
  std::vector<std::string> sanctions;
  std::string reason;
  std::string note;
};
void ValidateClosing(const ClosingDecision& decision, const ValidationContext& context,
                     FieldViolations& violations);

// Numbers are those of redress.intake.v1.ReopenKind.
enum class ReopenKind { kUnspecified = 0, kReopen = 1, kUndoWithdrawal = 2, kContest = 3 };
// "REOPEN", "UNDO_WITHDRAWAL", "CONTEST".
std::string_view ReopenKindName(ReopenKind kind);

struct ReopeningDecision {
  ReopenKind kind = ReopenKind::kUnspecified;
  std::string reason;
  std::vector<std::string> member_ids;
  std::optional<WorkerInstruction> instruction;
};
void ValidateReopening(const ReopeningDecision& decision, const ValidationContext& context,
                       FieldViolations& violations);
// kReopen, kUndoWithdrawal or kContest. REQUIRES: `kind` is specified.
CaseVerb VerbOf(ReopenKind kind);

// What is known of a file before its bytes come.
struct EvidenceFile {
  std::string kind;
  std::string file_name;
  std::string media_type;
  int64_t size_bytes = 0;
  std::string sha256;  // 32 raw bytes.
  std::string member_id;
  std::string description;
  std::string original_at;
  bool shareable = false;
  bool sensitive = false;
};
inline constexpr int64_t kMostEvidenceBytes = 50 * 1024 * 1024;
void ValidateEvidenceFile(const EvidenceFile& file, std::string_view root,
                          const ValidationContext& context, FieldViolations& violations);
// INVALID_ARGUMENT FILE_TOO_LARGE {limit_bytes, size_bytes}.
absl::Status CheckEvidenceSize(int64_t size_bytes);

// One entry of RecordMoney as it was written.
struct MoneyEntry {
  std::string entry_id;
  std::string member_id;
  std::string kind;
  std::optional<WrittenMoney> amount;
  std::string happened_on;
  std::string from_whom;
  std::string to_whom;
  std::string reverses_entry_id;
  std::string referral_id;
  std::optional<WorkerInstruction> instruction;
  std::string note;
};
// The entry as the ledger takes it; nullopt when something was noted. The id is empty when none was
// given.
std::optional<LedgerEntry> ValidateMoneyEntry(const MoneyEntry& entry, const FieldPath& path,
                                              const ValidationContext& context,
                                              FieldViolations& violations);
// FAILED_PRECONDITION APPROVAL_MISSING {kind} for WRITTEN_OFF, which only an approval posts.
absl::Status CheckPersonMayRecord(MoneyKind kind);

// Member ids of a request: well-formed, none twice, at most 200.
void CheckMemberIds(FieldChecker& check, const FieldPath& path,
                    const std::vector<std::string>& member_ids, size_t most = kMaxMembersPerCall);

}  // namespace redress::intake

#endif  // REDRESS_SERVICES_INTAKE_DOMAIN_CASE_DECISIONS_H_
