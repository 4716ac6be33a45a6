#include "services/status/domain/events.h"

#include <algorithm>
#include <map>
#include <set>
#include <tuple>
#include <utility>

namespace redress::status {
namespace {

// Moves the members from `kMembersPerPart * part` on, at most kMembersPerPart of them.
template <class T>
std::vector<T> Slice(const std::vector<T>& all, size_t part) {
  const size_t begin = std::min(all.size(), part * kMembersPerPart);
  const size_t end = std::min(all.size(), begin + kMembersPerPart);
  return std::vector<T>(all.begin() + static_cast<ptrdiff_t>(begin),
                        all.begin() + static_cast<ptrdiff_t>(end));
}

// None when there are more: then only their number is told.
std::vector<std::string> AtMost(size_t most, const std::set<std::string>& ids) {
  if (ids.size() > most) return {};
  return {ids.begin(), ids.end()};
}

size_t PartsFor(size_t count) {
  return std::max<size_t>(1, (count + kMembersPerPart - 1) / kMembersPerPart);
}

// One line for each kind of money, currency and referral, in the order in which they come.
std::vector<MoneyLine> MoneyOf(const std::vector<PostedEntry>& entries) {
  std::vector<MoneyLine> lines;
  std::map<std::tuple<std::string, std::string, std::string>, size_t> places;
  std::vector<std::set<std::string>> members;
  for (const PostedEntry& entry : entries) {
    const auto [place, added] =
        places.try_emplace({entry.kind, entry.currency, entry.referral_id}, lines.size());
    if (added) {
      lines.push_back({entry.kind, entry.currency, entry.referral_id});
      members.emplace_back();
    }
    lines[place->second].minor_units += entry.minor_units;
    members[place->second].insert(entry.member_id);
  }
  for (size_t i = 0; i < lines.size(); ++i) {
    lines[i].member_count = static_cast<uint32_t>(members[i].size());
    lines[i].member_ids = AtMost(kMaxTimelineMembers, members[i]);
  }
  return lines;
}

// What the first part tells of the whole event.
template <class Event>
void TellOfTheWhole(const std::set<std::string>& concerned, Event& event) {
  event.members_in_all = static_cast<uint32_t>(concerned.size());
  event.all_member_ids = AtMost(kMaxTimelineMembers, concerned);
  event.money = MoneyOf(event.entries);
}

std::vector<EntryId> LedgerEntries(const std::vector<PostedEntry>& entries) {
  std::set<EntryId> ids;
  for (const PostedEntry& entry : entries) {
    ids.emplace(entry.member_id, entry.entry_id);
    if (entry.reverses_entry_id.empty()) continue;
    ids.emplace(entry.member_id, entry.reverses_entry_id);
  }
  return {ids.begin(), ids.end()};
}

}  // namespace

std::vector<IntakeEvent> Split(IntakeEvent event) {
  const size_t count =
      std::max({event.members.size(), event.member_ids.size(), event.entries.size()});
  std::set<std::string> concerned(event.member_ids.begin(), event.member_ids.end());
  for (const MemberDimensions& member : event.members) concerned.insert(member.member_id);
  for (const PostedEntry& entry : event.entries) concerned.insert(entry.member_id);
  TellOfTheWhole(concerned, event);
  const size_t parts = PartsFor(count);
  if (parts == 1) return {std::move(event)};
  std::vector<IntakeEvent> split;
  for (size_t part = 0; part < parts; ++part) {
    IntakeEvent one;
    if (part == 0) {
      one = event;
    } else {
      one.number = event.number;
      one.occurred_at = event.occurred_at;
      one.case_number = event.case_number;
      one.state = event.state;
      one.actor = event.actor;
      one.kind = event.kind;
      one.reason = event.reason;
      one.detail = event.detail;
      one.undo_until = event.undo_until;
      one.expires_on = event.expires_on;
    }
    one.part = static_cast<uint32_t>(part);
    one.members = Slice(event.members, part);
    one.member_ids = Slice(event.member_ids, part);
    one.entries = Slice(event.entries, part);
    split.push_back(std::move(one));
  }
  return split;
}

std::vector<ReferralEvent> Split(ReferralEvent event) {
  const size_t count = std::max({event.members.size(), event.answers.size(), event.entries.size()});
  std::set<std::string> concerned;
  for (const MemberDimensions& member : event.members) concerned.insert(member.member_id);
  for (const MemberAnswer& answer : event.answers) concerned.insert(answer.member_id);
  for (const PostedEntry& entry : event.entries) concerned.insert(entry.member_id);
  TellOfTheWhole(concerned, event);
  const size_t parts = PartsFor(count);
  if (parts == 1) return {std::move(event)};
  std::vector<ReferralEvent> split;
  for (size_t part = 0; part < parts; ++part) {
    ReferralEvent one = event;
    one.part = static_cast<uint32_t>(part);
    one.members = Slice(event.members, part);
    one.answers = Slice(event.answers, part);
    one.entries = Slice(event.entries, part);
    if (part > 0) one.money.clear();
    split.push_back(std::move(one));
  }
  return split;
}

std::vector<std::string> MembersOf(const IntakeEvent& event) {
  std::set<std::string> ids;
  for (const MemberDimensions& member : event.members) ids.insert(member.member_id);
  for (const PostedEntry& entry : event.entries) ids.insert(entry.member_id);
  const bool by_id = event.kind == IntakeKind::kWithdrawn || event.kind == IntakeKind::kReopened ||
                     event.kind == IntakeKind::kConsentChanged;
  if (by_id) ids.insert(event.member_ids.begin(), event.member_ids.end());
  ids.erase("");
  return {ids.begin(), ids.end()};
}

std::vector<std::string> MembersOf(const ReferralEvent& event) {
  std::set<std::string> ids;
  for (const MemberDimensions& member : event.members) ids.insert(member.member_id);
  for (const MemberAnswer& answer : event.answers) ids.insert(answer.member_id);
  if (!event.at_home) {
    for (const PostedEntry& entry : event.entries) ids.insert(entry.member_id);
  }
  ids.erase("");
  return {ids.begin(), ids.end()};
}

std::vector<EntryId> LedgerEntriesOf(const IntakeEvent& event) {
  return LedgerEntries(event.entries);
}

// At home the ledger is intake's, which posts these entries itself.
std::vector<EntryId> LedgerEntriesOf(const ReferralEvent& event) {
  if (event.at_home) return {};
  return LedgerEntries(event.entries);
}

}  // namespace redress::status
