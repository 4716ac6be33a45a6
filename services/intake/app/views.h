#ifndef REDRESS_SERVICES_INTAKE_APP_VIEWS_H_
#define REDRESS_SERVICES_INTAKE_APP_VIEWS_H_

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "services/intake/app/records.h"
#include "services/intake/domain/complaint.h"
#include "services/intake/domain/disclosure.h"
#include "services/intake/domain/field_group.h"

namespace redress::intake {

// What readers get: already cut to what the caller may see. Actors' subjects are left empty.

struct CodeCount {
  std::string code;
  uint32_t count = 0;

  friend bool operator==(const CodeCount&, const CodeCount&) = default;
};

// The members in numbers, those that withdrew in the first two only.
struct MembersSummary {
  uint32_t total = 0;
  uint32_t withdrawn = 0;
  std::vector<CodeCount> by_sex;          // Largest first.
  std::vector<CodeCount> by_nationality;  // Largest first.
  uint32_t referral_consents = 0;
  uint32_t embassy_consents = 0;
  std::vector<ReceiverConsents> consented_receivers;  // Most members first.
  std::vector<CodeCount> by_language;                 // Largest first.
  uint32_t union_members = 0;
};

struct CaseView {
  CaseHead head;
  kv::Version version = 0;
  Complaint complaint;
  FieldGroupSet groups_shown;
  MembersSummary members;
  std::vector<std::string> respondent_body_ids;
  std::vector<std::string> respondent_name_digests;  // For services; see crypto::NameDigest.
  std::string screening_note;
  std::optional<HistoryRow> withdrawal;  // The last; `undo_until`, `state_before` are set.
  std::optional<HistoryRow> closure;     // The last.
  std::vector<HistoryRow> amendments;    // Oldest first, the last 100.
  std::vector<HistoryRow> reopenings;    // The same; `verb` is REOPEN, UNDO_WITHDRAWAL or CONTEST.
  std::vector<DisclosureRow> disclosures;  // Oldest first, the last 100.
  std::vector<ApprovalRow> open_approvals;
};

struct CaseListPage {
  std::vector<ListRow> cases;
  std::string next_page_token;
};

// A member with what is known of the consents on the day of reading (EXPIRED among it).
struct MemberPage {
  std::vector<GroupMember> members;
  std::string next_page_token;
};

// The sums of one member.
struct MemberBalance {
  MemberId member_id;
  std::vector<MoneyTotals> totals;
};

struct MoneyPage {
  std::vector<MoneyRow> entries;  // Oldest first.
  std::vector<MemberBalance> member_balances;
  std::vector<MoneyTotals> totals;
  std::string next_page_token;
};

using EvidenceView = EvidenceRow;

struct EvidencePage {
  std::vector<EvidenceView> files;
  std::string next_page_token;
};

// A member as one receiver gets to know them.
struct DisclosedMember {
  GroupMember member;
  FieldGroupSet groups;
};

// The head of a disclosure.
struct DisclosedHead {
  uint32_t disclosure_number = 0;
  Complaint complaint;  // Categories are the confirmed ones.
  std::string urgency;
  std::vector<std::string> forced_labour_indicators;
  FieldGroupSet groups;
  uint32_t member_count = 0;
  std::vector<EvidenceView> evidence_files;
  absl::Time filed_at;
  bool by_override = false;
};

struct DisclosurePage {
  std::optional<DisclosedHead> head;  // On the first page only.
  std::vector<DisclosedMember> members;
  std::string next_page_token;
  kv::Version case_version = 0;
  kv::Version commit_number = 0;  // That opened this disclosure number.
};

struct SettledDisclosure {
  CaseNumber case_number;
  kv::Version case_version = 0;
  kv::Version commit_number = 0;
  std::vector<std::string> open_referral_ids;
};

struct SimilarCase {
  CaseNumber case_number;
  int score = 0;  // 1 to 100.
  std::vector<std::string> agreeing;
  std::string primary_category;
  std::string destination;
  bool same_worker = false;
};

struct SimilarFound {
  std::vector<SimilarCase> cases;  // Most alike first.
  bool cut_short = false;
};

}  // namespace redress::intake

#endif  // REDRESS_SERVICES_INTAKE_APP_VIEWS_H_
