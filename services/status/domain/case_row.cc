#include "services/status/domain/case_row.h"

#include <algorithm>
#include <cctype>
#include <charconv>
#include <optional>

#include "services/platform/time/date.h"

namespace redress::status {
namespace {

Tally& Add(Tally& to, const Tally& tally, int64_t sign) {
  to.members += sign * tally.members;
  to.withdrawn += sign * tally.withdrawn;
  to.disclosed += sign * tally.disclosed;
  to.agreed += sign * tally.agreed;
  to.unpaid += sign * tally.unpaid;
  to.paid += sign * tally.paid;
  return to;
}

void AddToReferrals(const MemberRow& member, int64_t sign, EmbassyPart& part) {
  for (const std::string& id : member.referral_ids) {
    const auto referral = part.referrals.try_emplace(OrdinalOf(id)).first;
    referral->second.members += sign;
    if (member.agreed && id == member.referral_ids.back()) referral->second.agreed += sign;
    if (referral->second == EmbassyReferral()) part.referrals.erase(referral);
  }
}

void AddMember(const MemberRow& member, int64_t sign, CaseRow& row) {
  const std::vector<CurrencyTotal>& totals = member.money;
  const Tally tally = TallyOf(member, totals);
  Add(row.tally, tally, sign);
  if (row.home_here && member.known && !member.withdrawn && !totals.empty()) {
    const MemberDimensions& of = member.dimensions;
    const auto kind =
        row.totals_by_kind.try_emplace({of.sex, of.nationality, of.migration_status}).first;
    AddTotals(totals, sign, kind->second);
    if (kind->second.empty()) row.totals_by_kind.erase(kind);
  }
  if (!member.shown_to_attaches()) return;
  const auto [entry, added] = row.embassy.try_emplace(member.dimensions.nationality);
  AddTotals(totals, sign, entry->second.totals);
  AddToReferrals(member, sign, entry->second);
  if (Add(entry->second.tally, tally, sign).members == 0) row.embassy.erase(entry);
}

}  // namespace

uint32_t OrdinalOf(const std::string& referral_id) {
  const size_t slash = referral_id.rfind("/R");
  if (slash == std::string::npos) return 0;
  uint32_t ordinal = 0;
  const char* end = referral_id.data() + referral_id.size();
  const auto parsed = std::from_chars(referral_id.data() + slash + 2, end, ordinal);
  return parsed.ec == std::errc() && parsed.ptr == end ? ordinal : 0;
}

absl::Time EndOfConsent(const MemberDimensions& member) {
  if (member.embassy_expires_on.empty()) return absl::InfiniteFuture();
  const std::optional<Date> last = Date::Parse(member.embassy_expires_on);
  return last.has_value() ? StartOf(AddDays(last->Latest(), 1)) : absl::InfinitePast();
}

bool IsHomeOf(const std::string& node, const std::string& case_number) {
  return node.size() == 2 && case_number.size() > 2 && case_number[2] == '-' &&
         std::tolower(static_cast<unsigned char>(case_number[0])) == node[0] &&
         std::tolower(static_cast<unsigned char>(case_number[1])) == node[1];
}

Tally TallyOf(const MemberRow& member, const std::vector<CurrencyTotal>& totals) {
  Tally tally;
  tally.members = member.known ? 1 : 0;
  tally.withdrawn = member.withdrawn ? 1 : 0;
  tally.disclosed = member.referral_ids.empty() ? 0 : 1;
  tally.agreed = member.agreed ? 1 : 0;
  const bool owed = std::any_of(totals.begin(), totals.end(),
                                [](const CurrencyTotal& total) { return total.owed > 0; });
  tally.unpaid = HasBalance(totals) ? 1 : 0;
  tally.paid = owed && !HasBalance(totals) ? 1 : 0;
  return tally;
}

void MoveTally(const MemberRow& before, const MemberRow& after, CaseRow& row) {
  AddMember(before, -1, row);
  AddMember(after, +1, row);
}

CaseRow SetAside(const CaseRow& row) {
  CaseRow bare;
  bare.case_number = row.case_number;
  bare.home_here = row.home_here;
  bare.set_aside = true;
  return bare;
}

const ReferralRow* FindReferral(const CaseRow& row, const std::string& referral_id) {
  for (const ReferralRow& referral : row.referrals) {
    if (referral.referral_id == referral_id) return &referral;
  }
  return nullptr;
}

}  // namespace redress::status
