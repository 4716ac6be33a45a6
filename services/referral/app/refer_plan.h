#ifndef REDRESS_SERVICES_REFERRAL_APP_REFER_PLAN_H_
#define REDRESS_SERVICES_REFERRAL_APP_REFER_PLAN_H_

#include <optional>
#include <string>
#include <vector>

#include "redress/intake/v1/case.pb.h"
#include "redress/referral/v1/requests_home.pb.h"
#include "services/referral/app/loaded_referral.h"
#include "services/referral/app/verb_runner.h"
#include "services/referral/domain/referral_checks.h"

namespace redress::referral {

// A referral that may be made: what is known before anything leaves.
struct ReferPlan {
  Caller caller;
  v1::ReferComplaintRequest request;
  VerbRequest common;
  std::optional<v1::ReferComplaintResponse> remembered;
  intake::v1::Case complaint_case;
  BodyId receiver;
  ReferDecision decision;
  std::string urgency;
  std::optional<LoadedReferral> parent;
  std::vector<std::string> path;
  ReferralId id;
  std::vector<int> groups_limit;  // Of the referral's record: see there.
  bool members_named = false;
  CaseKeyPointer case_key;    // Committed with the OpenDisclosureRecord at the latest.
  kv::Version opened_at = 0;  // Version of the OpenDisclosureRecord as this try wrote it.
};

// Finds out whether the caller may put the case before the body, by the rules of
// domain/referral_checks.h; or what was answered to the request before. Whether consent is there,
// member by member, intake decides when it discloses.
Answer<ReferPlan> MakeReferPlan(const AppParts& parts, Caller caller,
                                v1::ReferComplaintRequest request);

}  // namespace redress::referral

#endif  // REDRESS_SERVICES_REFERRAL_APP_REFER_PLAN_H_
