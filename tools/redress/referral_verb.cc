#include "tools/redress/referral_verb.h"

namespace redress::cli {

absl::StatusOr<std::string> CurrentReferralEtag(Session& session, const std::string& referral_id) {
  redress::referral::v1::GetReferralRequest request;
  request.set_referral_id(referral_id);
  request.set_member_page_size(1);
  const std::unique_ptr<ReferralStub> stub = ReferralOf(session);
  ASSIGN_OR_RETURN(const auto response, session.Call(*stub, &ReferralStub::GetReferral, request));
  return response.referral().etag();
}

}  // namespace redress::cli
