#ifndef REDRESS_SERVICES_REFERRAL_APP_VISIBLE_REFERRAL_H_
#define REDRESS_SERVICES_REFERRAL_APP_VISIBLE_REFERRAL_H_

#include "services/referral/app/loaded_referral.h"
#include "services/referral/domain/access.h"

namespace redress::referral {

// A referral and how much of it a caller sees.
struct VisibleReferral {
  LoadedReferral loaded;
  Sight sight = Sight::kNothing;
};

// NOT_FOUND for absent and foreign alike. Of a loopback referral a receiver's contact gets the
// destination's side, everybody else home's.
Answer<VisibleReferral> FindVisible(const AppParts& parts, Caller caller, ReferralId id);

}  // namespace redress::referral

#endif  // REDRESS_SERVICES_REFERRAL_APP_VISIBLE_REFERRAL_H_
