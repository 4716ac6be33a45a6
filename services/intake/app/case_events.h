#ifndef REDRESS_SERVICES_INTAKE_APP_CASE_EVENTS_H_
#define REDRESS_SERVICES_INTAKE_APP_CASE_EVENTS_H_

#include <cstdint>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "absl/time/time.h"
#include "services/intake/app/records.h"

namespace redress::intake {

// What verbs tell the event log: the messages of redress/intake/v1/events.proto, whose comments say
// what each field holds. No personal data. Storage puts them into bytes.

// What a case is counted and found by; made from its head (DimensionsOf).
struct CaseDimensions {
  std::string filed_by_body_id;
  std::string assisting_organisation;
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
  std::string urgency;
  bool urgency_confirmed = false;
  std::vector<std::string> forced_labour_indicators;
  std::string province;
  std::string district;
  std::vector<MemberCount> member_counts;
  uint32_t member_count = 0;
  std::vector<std::string> agency_keys;
};
CaseDimensions DimensionsOf(const CaseHead& head);

struct MemberDimensions {
  MemberId member_id;
  std::string tracking_digest;
  std::string nationality;
  std::string sex;
  std::string migration_status;
  std::string migration_channel;
  bool embassy_consent = false;
  std::string embassy_expires_on;
};

struct PostedEntry {
  LedgerEntry entry;
  std::string happened_on;
  std::string referral_id;
};

struct CaseFiled {
  CaseDimensions dimensions;
  std::vector<MemberDimensions> members;
  std::vector<MoneyTotals> totals;
  std::string incident_from;
};
struct CaseScreened {
  bool admitted = false;
  std::string reason;
  CaseDimensions dimensions;
};
struct CaseAmended {
  uint32_t amendment_number = 0;
  std::vector<std::string> paths;
  CaseDimensions dimensions;
  std::optional<MemberDimensions> member;
  std::vector<MoneyTotals> totals;
};
struct CaseWithdrawn {
  std::vector<MemberId> member_ids;
  std::string reason;
  absl::Time undo_until;
  std::vector<std::string> affected_referral_ids;
  CaseDimensions dimensions;
};
struct CaseClosed {
  std::vector<std::string> remedies_obtained;
  std::vector<std::string> sanctions;
  std::string reason;
};
struct CaseReopened {
  std::string kind;
  std::vector<MemberId> member_ids;
  CaseDimensions dimensions;
};
struct MembersAdded {
  std::vector<MemberDimensions> members;
  CaseDimensions dimensions;
  std::vector<MoneyTotals> totals;
};
struct ConsentChanged {
  std::string purpose;
  std::string receiver_body_id;
  std::string status;
  std::vector<FieldGroup> groups;
  std::vector<MemberId> member_ids;
  std::string expires_on;
  std::vector<std::string> affected_referral_ids;
};
struct EvidenceAdded {
  RandomId evidence_id;
  std::string kind;
  int64_t size_bytes = 0;
  MemberId member_id;
  bool shareable = false;
};
struct MoneyRecorded {
  std::vector<PostedEntry> entries;
  std::vector<MoneyTotals> totals;
};
struct DisclosureOpened {
  std::string referral_id;
  std::string receiver_body_id;
  uint32_t disclosure_number = 0;
  std::vector<FieldGroup> groups;
  uint32_t member_count = 0;
  bool by_override = false;
};
struct DisclosureSettled {
  std::string referral_id;
  std::string outcome;
};
struct ApprovalRequested {
  std::string approval_id;
  std::string kind;
};
struct ApprovalDecided {
  std::string approval_id;
  std::string kind;
  std::string decision;
};

// One event. The number is the log's to give.
struct CaseEvent {
  absl::Time occurred_at;
  CaseNumber case_number;
  CaseState state = CaseState::kUnspecified;
  Actor actor;
  std::variant<CaseFiled, CaseScreened, CaseAmended, CaseWithdrawn, CaseClosed, CaseReopened,
               MembersAdded, ConsentChanged, EvidenceAdded, MoneyRecorded, DisclosureOpened,
               DisclosureSettled, ApprovalRequested, ApprovalDecided>
      what;
};

}  // namespace redress::intake

#endif  // REDRESS_SERVICES_INTAKE_APP_CASE_EVENTS_H_
