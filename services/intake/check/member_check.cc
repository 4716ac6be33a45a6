#include "services/intake/check/member_check.h"

#include <algorithm>
#include <utility>

#include "fmt/format.h"
#include "services/intake/app/case_tally.h"
#include "services/intake/storage/keys.h"
#include "services/intake/storage/record_fields.h"
#include "services/intake/storage/wire.h"
#include "services/platform/kv/key_codec.h"

namespace redress::intake {
namespace {

constexpr char kMember[] = "member";
constexpr char kMemberIds[] = "member-ids";

template <class T>
bool SameInAnyOrder(const std::vector<T>& a, const std::vector<T>& b) {
  return a.size() == b.size() && std::is_permutation(a.begin(), a.end(), b.begin());
}

// What has run out stays in a tally until somebody touches it, and counts nowhere.
std::vector<LastDayCount> InForce(const std::vector<LastDayCount>& days, const std::string& day) {
  std::vector<LastDayCount> kept;
  for (const LastDayCount& one : days) {
    if (one.last_day.empty() || one.last_day >= day) kept.push_back(one);
  }
  return kept;
}

ConsentTally InForce(const ConsentTally& tally, const std::string& day) {
  ConsentTally kept;
  kept.any = InForce(tally.any, day);
  for (const ReceiverTally& one : tally.receivers) {
    ReceiverTally receiver{one.receiver_body_id, InForce(one.last_days, day)};
    if (!receiver.last_days.empty()) kept.receivers.push_back(std::move(receiver));
  }
  std::sort(kept.receivers.begin(), kept.receivers.end(),
            [](const auto& a, const auto& b) { return a.receiver_body_id < b.receiver_body_id; });
  return kept;
}

// A tally that has come to its limits says too little, on purpose.
bool IsFull(const ConsentTally& tally) {
  if (tally.receivers.size() >= ConsentTally::kMostReceivers) return true;
  if (tally.any.size() >= ConsentTally::kMostLastDays) return true;
  return std::any_of(tally.receivers.begin(), tally.receivers.end(), [](const ReceiverTally& one) {
    return one.last_days.size() >= ConsentTally::kMostLastDays;
  });
}

}  // namespace

MemberCheck::MemberCheck(const CaseHead& head, Date day, check::Report& report)
    : head_(head), day_(day), report_(report), subject_(head.case_number.ToString()) {}

void MemberCheck::Differs(std::string problem) {
  report_.Differs(kCase, subject_, std::move(problem));
}

void MemberCheck::TakeMember(const kv::Entry& entry) {
  MemberRow row;
  const std::string key = kv::DebugPrintKey(entry.key);
  if (!report_.Holds(wire::Reader::Decode(entry.value, row), kMember, key)) return;
  if (entry.key != keys::OfCase(keys::kMemberTable, head_.case_number, row.ordinal)) {
    report_.Differs(kMember, key, fmt::format("holds the member with ordinal {}", row.ordinal));
    return;
  }
  if (row.ordinal != ids_.size() + 1) {
    report_.Differs(kMember, key, fmt::format("follows ordinal {}", ids_.size()));
  }
  ids_.resize(row.ordinal);
  ids_.back() = row.member_id;
  if (!totals_.emplace(row.member_id, row.totals).second) {
    report_.Differs(kMember, key, "has the id of another member of the case");
  }
  if (row.withdrawn()) ++counted_.withdrawn_count;
  CountIn(row, day_, counted_);
  if (!OpenBalances(row.totals).empty()) ++counted_.members_with_open_balance;
  similarity_keys_.insert(row.similarity_keys.begin(), row.similarity_keys.end());
}

void MemberCheck::TakeIds(const kv::Entry& entry) {
  MemberIds joined;
  const std::string key = kv::DebugPrintKey(entry.key);
  if (!report_.Holds(wire::Reader::Decode(entry.value, joined), kMemberIds, key)) return;
  const absl::StatusOr<uint64_t> first = keys::RowNumber(keys::kMemberIdsTable, entry.key);
  if (!report_.Holds(first.status(), kMemberIds, key)) return;
  if (*first != findable_.size() + 1) {
    report_.Differs(kMemberIds, key, fmt::format("follows ordinal {}", findable_.size()));
    return;
  }
  findable_.insert(findable_.end(), joined.ids.begin(), joined.ids.end());
}

void MemberCheck::CompareTallies() {
  if (!SameInAnyOrder(counted_.member_counts, head_.member_counts)) {
    Differs("its counts of members by sex, nationality and migration are not those of its members");
  }
  if (!SameInAnyOrder(counted_.embassy_counts, head_.embassy_counts)) {
    Differs("its counts of consents to embassies are not those of its members");
  }
  if (IsFull(counted_.referral_consents) || IsFull(head_.referral_consents)) return;
  const std::string day = day_.ToString();
  if (InForce(counted_.referral_consents, day) != InForce(head_.referral_consents, day)) {
    Differs("its tally of consents to referrals is not that of its members");
  }
}

void MemberCheck::Finish() {
  const auto compare = [this](const char* what, uint64_t kept, uint64_t counted) {
    if (kept != counted) Differs(fmt::format("keeps {} {}, and there are {}", kept, what, counted));
  };
  compare("members", head_.member_count, ids_.size());
  compare("withdrawn members", head_.withdrawn_count, counted_.withdrawn_count);
  compare("members with an open balance", head_.members_with_open_balance,
          counted_.members_with_open_balance);
  CompareTallies();
  if (findable_ != ids_) {
    report_.Differs(kMemberIds, subject_, "its members' ids are not those that they are found by");
  }
}

}  // namespace redress::intake
