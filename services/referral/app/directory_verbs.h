#ifndef REDRESS_SERVICES_REFERRAL_APP_DIRECTORY_VERBS_H_
#define REDRESS_SERVICES_REFERRAL_APP_DIRECTORY_VERBS_H_

#include "redress/referral/v1/directory_requests.pb.h"
#include "services/referral/app/parts.h"

namespace redress::referral {

// Bodies, agreements and postings. Entries of this node are changed here and published to every
// peer in the same commit; copies of other nodes' entries are read-only. It holds no data of
// workers, so every verified caller may read it, postings excepted.
class DirectoryVerbs {
 public:
  explicit DirectoryVerbs(const AppParts& parts) : parts_(parts) {}

  Answer<v1::PutBodyResponse> PutBody(Caller caller, v1::PutBodyRequest request);
  Answer<v1::GetBodyResponse> GetBody(Caller caller, v1::GetBodyRequest request);
  Answer<v1::ListBodiesResponse> ListBodies(Caller caller, v1::ListBodiesRequest request);

  Answer<v1::PutAgreementResponse> PutAgreement(Caller caller, v1::PutAgreementRequest request);
  Answer<v1::GetAgreementResponse> GetAgreement(Caller caller, v1::GetAgreementRequest request);
  Answer<v1::ListAgreementsResponse> ListAgreements(Caller caller,
                                                    v1::ListAgreementsRequest request);

  Answer<v1::PutPostingResponse> PutPosting(Caller caller, v1::PutPostingRequest request);
  Answer<v1::GetPostingResponse> GetPosting(Caller caller, v1::GetPostingRequest request);
  Answer<v1::ListPostingsResponse> ListPostings(Caller caller, v1::ListPostingsRequest request);

  Answer<v1::SuggestRecipientsResponse> SuggestRecipients(Caller caller,
                                                          v1::SuggestRecipientsRequest request);

 private:
  const AppParts& parts_;
};

}  // namespace redress::referral

#endif  // REDRESS_SERVICES_REFERRAL_APP_DIRECTORY_VERBS_H_
