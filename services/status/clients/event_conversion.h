#ifndef REDRESS_SERVICES_STATUS_CLIENTS_EVENT_CONVERSION_H_
#define REDRESS_SERVICES_STATUS_CLIENTS_EVENT_CONVERSION_H_

#include "redress/intake/v1/events.pb.h"
#include "redress/referral/v1/events.pb.h"
#include "services/status/domain/events.h"

namespace redress::status {

// What status reads of an event. Kinds that it does not know become kOther, which only moves the
// cursor on: a newer intake or referral may write them.
IntakeEvent FromProto(const intake::v1::Event& from);
ReferralEvent FromProto(const referral::v1::Event& from);

}  // namespace redress::status

#endif  // REDRESS_SERVICES_STATUS_CLIENTS_EVENT_CONVERSION_H_
