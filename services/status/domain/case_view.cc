#include "services/status/domain/case_view.h"

#include <algorithm>
#include <map>

#include "services/status/domain/time_band.h"

namespace redress::status {
namespace {

void Consider(DueKind kind, absl::Time at, CaseView& view) {
  if (kind == DueKind::kNone || at == kNoTime) return;
  if (view.due_at != kNoTime && view.due_at <= at) return;
  view.due_kind = kind;
  view.due_at = at;
}

// What follows from the referrals that are in the view.
void AddReferrals(CaseView& view) {
  for (size_t i = 0; i < view.referrals.size(); ++i) {
    const ReferralRow& referral = view.referrals[i];
    // Of those that changed at the same time, the later one.
    if (!view.latest || referral.updated_at >= view.referrals[*view.latest].updated_at) {
      view.latest = i;
    }
    view.in_step = view.in_step && referral.in_step;
    view.updated_at = std::max(view.updated_at, referral.updated_at);
    Consider(referral.due_kind, referral.due_at, view);
  }
}

void CountMembers(CaseView& view) {
  std::map<std::string, uint32_t> by_nationality;
  for (const MemberCount& count : view.dimensions.member_counts) {
    view.workers += count.count;
    by_nationality[count.nationality] += count.count;
  }
  uint32_t most = 0;
  for (const auto& [nationality, count] : by_nationality) {
    if (nationality.empty()) continue;
    view.nationalities.push_back(nationality);
    if (count > most) {
      most = count;
      view.nationality = nationality;
    }
  }
}

// The receiver that has accepted holds the case; while none has, who screened it, and before that
// who filed it.
std::string HolderOf(const CaseRow& row, const std::vector<ReferralRow>& referrals) {
  const std::string& screened_by = row.screened_by_body_id;
  const std::string& filed_by = row.dimensions.filed_by_body_id;
  const ReferralRow* holding = nullptr;
  for (const ReferralRow& referral : referrals) {
    if (IsEnded(referral.state) || referral.holder_body_id.empty()) continue;
    const bool accepted = referral.holder_body_id == referral.receiver_body_id;
    const bool first = holding == nullptr;
    if (first || accepted) holding = &referral;
  }
  if (holding != nullptr) return holding->holder_body_id;
  if (!row.home_here && !referrals.empty()) return referrals.back().holder_body_id;
  return screened_by.empty() || row.case_state == CaseState::kFiled ? filed_by : screened_by;
}

void SetBand(const CaseRow& row, absl::Time ended_at, CaseView& view) {
  const uint32_t band = view.open ? row.open_band : BandOf(view.filed_at, ended_at);
  view.time_band = BandName(band, view.open);
}

// Home's own readers and auditors.
void SeeHome(const CaseRow& row, CaseView& view) {
  view.case_state = row.case_state;
  view.dimensions = row.dimensions;
  view.referrals = row.referrals;
  view.updated_at = row.updated_at;
  view.filed_at = row.filed_at;
  if (row.screening_due != kNoTime) Consider(DueKind::kScreening, row.screening_due, view);
  view.holder_body_id = HolderOf(row, view.referrals);
  view.member_count = row.dimensions.member_count;
  view.open = IsOpen(row.case_state);
  view.resolved = row.case_state == CaseState::kClosedResolved;
  view.money = row.totals;
  view.money_by_kind = row.totals_by_kind;
  view.reason = row.reason;
  view.undo_until = row.undo_until;
  view.progress = row.tally;
}

// A receiver, or an auditor where the case is not at home: what was disclosed here.
void SeeReferred(const CaseRow& row, const std::string* receiver, CaseView& view) {
  for (const ReferralRow& referral : row.referrals) {
    const bool seen =
        receiver == nullptr || (referral.was_shown && referral.receiver_body_id == *receiver);
    if (seen) view.referrals.push_back(referral);
  }
  if (view.referrals.empty()) return;
  const ReferralRow& last = view.referrals.back();
  view.dimensions = last.dimensions;
  // Where a case is handled at home, and who filed it, are not told with a referral.
  view.filed_at = last.filed_at;
  view.holder_body_id = last.holder_body_id;
  view.member_count = last.member_count;
  view.open = !IsEnded(last.state);
  view.resolved = last.state == ReferralState::kResolved;
  view.money = last.totals;
  view.reason = last.reason;
  view.progress.members = last.member_count;
  view.progress.disclosed = last.member_count;
  view.progress.agreed = last.accepted_count;
}

// Also of a case that is still taken in by parts.
bool AreAllMembers(const EmbassyPart& part, const CaseRow& row) {
  return part.tally.members == row.tally.members &&
         row.tally.members == static_cast<int64_t>(row.dimensions.member_count);
}

// The nationals who agreed, and the referrals that any of them is in. With all members among them
// the sums are the case's, which also hold what was claimed before the ledger began.
void NarrowToNationals(const CaseRow& row, const std::string& nationality, CaseView& view) {
  const auto found = row.embassy.find(nationality);
  if (found == row.embassy.end()) return;
  const EmbassyPart& part = found->second;
  view.progress = part.tally;
  view.member_count = static_cast<uint32_t>(part.tally.members);
  if (!AreAllMembers(part, row)) {
    view.money = part.totals;
    view.claims_known = false;
  }
  view.dimensions.member_count = view.member_count;
  std::erase_if(view.referrals, [&part](const ReferralRow& referral) {
    return !part.referrals.contains(referral.ordinal);
  });
  // There is a view for each nationality, and a case may have hundreds of both.
  view.referrals.shrink_to_fit();
  for (ReferralRow& referral : view.referrals) {
    const EmbassyReferral& own = part.referrals.at(referral.ordinal);
    referral.member_count = static_cast<uint32_t>(own.members);
    referral.accepted_count = std::min(referral.accepted_count, static_cast<uint32_t>(own.agreed));
  }
  view.holder_body_id = HolderOf(row, view.referrals);
  std::erase_if(view.dimensions.member_counts, [&nationality](const MemberCount& count) {
    return count.nationality != nationality;
  });
}

}  // namespace

CaseView See(const CaseRow& row, const Scope& scope) {
  CaseView view;
  view.case_number = row.case_number;
  absl::Time ended_at = row.ended_at;
  if (scope.kind == ScopeKind::kReceiver || scope.kind == ScopeKind::kIncoming) {
    SeeReferred(row, scope.kind == ScopeKind::kReceiver ? &scope.value : nullptr, view);
    ended_at = view.referrals.empty() ? kNoTime : view.referrals.back().ended_at;
  } else {
    SeeHome(row, view);
    if (scope.kind == ScopeKind::kAttache) NarrowToNationals(row, NationalityOf(scope), view);
  }
  AddReferrals(view);
  CountMembers(view);
  view.balance_open = HasBalance(view.money);
  SetBand(row, ended_at, view);
  return view;
}

CaseView SeeMember(const CaseRow& row, const MemberRow& member) {
  CaseView view;
  view.case_number = row.case_number;
  SeeHome(row, view);
  if (member.withdrawn) view.case_state = CaseState::kWithdrawn;
  const std::string referral_id = member.referral_ids.empty() ? "" : member.referral_ids.back();
  std::erase_if(view.referrals, [&referral_id](const ReferralRow& referral) {
    return referral.referral_id != referral_id;
  });
  view.holder_body_id = HolderOf(row, view.referrals);
  // Not when others of the group did something.
  view.updated_at = std::max(row.state_at, member.updated_at);
  if (row.tally.members != 1) {
    view.money = member.money;
    view.claims_known = false;
  }
  view.member_count = 1;
  view.dimensions.member_count = 1;
  view.dimensions.member_counts = {{member.dimensions.sex, member.dimensions.nationality,
                                    member.dimensions.migration_status,
                                    member.dimensions.migration_channel, 1}};
  const Tally own = TallyOf(member, view.money);
  view.progress = own;
  for (ReferralRow& referral : view.referrals) {
    referral.member_count = 1;
    referral.accepted_count = member.agreed ? 1 : 0;
  }
  AddReferrals(view);
  CountMembers(view);
  view.balance_open = HasBalance(view.money);
  SetBand(row, row.ended_at, view);
  return view;
}

}  // namespace redress::status
