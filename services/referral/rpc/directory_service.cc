#include "services/referral/rpc/directory_service.h"

#include "redress/referral/v1/directory_service.grpc.pb.h"
#include "services/referral/domain/access.h"
#include "services/referral/rpc/method_registrar.h"

namespace redress::referral {
namespace {

using Api = v1::DirectoryService;
using Service = Layers<Api::Service, Api::WithRawMethod_PutBody, Api::WithRawMethod_GetBody,
                       Api::WithRawMethod_ListBodies, Api::WithRawMethod_PutAgreement,
                       Api::WithRawMethod_GetAgreement, Api::WithRawMethod_ListAgreements,
                       Api::WithRawMethod_PutPosting, Api::WithRawMethod_GetPosting,
                       Api::WithRawMethod_ListPostings, Api::WithRawMethod_SuggestRecipients>::Type;

}  // namespace

struct DirectoryService::Generated {
  Service service;
};

DirectoryService::DirectoryService(DirectoryVerbs& verbs)
    : verbs_(verbs), generated_(std::make_unique<Generated>()) {}
DirectoryService::~DirectoryService() = default;

void DirectoryService::Register(rpc::Server& server) {
  MethodRegistrar<Service> methods(server, generated_->service,
                                   "redress.referral.v1.DirectoryService", DirectoryAccess());
  methods.Verb("PutBody", &Service::RequestPutBody, verbs_, &DirectoryVerbs::PutBody);
  methods.Verb("GetBody", &Service::RequestGetBody, verbs_, &DirectoryVerbs::GetBody);
  methods.Verb("ListBodies", &Service::RequestListBodies, verbs_, &DirectoryVerbs::ListBodies);
  methods.Verb("PutAgreement", &Service::RequestPutAgreement, verbs_,
               &DirectoryVerbs::PutAgreement);
  methods.Verb("GetAgreement", &Service::RequestGetAgreement, verbs_,
               &DirectoryVerbs::GetAgreement);
  methods.Verb("ListAgreements", &Service::RequestListAgreements, verbs_,
               &DirectoryVerbs::ListAgreements);
  methods.Verb("PutPosting", &Service::RequestPutPosting, verbs_, &DirectoryVerbs::PutPosting);
  methods.Verb("GetPosting", &Service::RequestGetPosting, verbs_, &DirectoryVerbs::GetPosting);
  methods.Verb("ListPostings", &Service::RequestListPostings, verbs_,
               &DirectoryVerbs::ListPostings);
  methods.Verb("SuggestRecipients", &Service::RequestSuggestRecipients, verbs_,
               &DirectoryVerbs::SuggestRecipients);
}

}  // namespace redress::referral
