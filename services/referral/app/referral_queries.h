#ifndef REDRESS_SERVICES_REFERRAL_APP_REFERRAL_QUERIES_H_
#define REDRESS_SERVICES_REFERRAL_APP_REFERRAL_QUERIES_H_

#include <cstdint>
#include <vector>

#include "redress/referral/v1/events.pb.h"
#include "redress/referral/v1/reads.pb.h"
#include "services/referral/app/parts.h"

namespace redress::referral {

// What the referrals of this node look like to one caller. Parts that a caller has no right to are
// left out; what is absent and what is foreign are the same NOT_FOUND.
class ReferralQueries {
 public:
  explicit ReferralQueries(const AppParts& parts) : parts_(parts) {}

  Answer<v1::GetReferralResponse> GetReferral(Caller caller, v1::GetReferralRequest request);

  // From index rows alone. Touches at most 1,000 keys, so that a page may be short.
  Answer<v1::ListReferralsResponse> ListReferrals(Caller caller, v1::ListReferralsRequest request);

  // Up to `limit` events after `after`, in order, numbers filled in; `last_number` in each. None
  // when there are no more now: wait with `parts.followers`. OUT_OF_RANGE when `after` lies beyond
  // the log.
  Answer<std::vector<v1::ReadEventsResponse>> ReadEvents(uint64_t after, size_t limit);

 private:
  const AppParts& parts_;
};

}  // namespace redress::referral

#endif  // REDRESS_SERVICES_REFERRAL_APP_REFERRAL_QUERIES_H_
