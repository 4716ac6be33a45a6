#ifndef REDRESS_SERVICES_INTAKE_RPC_PERSON_CONVERSION_H_
#define REDRESS_SERVICES_INTAKE_RPC_PERSON_CONVERSION_H_

#include "redress/intake/v1/claim.pb.h"
#include "redress/intake/v1/person.pb.h"
#include "services/intake/domain/person.h"

namespace redress::intake {

// The people of a complaint and what they claim, between the API and the domain, both ways. See
// common_conversion.h for what all converters have in common.

// The member's id as it was written, be it one or not.
GroupMember FromProto(v1::GroupMember&& member);
v1::GroupMember ToProto(const GroupMember& member);

Consent FromProto(v1::Consent&& consent);
v1::Consent ToProto(const Consent& consent);

ClaimLine FromProto(v1::ClaimLine&& line);
v1::ClaimLine ToProto(const ClaimLine& line);

FeeLine FromProto(v1::FeeLine&& line);
v1::FeeLine ToProto(const FeeLine& line);

}  // namespace redress::intake

#endif  // REDRESS_SERVICES_INTAKE_RPC_PERSON_CONVERSION_H_
