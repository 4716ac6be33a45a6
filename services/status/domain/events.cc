#include "services/status/domain/events.h"

#include <algorithm>
#include <set>
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

size_t PartsFor(size_t count) {
  return std::max<size_t>(1, (count + kMembersPerPart - 1) / kMembersPerPart);
}

}  // namespace

std::vector<IntakeEvent> Split(IntakeEvent event) {
  const size_t count =
      std::max({event.members.size(), event.member_ids.size(), event.entries.size()});
  std::set<std::string> concerned(event.member_ids.begin(), event.member_ids.end());
  for (const MemberDimensions& member : event.members) concerned.insert(member.member_id);
  for (const PostedEntry& entry : event.entries) concerned.insert(entry.member_id);
  event.members_in_all = static_cast<uint32_t>(concerned.size());
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
      one.members_in_all = event.members_in_all;
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
  event.members_in_all = static_cast<uint32_t>(concerned.size());
  const size_t parts = PartsFor(count);
  if (parts == 1) return {std::move(event)};
  std::vector<ReferralEvent> split;
  for (size_t part = 0; part < parts; ++part) {
    ReferralEvent one = event;
    one.part = static_cast<uint32_t>(part);
    one.members = Slice(event.members, part);
    one.answers = Slice(event.answers, part);
    one.entries = Slice(event.entries, part);
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

}  // namespace redress::status
