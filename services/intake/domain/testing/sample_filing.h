#ifndef REDRESS_SERVICES_INTAKE_DOMAIN_TESTING_SAMPLE_FILING_H_
#define REDRESS_SERVICES_INTAKE_DOMAIN_TESTING_SAMPLE_FILING_H_

#include <string>

#include "services/intake/domain/complaint.h"
#include "services/platform/codes/iso_codes.h"
#include "services/platform/time/date.h"

namespace redress::intake {

// Data for tests: a filing that is valid in every part and fills every field, told after the 70
// workers who were paid RM 450 a month in place of RM 750. People are invented.

// The day on which the samples are valid.
inline constexpr Date kSampleToday{2026, 11, 22};

// The codes of the installed package, loaded once per process.
const IsoCodes& SampleCodes();

// A member with every field set, claiming MYR 7200.00; `number` makes name and reference differ.
GroupMember SampleMember(int number = 1);

Complaint SampleComplaint();

// A group complaint of `members` members, each of whom consents to FILING and to my:mtuc.
ComplaintFiling SampleFiling(int members = 2);

// An individual complaint with nothing but what is required.
ComplaintFiling SmallestFiling();

Consent SampleConsent(std::string purpose, std::string receiver_body_id);

}  // namespace redress::intake

#endif  // REDRESS_SERVICES_INTAKE_DOMAIN_TESTING_SAMPLE_FILING_H_
