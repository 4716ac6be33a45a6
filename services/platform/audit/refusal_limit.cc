#include "services/platform/audit/refusal_limit.h"

#include <algorithm>
#include <utility>

namespace redress::audit {
namespace {

// Stands for all those for whom there is no room. No caller's key is empty.
constexpr char kOthers[] = "";

}  // namespace

void Budget::Fill(absl::Time now) {
  // The first time there is nothing to fill up. After a clock went back it counts from there.
  if (full() || now < filled_at_) filled_at_ = now;
  const int64_t more = (now - filled_at_) / allowance_.interval;
  filled_at_ += more * allowance_.interval;
  left_ = std::min(allowance_.burst, left_ + static_cast<uint64_t>(more));
}

std::optional<uint64_t> RefusalLimit::Admit(const std::string& caller, absl::Time now) {
  Caller& mine = Find(caller, now);
  mine.budget.Fill(now);
  all_.Fill(now);
  if (mine.budget.empty() || all_.empty()) {
    ++mine.untold;
    return std::nullopt;
  }
  mine.budget.Take();
  all_.Take();
  return std::exchange(mine.untold, 0);
}

void RefusalLimit::NotStored(const std::string& caller, uint64_t untold) {
  const auto found = callers_.find(caller);
  const bool known = found != callers_.end();
  Caller& mine =
      known ? found->second : callers_.try_emplace(kOthers, allowances_.caller).first->second;
  mine.untold += untold + 1;
}

RefusalLimit::Caller& RefusalLimit::Find(const std::string& caller, absl::Time now) {
  const auto found = callers_.find(caller);
  if (found != callers_.end()) return found->second;
  if (callers_.size() >= kMostCallers) ForgetIdle(now);
  const bool room = callers_.size() < kMostCallers;
  return callers_.try_emplace(room ? caller : kOthers, allowances_.caller).first->second;
}

// Those who are as if they had never called.
void RefusalLimit::ForgetIdle(absl::Time now) {
  absl::erase_if(callers_, [now](auto& entry) {
    entry.second.budget.Fill(now);
    return entry.second.budget.full() && entry.second.untold == 0;
  });
}

}  // namespace redress::audit
