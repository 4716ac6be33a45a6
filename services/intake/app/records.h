#ifndef REDRESS_SERVICES_INTAKE_APP_RECORDS_H_
#define REDRESS_SERVICES_INTAKE_APP_RECORDS_H_

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "absl/time/time.h"
#include "services/intake/app/answers.h"
#include "services/intake/domain/approval.h"
#include "services/intake/domain/case_decisions.h"
#include "services/intake/domain/case_life_cycle.h"
#include "services/intake/domain/case_state.h"
#include "services/intake/domain/complaint.h"
#include "services/intake/domain/consent.h"
#include "services/intake/domain/consent_tally.h"
#include "services/intake/domain/money_ledger.h"
#include "services/intake/domain/suggestion.h"
#include "services/platform/ids/case_number.h"
#include "services/platform/ids/names.h"
#include "services/platform/kv/store.h"

namespace redress::intake {

// What is kept of a case, row by row, as the verbs work with it; how rows look on disk is storage's
// matter (protos/redress/intake/storage/v1 documents each field). Plain values. Unless a comment
// says "sealed", nothing here is personal data.

// Who did something. `subject` tells two persons of one body apart and is never shown.
struct Actor {
  std::string node_id;
  std::string body_id;
  std::string role;  // "DESK"
  std::string subject;

  friend bool operator==(const Actor&, const Actor&) = default;
};

struct MemberCount {
  std::string sex;
  std::string nationality;
  std::string migration_status;
  std::string migration_channel;
  uint32_t count = 0;

  friend bool operator==(const MemberCount&, const MemberCount&) = default;
};

// What the ministry confirmed.
struct Screening {
  absl::Time screened_at;
  Actor screened_by;
  bool admitted = false;
  std::string primary_category;
  std::string source_category_code;
  std::vector<std::string> secondary_categories;
  std::string urgency;
  std::vector<std::string> forced_labour_indicators;
  std::string reason;

  friend bool operator==(const Screening&, const Screening&) = default;
};

// How a case was withdrawn as a whole.
struct CaseWithdrawal {
  Actor withdrawn_by;
  std::string reason;
  WithdrawalMark mark;

  friend bool operator==(const CaseWithdrawal&, const CaseWithdrawal&) = default;
};

// Members with an EMBASSY consent in force, by nationality: what attachés of it may list.
struct EmbassyCount {
  std::string nationality;
  uint32_t count = 0;

  friend bool operator==(const EmbassyCount&, const EmbassyCount&) = default;
};

// The head of a case. Every verb writes it, so that its version is the case's etag.
struct CaseHead {
  CaseNumber case_number;
  CaseState state = CaseState::kUnspecified;
  absl::Time filed_at;
  absl::Time updated_at;
  Actor filed_by;

  std::string kind;
  std::string scope;
  std::string channel;
  std::string migration_stage;
  std::string origin;
  std::vector<std::string> transit;
  std::string destination;
  std::string sector;
  std::string primary_category;
  std::vector<std::string> secondary_categories;
  std::string source_category_code;
  std::string assisting_organisation;
  std::string province;
  std::string district;
  std::string incident_from;
  std::vector<std::string> respondent_body_ids;
  std::vector<std::string> agency_keys;

  Suggestions suggestions;
  MemberFacts member_facts;  // Withdrawn members left out.
  std::optional<Screening> screening;
  std::optional<CaseWithdrawal> withdrawal;

  uint32_t member_count = 0;
  uint32_t withdrawn_count = 0;
  std::vector<MemberCount> member_counts;
  std::vector<EmbassyCount> embassy_counts;
  ConsentTally referral_consents;  // Withdrawn members left out.
  // Groups that every member's FILING consent names.
  FieldGroupSet filing_groups;
  uint32_t evidence_count = 0;
  uint32_t history_count = 0;
  uint32_t amendment_count = 0;
  uint64_t money_count = 0;
  uint32_t members_with_open_balance = 0;
  std::vector<std::string> open_referral_ids;
  std::vector<std::string> open_approval_ids;
  std::vector<MoneyTotals> totals;
  // Keyed hashes under which the head is found by those looking for similar cases.
  std::vector<uint64_t> similarity_keys;

  const std::string& ConfirmedCategory() const {
    return screening && screening->admitted ? screening->primary_category : primary_category;
  }
  bool UrgencyConfirmed() const { return screening && screening->admitted; }
  const std::string& Urgency() const {
    return UrgencyConfirmed() ? screening->urgency : suggestions.urgency.urgency;
  }

