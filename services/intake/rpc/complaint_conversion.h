#ifndef REDRESS_SERVICES_INTAKE_RPC_COMPLAINT_CONVERSION_H_
#define REDRESS_SERVICES_INTAKE_RPC_COMPLAINT_CONVERSION_H_

#include "redress/intake/v1/complaint.pb.h"
#include "services/intake/domain/complaint.h"

namespace redress::intake {

// A complaint between the API and the domain, both ways, field by field. See common_conversion.h
// for what all converters have in common. Members are in person_conversion.h.

ComplaintFiling FromProto(v1::ComplaintFiling&& filing);
v1::ComplaintFiling ToProto(const ComplaintFiling& filing);

Complaint FromProto(v1::Complaint&& complaint);
v1::Complaint ToProto(const Complaint& complaint);

Category FromProto(v1::Category&& category);
v1::Category ToProto(const Category& category);

Respondent FromProto(v1::Respondent&& respondent);
v1::Respondent ToProto(const Respondent& respondent);

ContractClause FromProto(v1::ContractClause&& clause);
v1::ContractClause ToProto(const ContractClause& clause);

}  // namespace redress::intake

#endif  // REDRESS_SERVICES_INTAKE_RPC_COMPLAINT_CONVERSION_H_
