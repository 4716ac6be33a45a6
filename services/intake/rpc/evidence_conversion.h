#ifndef REDRESS_SERVICES_INTAKE_RPC_EVIDENCE_CONVERSION_H_
#define REDRESS_SERVICES_INTAKE_RPC_EVIDENCE_CONVERSION_H_

#include "redress/intake/v1/disclosure.pb.h"
#include "redress/intake/v1/evidence.pb.h"
#include "services/intake/app/commands.h"
#include "services/intake/app/views.h"

namespace redress::intake {

// Evidence files, and what leaves for a referral. See common_conversion.h for what all converters
// have in common.

EvidenceFile FromProto(v1::EvidenceFile&& file);
v1::EvidenceFile ToProto(const EvidenceRow& row);

// `command` is what was asked; `home_node` is this node.
v1::DiscloseComplaintResponse ToProto(const DisclosurePage& page, const DiscloseCommand& command,
                                      const std::string& home_node);
v1::SettleDisclosureResponse ToProto(const SettledDisclosure& settled);

}  // namespace redress::intake

#endif  // REDRESS_SERVICES_INTAKE_RPC_EVIDENCE_CONVERSION_H_
