#ifndef REDRESS_SERVICES_REFERRAL_APP_RECEIVER_VERBS_H_
#define REDRESS_SERVICES_REFERRAL_APP_RECEIVER_VERBS_H_

#include "redress/referral/v1/files.pb.h"
#include "redress/referral/v1/requests_receiver.pb.h"
#include "services/referral/app/parts.h"

namespace redress::referral {

// The verbs that a receiver's contacts use on referrals addressed to their body; see HomeVerbs for
// what all verbs have in common. RecordReferralMoney is here because it is the destination's verb;
// home records money at intake.
class ReceiverVerbs {
 public:
  explicit ReceiverVerbs(const AppParts& parts) : parts_(parts) {}

  Answer<v1::AcknowledgeReferralResponse> AcknowledgeReferral(
      Caller caller, v1::AcknowledgeReferralRequest request);
  Answer<v1::AcceptReferralResponse> AcceptReferral(Caller caller,
                                                    v1::AcceptReferralRequest request);
  Answer<v1::DeclineReferralResponse> DeclineReferral(Caller caller,
                                                      v1::DeclineReferralRequest request);
  Answer<v1::RequestInformationResponse> RequestInformation(Caller caller,
                                                            v1::RequestInformationRequest request);
  Answer<v1::ForwardReferralResponse> ForwardReferral(Caller caller,
                                                      v1::ForwardReferralRequest request);
  Answer<v1::StartReferralResponse> StartReferral(Caller caller, v1::StartReferralRequest request);
  Answer<v1::RecordStepResponse> RecordStep(Caller caller, v1::RecordStepRequest request);
  Answer<v1::HoldReferralResponse> HoldReferral(Caller caller, v1::HoldReferralRequest request);
  Answer<v1::ResumeReferralResponse> ResumeReferral(Caller caller,
                                                    v1::ResumeReferralRequest request);
  Answer<v1::ProposeSolutionResponse> ProposeSolution(Caller caller,
                                                      v1::ProposeSolutionRequest request);
  Answer<v1::WithdrawProposalResponse> WithdrawProposal(Caller caller,
                                                        v1::WithdrawProposalRequest request);
  Answer<v1::ConcludeReferralResponse> ConcludeReferral(Caller caller,
                                                        v1::ConcludeReferralRequest request);
  Answer<v1::RecordReferralMoneyResponse> RecordReferralMoney(
      Caller caller, v1::RecordReferralMoneyRequest request);

 private:
  const AppParts& parts_;
};

}  // namespace redress::referral

#endif  // REDRESS_SERVICES_REFERRAL_APP_RECEIVER_VERBS_H_