  friend bool operator==(const CaseHead&, const CaseHead&) = default;
};

struct StoredCase {
  CaseHead head;
  kv::Version version = 0;
};

// What a list shows of a case, kept whole in the index.
struct ListRow {
  CaseNumber case_number;
  CaseState state = CaseState::kUnspecified;
  absl::Time filed_at;
  absl::Time updated_at;
  std::string filed_by_body_id;
  std::string origin;
  std::vector<std::string> transit;
  std::string destination;
  std::string sector;
  std::string primary_category;
  std::string urgency;
  bool urgency_confirmed = false;
  uint32_t member_count = 0;
  std::vector<std::string> nationalities;
  std::string province;
  kv::Version version = 0;  // Of the case; not part of the stored value.

  friend bool operator==(const ListRow&, const ListRow&) = default;
};

// The row that lists show of a head; `version` is left at 0.
ListRow ListRowOf(const CaseHead& head);

// One member. `sealed` is the whole GroupMember (consents in order of giving, id and withdrawal
// left out), opened only by who needs it: CaseStore::OpenMember.
struct MemberRow {
  MemberId member_id;
  uint32_t ordinal = 0;  // Order of filing, from 1.
  std::string sex;
  std::string nationality;
  std::string migration_status;
  std::string migration_channel;
  std::optional<WithdrawalMark> withdrawal;  // Set: withdrawn.
  bool withdrawn_with_case = false;
  std::vector<ConsentBit> consents;
  std::vector<MoneyTotals> totals;
  std::vector<uint64_t> similarity_keys;
  std::string sealed;

  bool withdrawn() const { return withdrawal.has_value(); }
};

// One verb that moved or changed the case, and its sealed part.
struct HistoryRow {
  uint32_t number = 0;  // From 1.
  absl::Time at;
  Actor actor;
  std::string verb;  // ADD_MEMBERS, AMEND, SCREEN, WITHDRAW, CLOSE, REOPEN, …
  CaseState state = CaseState::kUnspecified;
  std::vector<MemberId> member_ids;
  std::string reason;
  std::vector<std::string> paths;
  uint32_t amendment_number = 0;
  std::vector<std::string> remedies_obtained;
  std::vector<std::string> sanctions;
  std::optional<Screening> screening;
  std::optional<absl::Time> undo_until;
  std::optional<CaseState> state_before;

  // Sealed.
  std::string note;
  std::optional<WorkerInstruction> instruction;
  std::optional<Complaint> previous_complaint;  // The replaced parts; no sensitive narrative.
  std::optional<GroupMember> previous_member;
};

// One ledger entry. From `from_whom` on: sealed.
struct MoneyRow {
  LedgerEntry entry;
  std::string happened_on;
  RandomId reversed_by;
  std::string referral_id;
  Actor recorded_by;
  absl::Time recorded_at;  // By the clock of the node that recorded it.
  absl::Time posted_at;
  // True when it stands for a member's claim lines, so that amending those replaces it.
  bool from_claim_lines = false;

  std::string from_whom;
  std::string to_whom;
  std::string note;
  std::optional<WorkerInstruction> instruction;
};

// What one commit posted to a case's ledger, at most 200 members' worth: one row, so that a group's
// filing costs one key and not one per member.
struct MoneyBatch {
  uint64_t first_number = 0;  // Of its first entry in the case's ledger, from 1.
  std::vector<MoneyRow> rows;
};

// One evidence file. From `file_name` on: sealed.
struct EvidenceRow {
  RandomId evidence_id;
  uint32_t number = 0;  // Order in the case, from 1.
  std::string kind;
  int64_t size_bytes = 0;
  MemberId member_id;
  bool shareable = false;
  bool sensitive = false;
  absl::Time uploaded_at;
  Actor uploaded_by;

  std::string file_name;
  std::string media_type;
  std::string sha256;
  std::string description;
  std::string original_at;
};

struct DisclosureRow {
  std::string referral_id;
  std::string receiver_body_id;
  uint32_t disclosure_number = 0;
  FieldGroupSet groups;
  uint32_t member_count = 0;
  std::vector<MemberId> requested_member_ids;
  FieldGroupSet requested_groups;
  bool by_override = false;
  absl::Time opened_at;
  absl::Time updated_at;
  std::optional<absl::Time> settled_at;
  std::string outcome;
  kv::Version version = 0;  // Of the row: the commit that last wrote it.
};

// A request for a second person. The reasons are sealed.
struct ApprovalRow {
  Approval approval;
  Actor requested_by;
  absl::Time requested_at;
  std::optional<Actor> decided_by;
  std::optional<absl::Time> decided_at;
  std::vector<RandomId> entry_ids;

  std::string request_reason;
  std::string decision_reason;
};

}  // namespace redress::intake

#endif  // REDRESS_SERVICES_INTAKE_APP_RECORDS_H_
