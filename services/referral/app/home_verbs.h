#ifndef REDRESS_SERVICES_REFERRAL_APP_HOME_VERBS_H_
#define REDRESS_SERVICES_REFERRAL_APP_HOME_VERBS_H_

#include <vector>

#include "redress/referral/v1/requests_home.pb.h"
#include "services/referral/app/loaded_referral.h"
#include "services/referral/app/outbox.h"
#include "services/referral/app/parts.h"

namespace redress::referral {

class Disclosures;

// The verbs that the home side uses on referrals of its own cases. Each checks its request (all
// wrong fields at once), finds the referral (NOT_FOUND for absent and foreign alike), holds the
// etag, tries the life cycle and commits everything it leaves behind as one. The same request_id
// of the same caller is answered again from what was remembered.
//
// Roles are checked before (rpc); which cases a caller may touch is checked here. Runs on the
// parts' executor; calls may overlap.
class HomeVerbs {
 public:
  HomeVerbs(const AppParts& parts, Disclosures& disclosures)
      : parts_(parts), disclosures_(disclosures) {}

  Answer<v1::ReferComplaintResponse> ReferComplaint(Caller caller,
                                                    v1::ReferComplaintRequest request);
  Answer<v1::ProvideInformationResponse> ProvideInformation(Caller caller,
                                                            v1::ProvideInformationRequest request);
  Answer<v1::AnswerProposalResponse> AnswerProposal(Caller caller,
                                                    v1::AnswerProposalRequest request);
  Answer<v1::RecallReferralResponse> RecallReferral(Caller caller,
                                                    v1::RecallReferralRequest request);
  Answer<v1::RequeueReferralResponse> RequeueReferral(Caller caller,
                                                      v1::RequeueReferralRequest request);
  Answer<v1::UpdateDisclosureResponse> UpdateDisclosure(Caller caller,
                                                        v1::UpdateDisclosureRequest request);

 private:
  // What is sent again of a referral that was given up, or why it may not be.
  struct Requeued {
    absl::Status refused;
    kv::Version asked_at = 0;
    std::vector<OutgoingMessage> messages;
  };
  Answer<Requeued> Again(const LoadedReferral& loaded);

  const AppParts& parts_;
  Disclosures& disclosures_;
};

}  // namespace redress::referral

#endif  // REDRESS_SERVICES_REFERRAL_APP_HOME_VERBS_H_
