#ifndef REDRESS_SERVICES_REFERRAL_APP_CLOCK_CONVERSION_H_
#define REDRESS_SERVICES_REFERRAL_APP_CLOCK_CONVERSION_H_

#include <string>

#include "redress/referral/v1/business_calendar.pb.h"
#include "redress/referral/v1/directory.pb.h"
#include "redress/referral/v1/referral.pb.h"
#include "services/platform/status/field_violations.h"
#include "services/referral/domain/calendar.h"
#include "services/referral/domain/clocks.h"

namespace redress::referral {

// Calendars, clocks of agreements and clock rules as messages and as the rules know them. Pure
// functions. What cannot be read goes to `violations` under `field`; whether it is allowed is for
// CheckCalendar and ValidateAgreement.
v1::BusinessCalendar ToProto(const BusinessCalendar& calendar);
BusinessCalendar FromProto(const v1::BusinessCalendar& calendar, const std::string& field,
                           FieldViolations& violations);

v1::AgreementClocks ToProto(const AgreementClocks& clocks);
AgreementClocks FromProto(const v1::AgreementClocks& clocks, const std::string& field,
                          FieldViolations& violations);

v1::ClockRules ToProto(const ClockRules& rules);
// What a referral carries. A clock that is absent, or of no length that clocks have, is that of
// `otherwise`; a time zone that this node does not know counts as UTC. Home knows it, and home's
// times are what counts.
ClockRules FromProto(const v1::ClockRules& rules, const ClockRules& otherwise);

}  // namespace redress::referral

#endif  // REDRESS_SERVICES_REFERRAL_APP_CLOCK_CONVERSION_H_
