#ifndef REDRESS_SERVICES_STATUS_DOMAIN_EVENTS_H_
#define REDRESS_SERVICES_STATUS_DOMAIN_EVENTS_H_

#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/time/time.h"
#include "services/status/domain/case_data.h"
#include "services/status/domain/codes.h"
#include "services/status/domain/timeline.h"

namespace redress::status {

// The events of the two logs as far as status reads them, made from the messages of
// redress/{intake,referral}/v1/events.proto. Each kind fills the fields that its comment names.

// An event names up to 1,000 members, and each costs rows; a commit holds 1,000 changes. So an
// event is taken in by parts of this many members, one after another.
inline constexpr size_t kMembersPerPart = 100;

// An entry of the ledger: its member and its id.
using EntryId = std::pair<std::string, std::string>;

// Entries of one kind, currency and referral in an event.
struct MoneyLine {
  std::string kind;
  std::string currency;
  std::string referral_id;
  int64_t minor_units = 0;
  std::vector<std::string> member_ids;  // When at most kMaxTimelineMembers.
  uint32_t member_count = 0;
};

enum class IntakeKind : uint8_t {
  kOther,            // Nothing that status shows; only the cursor moves.
  kFiled,            // dimensions, members, totals
  kScreened,         // reason, dimensions
  kAmended,          // dimensions, members (at most one), totals
  kWithdrawn,        // member_ids (none: the whole case), reason, undo_until, dimensions
  kClosed,           // reason
  kReopened,         // detail (REOPEN, UNDO_WITHDRAWAL, CONTEST), member_ids, dimensions
  kMembersAdded,     // members, dimensions, totals
  kConsentChanged,   // detail (purpose), reason (status), member_ids, expires_on
  kEvidenceAdded,    // detail (kind)
  kMoneyRecorded,    // entries, totals
  kApprovalRequest,  // detail (kind)
  kApprovalDecided,  // detail (kind), reason (decision)
};

struct IntakeEvent {
  uint64_t number = 0;
  absl::Time occurred_at = kNoTime;
  std::string case_number;
  CaseState state = CaseState::kUnknown;
  Actor actor;
  IntakeKind kind = IntakeKind::kOther;

  std::optional<CaseDimensions> dimensions;
  std::vector<MemberDimensions> members;
  std::vector<std::string> member_ids;
  std::vector<PostedEntry> entries;
  std::vector<CurrencyTotal> totals;  // None: they have not changed.
  std::string reason;
  std::string detail;
  absl::Time undo_until = kNoTime;
  std::string expires_on;  // ISO date; empty: none.

  // Set by Split: which part this is, from 0.
  uint32_t part = 0;
  // The same, in the first part: of the whole event its members, each once, with their ids when at
  // most kMaxTimelineMembers, and its money.
  uint32_t members_in_all = 0;
  std::vector<std::string> all_member_ids;
  std::vector<MoneyLine> money;
};

enum class ReferralKind : uint8_t {
  kOther,
  kOpened,             // dimensions, sent_at, filed_at
  kMembersDisclosed,   // members
  kFact,               // fact, reason, actor, lost, detail, date, number, answers
  kDisclosureUpdated,  // dimensions
  kMoney,              // entries, totals
  kFile,               // of_home, whole
  kClock,              // detail (clock), date
  kPeerConfirmed,
  // Of no case:
  kLink,
  kBody,
  kAgreement,
  kPosting,
};

struct MemberAnswer {
  std::string member_id;
  bool accepted = false;
};

// The clocks of a referral as they run; kNoTime: does not run.
struct ReferralClocks {
  absl::Time accept_by = kNoTime;
  absl::Time deliver_by = kNoTime;
  absl::Time information_by = kNoTime;
  absl::Time proposal_by = kNoTime;
  absl::Time resolve_by = kNoTime;
  bool stopped = false;
};

// A body, link, posting or agreement as it now is.
struct BodyChange {
  std::string body_id;
  std::string name;
  std::string kind;
  std::string country;
  bool active = false;
};
struct LinkChange {
  std::string peer_node;
  bool up = false;
  absl::Time heard_at = kNoTime;
};
// An attaché of `acting_country` in `host_country` may follow workers of `nationality`. A posting
// is of one person and of the own nationality; a proxy mission is of all attachés posted there.
struct Mission {
  std::string acting_country;
  std::string nationality;
  std::string host_country;
  std::string from;  // ISO dates, both included; empty: open.
  std::string to;

  friend bool operator==(const Mission&, const Mission&) = default;
};
struct PostingChange {
  std::string posting_id;
  std::string person_id;
  Mission mission;
};
struct AgreementChange {
  std::string agreement_id;
  std::vector<Mission> missions;  // None when the halves do not match.
};

struct ReferralEvent {
  uint64_t number = 0;
  absl::Time occurred_at = kNoTime;  // By the clock of the node where it happened.
  absl::Time recorded_at = kNoTime;  // By this node's.
  std::string referral_id;
  std::string case_number;
  bool at_home = false;  // This node is home for the referral in this event.
  ReferralState state_before = ReferralState::kNone;
  ReferralState state_after = ReferralState::kNone;
  std::string holder_body_id;
  std::string receiver_body_id;
  std::string home_node;
  std::string destination_node;
  ReferralClocks clocks;
  uint32_t home_facts = 0;
  uint32_t destination_facts = 0;
  uint32_t confirmed_facts = 0;
  bool in_step = false;
  absl::Time heard_at = kNoTime;
  ReferralKind kind = ReferralKind::kOther;

  std::optional<CaseDimensions> dimensions;
  std::vector<MemberDimensions> members;
  std::vector<PostedEntry> entries;
  std::vector<CurrencyTotal> totals;
  std::vector<MemberAnswer> answers;
  absl::Time sent_at = kNoTime;
  absl::Time filed_at = kNoTime;
  std::string fact;  // A FactKind without prefix: "STEP_RECORDED".
  std::string reason;
  std::string detail;              // A step's kind, a clock, a sanction.
  absl::Time date = kNoTime;       // When a step takes place, a clock was due.
  absl::Time next_date = kNoTime;  // With STEP_RECORDED.
  uint32_t proposal_number = 0;
  Actor actor;
  bool lost = false;
  bool of_home = false;  // kFile: home added it.
  bool whole = false;    // kFile: its bytes are here.

  BodyChange body;
  LinkChange link;
  PostingChange posting;
  AgreementChange agreement;

  // As in IntakeEvent; the members in every part.
  uint32_t part = 0;
  uint32_t members_in_all = 0;
  std::vector<std::string> all_member_ids;
  std::vector<MoneyLine> money;
};

// The event in parts of at most kMembersPerPart members each; one part for most. The first part has
// everything else, and only it makes a timeline entry. The same event always gives the same parts.
std::vector<IntakeEvent> Split(IntakeEvent event);
std::vector<ReferralEvent> Split(ReferralEvent event);

// The members whose rows the event changes, each once.
std::vector<std::string> MembersOf(const IntakeEvent& event);
std::vector<std::string> MembersOf(const ReferralEvent& event);

// The entries of the ledger that the event posts, and those that it takes back.
std::vector<EntryId> LedgerEntriesOf(const IntakeEvent& event);
std::vector<EntryId> LedgerEntriesOf(const ReferralEvent& event);

}  // namespace redress::status

#endif  // REDRESS_SERVICES_STATUS_DOMAIN_EVENTS_H_
