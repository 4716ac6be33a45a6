#ifndef REDRESS_SERVICES_STATUS_DOMAIN_CASE_VIEW_H_
#define REDRESS_SERVICES_STATUS_DOMAIN_CASE_VIEW_H_

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "absl/time/time.h"
#include "services/status/domain/case_row.h"
#include "services/status/domain/scope.h"

namespace redress::status {

// A case as readers of one scope see it. What they must not see is not in it: a receiver gets its
// own referrals and the members disclosed in them, an attaché the nationals who agreed.
struct CaseView {
  std::string case_number;
  CaseState case_state = CaseState::kUnknown;
  CaseDimensions dimensions;
  std::vector<ReferralRow> referrals;  // Those the reader may see.
  std::optional<size_t> latest;        // Of `referrals`: the one that changed last.
  std::string holder_body_id;          // Accountable now.
  DueKind due_kind = DueKind::kNone;   // The clock that runs out first.
  absl::Time due_at = kNoTime;
  std::string nationality;                 // Of most members.
  std::vector<std::string> nationalities;  // All, in order.
  uint32_t member_count = 0;
  uint32_t workers = 0;  // Withdrawn ones left out.
  absl::Time filed_at = kNoTime;
  absl::Time updated_at = kNoTime;
  bool open = true;  // The case, or for receivers the referral, goes on.
  bool resolved = false;
  std::string time_band;
  bool in_step = true;
  bool balance_open = false;
  std::vector<CurrencyTotal> money;
  // False where the sums are of some members of a group: what each of them claims is not told by
  // the events of a filing, only by entries of the ledger.
  bool claims_known = true;
  // Of `money`, what is of members who have not withdrawn, by what they are counted by; nullopt
  // where it is not known member by member.
  std::optional<TotalsByKind> money_by_kind;
  std::string reason;
  absl::Time undo_until = kNoTime;
  Tally progress;

  const ReferralRow* latest_referral() const {
    return latest.has_value() ? &referrals[*latest] : nullptr;
  }
};

// REQUIRES: ScopesOf(row) holds `scope`.
CaseView See(const CaseRow& row, const Scope& scope);

// The part of one member, as the member's own token or receipt shows it: the referral that the
// member was disclosed in last, and the member's own sums. REQUIRES: row.home_here, row.known().
CaseView SeeMember(const CaseRow& row, const MemberRow& member);

}  // namespace redress::status

#endif  // REDRESS_SERVICES_STATUS_DOMAIN_CASE_VIEW_H_
