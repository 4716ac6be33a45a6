#include "services/referral/rpc/referral_service.h"

#include <utility>

#include "redress/referral/v1/referral_service.grpc.pb.h"
#include "services/referral/domain/access.h"
#include "services/referral/rpc/event_stream.h"
#include "services/referral/rpc/evidence_streams.h"
#include "services/referral/rpc/method_registrar.h"

namespace redress::referral {
namespace {

using Api = v1::ReferralService;
// The events have messages of their own; see event_stream.h.
using Service =
    Layers<Api::WithAsyncMethod_ReadEvents<Api::Service>,
           Api::WithRawMethod_DownloadReferralEvidence, Api::WithRawMethod_UploadReferralEvidence,
           Api::WithRawMethod_ReferComplaint, Api::WithRawMethod_GetReferral,
           Api::WithRawMethod_ListReferrals, Api::WithRawMethod_AcknowledgeReferral,
           Api::WithRawMethod_AcceptReferral, Api::WithRawMethod_DeclineReferral,
           Api::WithRawMethod_RequestInformation, Api::WithRawMethod_ProvideInformation,
           Api::WithRawMethod_ForwardReferral, Api::WithRawMethod_StartReferral,
           Api::WithRawMethod_RecordStep, Api::WithRawMethod_HoldReferral,
           Api::WithRawMethod_ResumeReferral, Api::WithRawMethod_ProposeSolution,
           Api::WithRawMethod_WithdrawProposal, Api::WithRawMethod_AnswerProposal,
           Api::WithRawMethod_ConcludeReferral, Api::WithRawMethod_RecallReferral,
           Api::WithRawMethod_RequeueReferral, Api::WithRawMethod_UpdateDisclosure,
           Api::WithRawMethod_RecordReferralMoney, Api::WithRawMethod_ListReferralEvidence>::Type;
constexpr std::string_view kServiceName = "redress.referral.v1.ReferralService";

}  // namespace

struct ReferralService::Generated {
  explicit Generated(ReferralFiles& files) : evidence(files) {}

  Service service;
  EvidenceStreams evidence;
};

ReferralService::ReferralService(const ReferralRooms& rooms)
    : rooms_(rooms), generated_(std::make_unique<Generated>(rooms.files)) {}
ReferralService::~ReferralService() = default;

void ReferralService::Register(rpc::Server& server) {
  MethodRegistrar<Service> methods(server, generated_->service, kServiceName, ReferralAccess());

  HomeVerbs& home = rooms_.home;
  methods.Verb("ReferComplaint", &Service::RequestReferComplaint, home, &HomeVerbs::ReferComplaint);
  methods.Verb("ProvideInformation", &Service::RequestProvideInformation, home,
               &HomeVerbs::ProvideInformation);
  methods.Verb("AnswerProposal", &Service::RequestAnswerProposal, home, &HomeVerbs::AnswerProposal);
  methods.Verb("RecallReferral", &Service::RequestRecallReferral, home, &HomeVerbs::RecallReferral);
  methods.Verb("RequeueReferral", &Service::RequestRequeueReferral, home,
               &HomeVerbs::RequeueReferral);
  methods.Verb("UpdateDisclosure", &Service::RequestUpdateDisclosure, home,
               &HomeVerbs::UpdateDisclosure);

  ReceiverVerbs& receiver = rooms_.receiver;
  methods.Verb("AcknowledgeReferral", &Service::RequestAcknowledgeReferral, receiver,
               &ReceiverVerbs::AcknowledgeReferral);
  methods.Verb("AcceptReferral", &Service::RequestAcceptReferral, receiver,
               &ReceiverVerbs::AcceptReferral);
  methods.Verb("DeclineReferral", &Service::RequestDeclineReferral, receiver,
               &ReceiverVerbs::DeclineReferral);
  methods.Verb("RequestInformation", &Service::RequestRequestInformation, receiver,
               &ReceiverVerbs::RequestInformation);
  methods.Verb("ForwardReferral", &Service::RequestForwardReferral, receiver,
               &ReceiverVerbs::ForwardReferral);
  methods.Verb("StartReferral", &Service::RequestStartReferral, receiver,
               &ReceiverVerbs::StartReferral);
  methods.Verb("RecordStep", &Service::RequestRecordStep, receiver, &ReceiverVerbs::RecordStep);
  methods.Verb("HoldReferral", &Service::RequestHoldReferral, receiver,
               &ReceiverVerbs::HoldReferral);
  methods.Verb("ResumeReferral", &Service::RequestResumeReferral, receiver,
               &ReceiverVerbs::ResumeReferral);
  methods.Verb("ProposeSolution", &Service::RequestProposeSolution, receiver,
               &ReceiverVerbs::ProposeSolution);
  methods.Verb("WithdrawProposal", &Service::RequestWithdrawProposal, receiver,
               &ReceiverVerbs::WithdrawProposal);
  methods.Verb("ConcludeReferral", &Service::RequestConcludeReferral, receiver,
               &ReceiverVerbs::ConcludeReferral);
  methods.Verb("RecordReferralMoney", &Service::RequestRecordReferralMoney, receiver,
               &ReceiverVerbs::RecordReferralMoney);

  ReferralQueries& queries = rooms_.queries;
  methods.Verb("GetReferral", &Service::RequestGetReferral, queries, &ReferralQueries::GetReferral);
  methods.Verb("ListReferrals", &Service::RequestListReferrals, queries,
               &ReferralQueries::ListReferrals);
  methods.Verb("ListReferralEvidence", &Service::RequestListReferralEvidence, rooms_.files,
               &ReferralFiles::List);

  RegisterStreams(server);
}

void ReferralService::RegisterStreams(rpc::Server& server) {
  MethodRegistrar<Service> methods(server, generated_->service, kServiceName, ReferralAccess());
  EvidenceStreams& evidence = generated_->evidence;
  server.ClientStream(&generated_->service, &Service::RequestUploadReferralEvidence,
                      methods.NameOf("UploadReferralEvidence"),
                      methods.RuleOf("UploadReferralEvidence"),
                      service::WireUpload(&evidence, &EvidenceStreams::UploadEvidence));
  server.ServerStream(&generated_->service, &Service::RequestDownloadReferralEvidence,
                      methods.NameOf("DownloadReferralEvidence"),
                      methods.RuleOf("DownloadReferralEvidence"),
                      service::Wire(&evidence, &EvidenceStreams::DownloadEvidence));
  server.ServerStream(
      &generated_->service, &Service::RequestReadEvents, methods.NameOf("ReadEvents"),
      methods.RuleOf("ReadEvents"),
      [&queries = rooms_.queries, &followers = rooms_.followers](
          rpc::CallContext& context, v1::ReadEventsRequest request, EventWriter& writer) {
        return SendEvents(queries, followers, context, std::move(request), writer);
      });
}

}  // namespace redress::referral
