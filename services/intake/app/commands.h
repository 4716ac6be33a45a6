#ifndef REDRESS_SERVICES_INTAKE_APP_COMMANDS_H_
#define REDRESS_SERVICES_INTAKE_APP_COMMANDS_H_

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "absl/time/time.h"
#include "services/intake/app/caller.h"
#include "services/intake/domain/approval.h"
#include "services/intake/domain/case_decisions.h"
#include "services/intake/domain/case_state.h"
#include "services/intake/domain/complaint.h"
#include "services/intake/domain/field_checker.h"
#include "services/intake/domain/field_group.h"
#include "services/platform/status/field_violations.h"

namespace redress::intake {

// What the verbs of IntakeService take, apart from caller and request mark: the fields of the
// requests in redress/intake/v1, whose comments say what each holds. Only case numbers, referral
// ids and etags are parsed before; everything else is checked by the verb, which names every wrong
// field at once under the request's own names.

struct AmendCommand {
  CaseTarget target;
  std::vector<std::string> paths;
  std::optional<Complaint> complaint;
  std::optional<GroupMember> member;  // Its member_id as it was written.
  std::string reason;
};

struct ScreenCommand {
  CaseTarget target;
  ScreeningDecision decision;
};

struct WithdrawCommand {
  CaseTarget target;
  WithdrawalDecision decision;
};

struct CloseCommand {
  CaseTarget target;
  ClosingDecision decision;
};

struct ReopenCommand {
  CaseTarget target;
  ReopeningDecision decision;
};

struct AddMembersCommand {
  CaseTarget target;
  std::vector<GroupMember> members;
  std::vector<Consent> consents;
};

struct RecordConsentCommand {
  CaseTarget target;
  std::vector<std::string> member_ids;
  std::vector<Consent> consents;
};

struct RevokeConsentCommand {
  CaseTarget target;
  std::vector<std::string> member_ids;
  std::string purpose;
  std::string receiver_body_id;
  std::optional<WorkerInstruction> instruction;
};

// One line for the ledger. The rest is only read from callers of role service, which pass on what a
// destination recorded: who, and when by that node's clock.
struct NewMoneyEntry {
  MoneyEntry entry;
  std::string recorded_by_node;
  std::string recorded_by_body;
  std::string recorded_by_role;
  std::optional<absl::Time> recorded_at;
};

struct RecordMoneyCommand {
  CaseTarget target;  // The version may be unset.
  std::vector<NewMoneyEntry> entries;
};

// One of `consent_override` and `write_off` is asked for.
struct RequestApprovalCommand {
  CaseTarget target;
  std::vector<std::string> member_ids;
  std::string reason;
  std::optional<ConsentOverride> consent_override;
  std::optional<std::vector<WrittenMemberAmount>> write_off;
};

struct ApproveCommand {
  CaseTarget target;
  std::string approval_id;
  std::string decision;
  std::string reason;
};

// Notes what is wrong with a command by itself, at the fields of the request: for whoever refuses
// it before the verb is called. What is wrong only beside what is stored, the verb finds.
void NoteFaults(const AmendCommand& command, const ValidationContext& context,
                FieldViolations& violations);
void NoteFaults(const RecordConsentCommand& command, const ValidationContext& context,
                FieldViolations& violations);
void NoteFaults(const RevokeConsentCommand& command, const ValidationContext& context,
                FieldViolations& violations);
void NoteFaults(const RequestApprovalCommand& command, const ValidationContext& context,
                FieldViolations& violations);
void NoteFaults(const ApproveCommand& command, const ValidationContext& context,
                FieldViolations& violations);

// One record of an import. Lines are the caller's to number; results come in the same order.
struct ImportLine {
  RequestMark mark;
  ComplaintFiling filing;
};

struct DiscloseCommand {
  ReferralId referral_id;
  uint32_t disclosure_number = 0;
  CaseNumber case_number;
  std::string receiver_body_id;
  std::vector<std::string> member_ids;
  std::vector<FieldGroup> groups;
  PageRequest page;
  bool consenting_only = false;
  bool preview = false;  // Shows, and opens nothing.
  bool reopen = false;   // Also where it was settled as undelivered.
};

struct UploadCommand {
  CaseTarget target;  // The version may be unset.
  EvidenceFile file;
};

struct ListFilter {
  std::vector<CaseState> states;
  std::string category;
  std::string destination;
  std::string nationality;
  std::string urgency;
  std::optional<absl::Time> filed_since;
  std::string filed_by_body_id;
  std::string province;
  std::string own_reference;
};

}  // namespace redress::intake

#endif  // REDRESS_SERVICES_INTAKE_APP_COMMANDS_H_
