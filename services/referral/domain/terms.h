#ifndef REDRESS_SERVICES_REFERRAL_DOMAIN_TERMS_H_
#define REDRESS_SERVICES_REFERRAL_DOMAIN_TERMS_H_

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

#include "services/platform/ids/names.h"
#include "services/platform/money/money.h"

namespace redress::referral {

// What one member is offered, or obtained.
struct MemberTerms {
  MemberId member;                    // Empty in `for_each_other`.
  std::vector<std::string> remedies;  // Codes (codes.h): WAGES_PAID …
  std::vector<MoneyAmount> amounts;   // At most one per currency; zero amounts are left out.

  friend bool operator==(const MemberTerms&, const MemberTerms&) = default;
};

// Terms for all members of a group of up to 10,000 in one fact of bounded size: those named have
// their own, the others share one.
struct GroupTerms {
  static constexpr size_t kMaxNamed = 1'000;

  std::vector<MemberTerms> members;           // Each member once.
  std::optional<MemberTerms> for_each_other;  // Unset when all are named.

  // The terms of `member`; nullptr when it is not named and there are none for the others.
  const MemberTerms* Find(const MemberId& member) const {
    for (const MemberTerms& terms : members) {
      if (terms.member == member) return &terms;
    }
    return for_each_other ? &*for_each_other : nullptr;
  }
  bool Names(const MemberId& member) const {
    for (const MemberTerms& terms : members) {
      if (terms.member == member) return true;
    }
    return false;
  }

  friend bool operator==(const GroupTerms&, const GroupTerms&) = default;
};

}  // namespace redress::referral

#endif  // REDRESS_SERVICES_REFERRAL_DOMAIN_TERMS_H_
