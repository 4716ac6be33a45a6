#ifndef REDRESS_SERVICES_STATUS_DOMAIN_CASE_ROW_H_
#define REDRESS_SERVICES_STATUS_DOMAIN_CASE_ROW_H_

#include <compare>
#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "absl/time/time.h"
#include "services/status/domain/case_data.h"
#include "services/status/domain/codes.h"

namespace redress::status {

// How many members are where. Kept by difference, member by member.
struct Tally {
  int64_t members = 0;  // Withdrawn ones included.
  int64_t withdrawn = 0;
  int64_t disclosed = 0;  // In a referral, now or before.
  int64_t agreed = 0;     // Accepted a proposal.
  int64_t unpaid = 0;     // Owed something not received.
  int64_t paid = 0;       // Have received all that they are owed.

  bool empty() const { return *this == Tally(); }
  friend bool operator==(const Tally&, const Tally&) = default;
};

// Of those who agreed to attachés: how many are in a referral.
struct EmbassyReferral {
  int64_t members = 0;
  int64_t agreed = 0;  // Accepted a proposal, where it is the last that they are in.

  friend bool operator==(const EmbassyReferral&, const EmbassyReferral&) = default;
};

// The members of one nationality who agreed to attachés, and their sums.
struct EmbassyPart {
  Tally tally;
  std::vector<CurrencyTotal> totals;  // In order of the currency; none that is all zero.
  std::map<uint32_t, EmbassyReferral> referrals;  // By ordinal; none without members.

  friend bool operator==(const EmbassyPart&, const EmbassyPart&) = default;
};

// What members are counted by one by one.
struct MemberKind {
  std::string sex;
  std::string nationality;
  std::string migration_status;

  friend auto operator<=>(const MemberKind&, const MemberKind&) = default;
  friend bool operator==(const MemberKind&, const MemberKind&) = default;
};
using TotalsByKind = std::map<MemberKind, std::vector<CurrencyTotal>>;

// A referral as the referral log tells it.
struct ReferralRow {
  std::string referral_id;
  uint32_t ordinal = 0;
  ReferralState state = ReferralState::kNone;
  bool was_shown = false;  // The receiver has been shown it, and so may see it from then on.
  std::string receiver_body_id;
  std::string holder_body_id;
  std::string home_node;
  std::string destination_node;
  std::string reason;         // Of a negative state or a pause.
  CaseDimensions dimensions;  // As disclosed.
  absl::Time filed_at = kNoTime;
  absl::Time sent_at = kNoTime;
  absl::Time updated_at = kNoTime;
  absl::Time ended_at = kNoTime;
  DueKind due_kind = DueKind::kNone;
  absl::Time due_at = kNoTime;
  absl::Time next_date = kNoTime;
  uint32_t home_facts = 0;
  uint32_t destination_facts = 0;
  uint32_t confirmed_facts = 0;
  bool in_step = false;
  absl::Time heard_at = kNoTime;
  uint32_t member_count = 0;
  uint32_t accepted_count = 0;        // Who accepted the open proposal.
  uint32_t open_proposal = 0;         // 0: none.
  std::vector<CurrencyTotal> totals;  // Over the disclosed members, as this node knows them.

  friend bool operator==(const ReferralRow&, const ReferralRow&) = default;
};

// A case, folded from both logs. Each log writes its own part only, so that the row is the same
// whichever log was ahead while they were read, but for one that is set aside. Everything that
// readers see (case_view.h), the list rows (list_index.h) and the cells (cells.h) are pure
// functions of it.
struct CaseRow {
  std::string case_number;
  bool home_here = false;  // By the case number itself.

  // Of intake's log; at home only.
  bool filed = false;
  CaseState case_state = CaseState::kUnknown;
  CaseDimensions dimensions;
  absl::Time filed_at = kNoTime;
  absl::Time state_at = kNoTime;    // When the state last changed.
  absl::Time updated_at = kNoTime;  // When intake last said something of it.
  absl::Time ended_at = kNoTime;    // While not open.
  absl::Time screening_due = kNoTime;
  absl::Time undo_until = kNoTime;
  std::string reason;
  std::string screened_by_body_id;
  std::vector<CurrencyTotal> totals;

  // Of referral's log, in order of their ordinals.
  std::vector<ReferralRow> referrals;

  // Of both, through the member rows.
  Tally tally;
  std::map<std::string, EmbassyPart> embassy;  // By nationality; none without members.
  // At home only: the sums of the members who have not withdrawn; none that is all zero.
  TotalsByKind totals_by_kind;

  // Moved by the present, as is a member's consent that runs out, and nothing else: into which band
  // (time_band.h) the time since filing has come. Set when the row is made, and by the runner that
  // watches the bands pass.
  uint32_t open_band = 0;

  // The case has become larger than is kept of one (SetAside): nobody sees it, and whatever else is
  // told of it is passed over, also when the read models are built anew.
  bool set_aside = false;

  // False while a case of this node has only been heard of from referral's log: then nobody sees
  // it, since who may is not known yet. False of one that is set aside.
  bool known() const { return home_here ? filed : !referrals.empty(); }
  absl::Time began_at() const {
    if (home_here) return filed_at;
    return referrals.empty() ? kNoTime : referrals.front().filed_at;
  }

  friend bool operator==(const CaseRow&, const CaseRow&) = default;
};

// One member of a case.
struct MemberRow {
  std::string member_id;
  bool known = false;  // Its dimensions are.
  MemberDimensions dimensions;
  bool withdrawn = false;
  std::vector<std::string> referral_ids;  // Disclosed in these, in order of their ordinals.
  uint32_t answered_proposal = 0;         // Of the last referral; 0: none.
  bool agreed = false;
  std::vector<CurrencyTotal> money;  // The sums of the member's entries (AddEntry).
  absl::Time updated_at = kNoTime;
  // The only thing that the present moves: the consent to attachés has run out. Set when the
  // consent is told of, and by the runner that watches consents end.
  bool embassy_lapsed = false;

  bool shown_to_attaches() const { return known && dimensions.embassy_consent && !embassy_lapsed; }
  friend bool operator==(const MemberRow&, const MemberRow&) = default;
};

// "KH-26-0000417-X/R2" → 2; 0 when it is no such id.
uint32_t OrdinalOf(const std::string& referral_id);

// When the member's consent to attachés runs out: the midnight (UTC) after its last day.
// InfiniteFuture without one, and InfinitePast for a date that cannot be read, which is no ground
// to show anything.
absl::Time EndOfConsent(const MemberDimensions& member);

// True when the case was filed at `node`.
bool IsHomeOf(const std::string& node, const std::string& case_number);

// What one member adds to the case's tally, given the sums that are shown of it.
Tally TallyOf(const MemberRow& member, const std::vector<CurrencyTotal>& totals);

// Moves what a member adds to its case from `before` to `after`.
void MoveTally(const MemberRow& before, const MemberRow& after, CaseRow& row);

// The row with nothing in it but that the case is set aside.
CaseRow SetAside(const CaseRow& row);

// The row of a referral; null when the case has no such.
const ReferralRow* FindReferral(const CaseRow& row, const std::string& referral_id);

}  // namespace redress::status

#endif  // REDRESS_SERVICES_STATUS_DOMAIN_CASE_ROW_H_
