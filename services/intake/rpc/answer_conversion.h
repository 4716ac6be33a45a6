#ifndef REDRESS_SERVICES_INTAKE_RPC_ANSWER_CONVERSION_H_
#define REDRESS_SERVICES_INTAKE_RPC_ANSWER_CONVERSION_H_

#include <string>
#include <vector>

#include "redress/intake/v1/approval.pb.h"
#include "redress/intake/v1/bulk_requests.pb.h"
#include "redress/intake/v1/case_requests.pb.h"
#include "redress/intake/v1/consent_requests.pb.h"
#include "redress/intake/v1/evidence.pb.h"
#include "redress/intake/v1/filing_requests.pb.h"
#include "redress/intake/v1/money.pb.h"
#include "services/intake/app/answers.h"
#include "services/intake/app/caller.h"
#include "services/intake/rpc/common_conversion.h"
#include "services/platform/codes/iso_codes.h"

namespace redress::intake {

// What a verb answered, as the response of its RPC. Every response has the same first six fields;
// PutCommon fills them, the functions below what is the verb's own.

template <class Response>
void PutCommon(const VerbAnswer& answer, Response* response) {
  response->set_case_number(answer.case_number.ToString());
  response->set_etag(ToEtag(answer.version));
  response->set_state(ToProto(answer.state));
  response->set_commit_number(answer.version);
  *response->mutable_committed_at() = ToProto(answer.committed_at);
  for (const Warning& warning : answer.warnings) *response->add_warnings() = ToProto(warning);
}

// `own_references` are those of the request's members, in its order: the answer that is remembered
// holds none, and the request that repeats a call holds the same ones.
v1::FileComplaintResponse FiledToProto(const VerbAnswer& answer,
                                       const std::vector<std::string>& own_references);
v1::AddGroupMembersResponse AddedToProto(const VerbAnswer& answer,
                                         const std::vector<std::string>& own_references);
v1::AmendComplaintResponse AmendedToProto(const VerbAnswer& answer);
v1::WithdrawComplaintResponse WithdrawnToProto(const VerbAnswer& answer);
v1::RecordConsentResponse ConsentRecordedToProto(const VerbAnswer& answer);
v1::RevokeConsentResponse ConsentRevokedToProto(const VerbAnswer& answer);
v1::RecordMoneyResponse MoneyRecordedToProto(const VerbAnswer& answer, const IsoCodes& codes);
v1::RequestApprovalResponse ApprovalRequestedToProto(const VerbAnswer& answer);
v1::ApproveResponse ApprovedToProto(const VerbAnswer& answer);
v1::UploadEvidenceResponse UploadedToProto(const VerbAnswer& answer);
v1::ImportedComplaint ImportedToProto(const VerbAnswer& answer);

// Screening, closing, reopening: nothing but the common fields.
template <class Response>
Response MovedToProto(const VerbAnswer& answer) {
  Response response;
  PutCommon(answer, &response);
  return response;
}

}  // namespace redress::intake

#endif  // REDRESS_SERVICES_INTAKE_RPC_ANSWER_CONVERSION_H_
