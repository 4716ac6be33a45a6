#include "services/intake/rpc/answer_conversion.h"

#include "services/intake/rpc/case_conversion.h"
#include "services/intake/rpc/money_conversion.h"

namespace redress::intake {
namespace {

template <class Response>
void PutReceipts(const VerbAnswer& answer, const std::vector<std::string>& own_references,
                 Response* response) {
  for (size_t i = 0; i < answer.member_ids.size(); ++i) {
    v1::MemberReceipt* receipt = response->add_receipts();
    receipt->set_member_id(answer.member_ids[i].ToString());
    if (i < answer.tracking_codes.size()) receipt->set_tracking_code(answer.tracking_codes[i]);
    if (i < own_references.size()) receipt->set_own_reference(own_references[i]);
  }
}

template <class Response>
void PutSuggestions(const VerbAnswer& answer, Response* response) {
  if (!answer.suggestions) return;
  *response->mutable_urgency_suggestion() = ToProto(answer.suggestions->urgency);
  for (const IndicatorSuggestion& indicator : answer.suggestions->indicators) {
    *response->add_suggested_indicators() = ToProto(indicator);
  }
}

}  // namespace

v1::FileComplaintResponse FiledToProto(const VerbAnswer& answer,
                                       const std::vector<std::string>& own_references) {
  auto response = MovedToProto<v1::FileComplaintResponse>(answer);
  PutReceipts(answer, own_references, &response);
  PutSuggestions(answer, &response);
  return response;
}

v1::AddGroupMembersResponse AddedToProto(const VerbAnswer& answer,
                                         const std::vector<std::string>& own_references) {
  auto response = MovedToProto<v1::AddGroupMembersResponse>(answer);
  PutReceipts(answer, own_references, &response);
  response.set_member_count(answer.member_count);
  return response;
}

v1::AmendComplaintResponse AmendedToProto(const VerbAnswer& answer) {
  auto response = MovedToProto<v1::AmendComplaintResponse>(answer);
  response.set_amendment_number(answer.amendment_number);
  PutSuggestions(answer, &response);
  return response;
}

v1::WithdrawComplaintResponse WithdrawnToProto(const VerbAnswer& answer) {
  auto response = MovedToProto<v1::WithdrawComplaintResponse>(answer);
  if (answer.undo_until) *response.mutable_undo_until() = ToProto(*answer.undo_until);
  PutTexts(answer.referral_ids, response.mutable_affected_referral_ids());
  return response;
}

v1::RecordConsentResponse ConsentRecordedToProto(const VerbAnswer& answer) {
  auto response = MovedToProto<v1::RecordConsentResponse>(answer);
  response.set_member_count(answer.member_count);
  return response;
}

v1::RevokeConsentResponse ConsentRevokedToProto(const VerbAnswer& answer) {
  auto response = MovedToProto<v1::RevokeConsentResponse>(answer);
  response.set_member_count(answer.member_count);
  PutTexts(answer.referral_ids, response.mutable_affected_referral_ids());
  return response;
}

v1::RecordMoneyResponse MoneyRecordedToProto(const VerbAnswer& answer, const IsoCodes& codes) {
  auto response = MovedToProto<v1::RecordMoneyResponse>(answer);
  for (const RandomId& id : answer.entry_ids) response.add_entry_ids(id.ToString());
  for (const MoneyTotals& totals : answer.totals) {
    *response.add_totals() = ToProto(totals, "", codes);
  }
  return response;
}

v1::RequestApprovalResponse ApprovalRequestedToProto(const VerbAnswer& answer) {
  auto response = MovedToProto<v1::RequestApprovalResponse>(answer);
  response.set_approval_id(answer.created_id.ToString());
  return response;
}

v1::ApproveResponse ApprovedToProto(const VerbAnswer& answer) {
  auto response = MovedToProto<v1::ApproveResponse>(answer);
  for (const RandomId& id : answer.entry_ids) response.add_entry_ids(id.ToString());
  return response;
}

v1::UploadEvidenceResponse UploadedToProto(const VerbAnswer& answer) {
  auto response = MovedToProto<v1::UploadEvidenceResponse>(answer);
  response.set_evidence_id(answer.created_id.ToString());
  return response;
}

v1::ImportedComplaint ImportedToProto(const VerbAnswer& answer) {
  v1::ImportedComplaint proto;
  proto.set_case_number(answer.case_number.ToString());
  proto.set_etag(ToEtag(answer.version));
  proto.set_commit_number(answer.version);
  proto.set_member_count(static_cast<uint32_t>(answer.member_ids.size()));
  proto.set_already_imported(answer.repeated);
  for (const Warning& warning : answer.warnings) *proto.add_warnings() = ToProto(warning);
  return proto;
}

}  // namespace redress::intake
