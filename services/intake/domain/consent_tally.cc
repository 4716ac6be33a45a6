#include "services/intake/domain/consent_tally.h"

#include <algorithm>
#include <optional>
#include <utility>

namespace redress::intake {
namespace {

using LastDays = std::vector<LastDayCount>;

// Whole ISO dates compare as text; no last day comes after every other.
bool EndsBefore(const std::string& day, const std::string& other) {
  if (day.empty() || other.empty()) return !day.empty() && other.empty();
  return day < other;
}

bool HasRunOut(const LastDayCount& one, const std::string& today) {
  return EndsBefore(one.last_day, today);
}

LastDays::iterator FirstNotBefore(LastDays& days, const std::string& day) {
  return std::find_if(days.begin(), days.end(),
                      [&day](const LastDayCount& one) { return !EndsBefore(one.last_day, day); });
}

absl::Duration Between(const LastDayCount& one, const LastDayCount& next) {
  const std::optional<Date> from = Date::Parse(one.last_day);
  const std::optional<Date> to = Date::Parse(next.last_day);
  return from && to ? StartOf(*to) - StartOf(*from) : absl::InfiniteDuration();
}

// Lets the two ends that are closest to each other be one: the earlier.
void JoinClosest(LastDays& days) {
  auto closest = days.begin();
  absl::Duration least = absl::InfiniteDuration();
  for (auto one = days.begin(); one + 1 != days.end(); ++one) {
    const absl::Duration between = Between(*one, *(one + 1));
    if (between >= least) continue;
    least = between;
    closest = one;
  }
  closest->members += (closest + 1)->members;
  days.erase(closest + 1);
}

void AddDay(const std::string& day, LastDays& days) {
  const auto at = FirstNotBefore(days, day);
  if (at != days.end() && at->last_day == day) {
    ++at->members;
    return;
  }
  days.insert(at, {day, 1});
  if (days.size() > ConsentTally::kMostLastDays) JoinClosest(days);
}

// A day that is not there was joined to an earlier one.
void RemoveDay(const std::string& day, LastDays& days) {
  auto at = FirstNotBefore(days, day);
  if (at == days.end() || at->last_day != day) {
    if (at == days.begin()) return;
    --at;
  }
  if (--at->members == 0) days.erase(at);
}

void DropRunOut(const std::string& today, LastDays& days) {
  std::erase_if(days, [&today](const LastDayCount& one) { return HasRunOut(one, today); });
}

uint32_t Sum(const LastDays& days, const std::string& today) {
  uint32_t members = 0;
  for (const LastDayCount& one : days) {
    if (!HasRunOut(one, today)) members += one.members;
  }
  return members;
}

LastDays* Find(std::vector<ReceiverTally>& receivers, const std::string& receiver) {
  for (ReceiverTally& one : receivers) {
    if (one.receiver_body_id == receiver) return &one.last_days;
  }
  return nullptr;
}

// Consents to referrals that are in force, and of them the last day of all.
struct InForce {
  std::vector<const ConsentBit*> bits;
  std::optional<std::string> longest;
};

InForce ReferralsOn(const std::vector<ConsentBit>& bits, const Date& today) {
  InForce found;
  for (const ConsentBit& bit : bits) {
    if (bit.purpose != kReferralPurpose || StatusOn(bit, today) != "GRANTED") continue;
    found.bits.push_back(&bit);
    if (!found.longest || EndsBefore(*found.longest, bit.expires_on)) {
      found.longest = bit.expires_on;
    }
  }
  return found;
}

}  // namespace

void ConsentTally::Add(const std::vector<ConsentBit>& bits, const Date& today) {
  const InForce given = ReferralsOn(bits, today);
  if (!given.longest) return;
  const std::string now = today.ToString();
  DropRunOut(now, any);
  for (ReceiverTally& one : receivers) DropRunOut(now, one.last_days);
  std::erase_if(receivers, [](const ReceiverTally& one) { return one.last_days.empty(); });
  AddDay(*given.longest, any);
  for (const ConsentBit* bit : given.bits) {
    LastDays* days = Find(receivers, bit->receiver_body_id);
    if (days == nullptr) {
      if (receivers.size() == kMostReceivers) continue;
      receivers.push_back({bit->receiver_body_id, {}});
      days = &receivers.back().last_days;
    }
    AddDay(bit->expires_on, *days);
  }
}

void ConsentTally::Remove(const std::vector<ConsentBit>& bits, const Date& today) {
  const InForce given = ReferralsOn(bits, today);
  if (!given.longest) return;
  RemoveDay(*given.longest, any);
  for (const ConsentBit* bit : given.bits) {
    if (LastDays* days = Find(receivers, bit->receiver_body_id)) RemoveDay(bit->expires_on, *days);
  }
  std::erase_if(receivers, [](const ReceiverTally& one) { return one.last_days.empty(); });
}

uint32_t ConsentTally::MembersOn(const Date& today) const { return Sum(any, today.ToString()); }

std::vector<ReceiverConsents> ConsentTally::ReceiversOn(const Date& today) const {
  std::vector<ReceiverConsents> in_force;
  for (const ReceiverTally& one : receivers) {
    const uint32_t members = Sum(one.last_days, today.ToString());
    if (members > 0) in_force.push_back({one.receiver_body_id, members});
  }
  std::sort(in_force.begin(), in_force.end(),
            [](const ReceiverConsents& a, const ReceiverConsents& b) {
              return a.members != b.members ? a.members > b.members
                                            : a.receiver_body_id < b.receiver_body_id;
            });
  return in_force;
}

}  // namespace redress::intake
