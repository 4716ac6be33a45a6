#ifndef REDRESS_SERVICES_REFERRAL_APP_PAST_REFERRALS_H_
#define REDRESS_SERVICES_REFERRAL_APP_PAST_REFERRALS_H_

#include <map>
#include <string>
#include <vector>

#include "redress/intake/v1/case.pb.h"
#include "services/referral/app/parts.h"
#include "services/referral/domain/referral_checks.h"
#include "services/referral/domain/routing.h"

namespace redress::referral {

// What is known of a case and of a body's past when it is decided who may have the case.

// Of a case as intake shows it to a service: members in numbers, no respondent's name.
CaseFacts FactsOf(const intake::v1::Case& complaint_case);

// Notes `body` as a respondent when one of its names is one of a respondent's.
void AddRespondent(const intake::v1::Case& complaint_case, const Body& body, CaseFacts& facts);
std::string StateNameOf(const intake::v1::Case& complaint_case);  // "OPEN"

// Home's referrals of a case, in no particular order.
Answer<std::vector<PastReferral>> ReferralsOfCase(const AppParts& parts, std::string case_number);

// How a body answered.
Answer<ResponseRecord> ResponsesOf(const AppParts& parts, BodyId body);

}  // namespace redress::referral

#endif  // REDRESS_SERVICES_REFERRAL_APP_PAST_REFERRALS_H_
