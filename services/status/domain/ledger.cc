#include "services/status/domain/ledger.h"

#include <algorithm>
#include <string_view>
#include <utility>

namespace redress::status {

void PostEntries(const std::vector<PostedEntry>& entries, absl::Time at, CaseRows& rows) {
  for (const PostedEntry& entry : entries) {
    const auto found = rows.members.find(entry.member_id);
    if (found == rows.members.end()) continue;
    if (!rows.posted.try_emplace({entry.member_id, entry.entry_id}, entry.kind).second) continue;
    std::string_view kind = entry.kind;
    if (!entry.reverses_entry_id.empty()) {
      const auto reversed = rows.posted.find({entry.member_id, entry.reverses_entry_id});
      if (reversed == rows.posted.end()) continue;
      kind = reversed->second;
    }
    MemberRow& member = found->second;
    const MemberRow before = member;
    AddEntry(entry, kind, member.money);
    member.updated_at = std::max(member.updated_at, at);
    MoveTally(before, member, rows.row);
  }
}

std::vector<TimelineEntry> MoneyEntries(const std::vector<MoneyLine>& money,
                                        const TimelineEntry& like) {
  std::vector<TimelineEntry> entries;
  for (const MoneyLine& line : money) {
    if (entries.size() == kMaxEntriesOfEvent) break;
    TimelineEntry entry = like;
    entry.place.index = static_cast<uint8_t>(entries.size());
    if (entry.referral_id.empty()) entry.referral_id = line.referral_id;
    entry.detail = line.kind;
    entry.currency = line.currency;
    entry.minor_units = line.minor_units;
    entry.member_ids = line.member_ids;
    entry.member_count = line.member_count;
    entries.push_back(std::move(entry));
  }
  return entries;
}

}  // namespace redress::status
