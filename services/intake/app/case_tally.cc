#include "services/intake/app/case_tally.h"

#include <algorithm>

#include "services/intake/domain/similar.h"

namespace redress::intake {
namespace {

bool SameKind(const MemberCount& count, const MemberRow& row) {
  return count.sex == row.sex && count.nationality == row.nationality &&
         count.migration_status == row.migration_status &&
         count.migration_channel == row.migration_channel;
}

bool GrantedToEmbassy(const MemberRow& row) {
  return std::any_of(row.consents.begin(), row.consents.end(), [](const ConsentBit& bit) {
    return bit.purpose == kEmbassyPurpose && bit.status == "GRANTED";
  });
}

bool IsOwed(const MemberRow& row) { return !OpenBalances(row.totals).empty(); }

// Never below zero.
void Less(uint32_t& from, uint32_t by) { from -= std::min(from, by); }

}  // namespace

std::vector<std::string> AgencyKeys(const Complaint& complaint) {
  std::vector<std::string> keys;
  for (const Respondent& respondent : complaint.respondents) {
    if (respondent.kind != "LICENSED_AGENCY") continue;
    if (!respondent.licence_number.empty()) {
      keys.push_back("licence:" + NormaliseNumber(respondent.licence_number));
    }
    if (!respondent.body_id.empty()) keys.push_back("body:" + respondent.body_id);
  }
  std::sort(keys.begin(), keys.end());
  keys.erase(std::unique(keys.begin(), keys.end()), keys.end());
  return keys;
}

void DescribeComplaint(const Complaint& complaint, CaseHead& head) {
  head.kind = complaint.kind;
  head.scope = complaint.scope;
  head.channel = complaint.channel;
  head.migration_stage = complaint.migration_stage;
  head.origin = complaint.corridor.origin;
  head.transit = complaint.corridor.transit;
  head.destination = complaint.corridor.destination;
  head.sector = complaint.sector;
  head.primary_category = complaint.primary_category.code;
  head.source_category_code = complaint.primary_category.source_category_code;
  head.secondary_categories.clear();
  for (const Category& category : complaint.secondary_categories) {
    head.secondary_categories.push_back(category.code);
  }
  head.assisting_organisation = complaint.assisting_organisation;
  head.province = complaint.province;
  head.district = complaint.district;
  head.incident_from = complaint.incident.from;
  head.respondent_body_ids.clear();
  for (const Respondent& respondent : complaint.respondents) {
    if (!respondent.body_id.empty()) head.respondent_body_ids.push_back(respondent.body_id);
  }
  head.agency_keys = AgencyKeys(complaint);
  head.suggestions.urgency = SuggestUrgency(complaint, head.member_facts);
  head.suggestions.indicators = SuggestIndicators(complaint, head.member_facts);
}

void DescribeMember(const GroupMember& member, MemberRow& row) {
  row.sex = member.complainant.sex;
  row.nationality = member.complainant.nationality;
  row.migration_status = member.complainant.migration_status;
  row.migration_channel = member.complainant.migration_channel;
  row.consents = BitsOf(member.consents);
}

void CountIn(const MemberRow& row, const Date& today, CaseHead& head) {
  if (row.withdrawn()) return;
  const auto same = std::find_if(head.member_counts.begin(), head.member_counts.end(),
                                 [&row](const MemberCount& one) { return SameKind(one, row); });
  if (same != head.member_counts.end()) {
    ++same->count;
  } else {
    head.member_counts.push_back(
        {row.sex, row.nationality, row.migration_status, row.migration_channel, 1});
  }
  head.referral_consents.Add(row.consents, today);
  if (!GrantedToEmbassy(row)) return;
  const auto embassy =
      std::find_if(head.embassy_counts.begin(), head.embassy_counts.end(),
                   [&row](const EmbassyCount& one) { return one.nationality == row.nationality; });
  if (embassy != head.embassy_counts.end()) {
    ++embassy->count;
  } else {
    head.embassy_counts.push_back({row.nationality, 1});
  }
}

void CountOut(const MemberRow& row, const Date& today, CaseHead& head) {
  if (row.withdrawn()) return;
  for (MemberCount& one : head.member_counts) {
    if (SameKind(one, row)) Less(one.count, 1);
  }
  std::erase_if(head.member_counts, [](const MemberCount& one) { return one.count == 0; });
  head.referral_consents.Remove(row.consents, today);
  if (!GrantedToEmbassy(row)) return;
  for (EmbassyCount& one : head.embassy_counts) {
    if (one.nationality == row.nationality) Less(one.count, 1);
  }
  std::erase_if(head.embassy_counts, [](const EmbassyCount& one) { return one.count == 0; });
}

void NarrowFilingGroups(const MemberRow& row, bool first, CaseHead& head) {
  FieldGroupSet groups;
  for (const ConsentBit& bit : row.consents) {
    if (bit.purpose == kFilingPurpose && bit.status == "GRANTED") groups = bit.groups;
  }
  head.filing_groups = first ? groups : head.filing_groups.And(groups);
}

absl::Status PostToTotals(const LedgerEntry& entry, const LedgerEntry* reversed, MemberRow& row,
                          CaseHead& head) {
  const bool was_owed = IsOwed(row);
  if (absl::Status posted = Post(entry, reversed, row.totals, head.totals); !posted.ok()) {
    return posted;
  }
  const bool is_owed = IsOwed(row);
  if (is_owed && !was_owed) ++head.members_with_open_balance;
  if (was_owed && !is_owed) Less(head.members_with_open_balance, 1);
  return absl::OkStatus();
}

}  // namespace redress::intake
