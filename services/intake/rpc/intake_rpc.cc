#include "services/intake/rpc/intake_rpc.h"

#include <string>
#include <utility>

#include "fmt/format.h"
#include "redress/intake/v1/intake_service.grpc.pb.h"
#include "services/intake/domain/access.h"
#include "services/intake/rpc/case_rpc.h"
#include "services/intake/rpc/evidence_rpc.h"
#include "services/intake/rpc/filing_rpc.h"
#include "services/intake/rpc/import_rpc.h"
#include "services/intake/rpc/money_rpc.h"
#include "services/intake/rpc/reading_rpc.h"
#include "services/intake/rpc/services_rpc.h"
#include "services/platform/rpc/server.h"
#include "services/platform/service/wire_handlers.h"

namespace redress::intake {
namespace {

using Api = v1::IntakeService;

// Every method over the bytes of the wire (platform/service/wire_handlers.h); in the layers that
// the generated templates want.
using FilingLayer = Api::WithRawMethod_FileComplaint<
    Api::WithRawMethod_AddGroupMembers<Api::WithRawMethod_AmendComplaint<
        Api::WithRawMethod_ImportComplaints<Api::WithRawMethod_FindSimilar<Api::Service>>>>>;
using ReadingLayer = Api::WithRawMethod_GetComplaint<
    Api::WithRawMethod_ListComplaints<Api::WithRawMethod_ListGroupMembers<FilingLayer>>>;
using MovingLayer = Api::WithRawMethod_ScreenComplaint<Api::WithRawMethod_WithdrawComplaint<
    Api::WithRawMethod_CloseComplaint<Api::WithRawMethod_ReopenComplaint<ReadingLayer>>>>;
using ConsentLayer =
    Api::WithRawMethod_RecordConsent<Api::WithRawMethod_RevokeConsent<MovingLayer>>;
using EvidenceLayer = Api::WithRawMethod_UploadEvidence<
    Api::WithRawMethod_DownloadEvidence<Api::WithRawMethod_ListEvidence<ConsentLayer>>>;
using MoneyLayer = Api::WithRawMethod_RecordMoney<Api::WithRawMethod_ListMoney<
    Api::WithRawMethod_RequestApproval<Api::WithRawMethod_Approve<EvidenceLayer>>>>;
using RawService = Api::WithRawMethod_DiscloseComplaint<
    Api::WithRawMethod_SettleDisclosure<Api::WithRawMethod_ReadEvents<MoneyLayer>>>;

std::string PathOf(std::string_view verb) {
  return fmt::format("/{}/{}", Api::service_full_name(), verb);
}

// The role gate of the verb, from the one table.
rpc::AccessRule RuleOf(std::string_view verb) {
  return [verb](const rpc::CallContext& context) {
    return IntakeAccess().Check(verb, context.principal());
  };
}

}  // namespace

class IntakeRpc::Impl {
 public:
  explicit Impl(const RpcParts& parts)
      : parts_(parts),
        filing_(parts_),
        cases_(parts_),
        money_(parts_),
        reading_(parts_),
        evidence_(parts_),
        importing_(parts_),
        services_(parts_) {}

  void RegisterWith(rpc::Server& server) {
    RegisterFiling(server);
    RegisterReading(server);
    RegisterCases(server);
    RegisterMoney(server);
    RegisterStreams(server);
  }

 private:
  template <class Method, class Handlers, class Verb>
  void Unary(rpc::Server& server, Method method, std::string_view name, Handlers& handlers,
             Verb verb) {
    server.Unary(&service_, method, PathOf(name), RuleOf(name), service::Wire(&handlers, verb));
  }

  void RegisterFiling(rpc::Server& server);
  void RegisterReading(rpc::Server& server);
  void RegisterCases(rpc::Server& server);
  void RegisterMoney(rpc::Server& server);
  void RegisterStreams(rpc::Server& server);

  const RpcParts parts_;
  FilingRpc filing_;
  CaseRpc cases_;
  MoneyRpc money_;
  ReadingRpc reading_;
  EvidenceRpc evidence_;
  ImportRpc importing_;
  ServicesRpc services_;
  RawService service_;
};

void IntakeRpc::Impl::RegisterFiling(rpc::Server& server) {
  Unary(server, &RawService::RequestFileComplaint, "FileComplaint", filing_,
        &FilingRpc::FileComplaint);
  Unary(server, &RawService::RequestAddGroupMembers, "AddGroupMembers", filing_,
        &FilingRpc::AddGroupMembers);
  Unary(server, &RawService::RequestAmendComplaint, "AmendComplaint", filing_,
        &FilingRpc::AmendComplaint);
}

void IntakeRpc::Impl::RegisterReading(rpc::Server& server) {
  Unary(server, &RawService::RequestGetComplaint, "GetComplaint", reading_,
        &ReadingRpc::GetComplaint);
  Unary(server, &RawService::RequestListComplaints, "ListComplaints", reading_,
        &ReadingRpc::ListComplaints);
  Unary(server, &RawService::RequestListGroupMembers, "ListGroupMembers", reading_,
        &ReadingRpc::ListGroupMembers);
  Unary(server, &RawService::RequestFindSimilar, "FindSimilar", reading_, &ReadingRpc::FindSimilar);
  Unary(server, &RawService::RequestListEvidence, "ListEvidence", evidence_,
        &EvidenceRpc::ListEvidence);
}

void IntakeRpc::Impl::RegisterCases(rpc::Server& server) {
  Unary(server, &RawService::RequestScreenComplaint, "ScreenComplaint", cases_,
        &CaseRpc::ScreenComplaint);
  Unary(server, &RawService::RequestWithdrawComplaint, "WithdrawComplaint", cases_,
        &CaseRpc::WithdrawComplaint);
  Unary(server, &RawService::RequestCloseComplaint, "CloseComplaint", cases_,
        &CaseRpc::CloseComplaint);
  Unary(server, &RawService::RequestReopenComplaint, "ReopenComplaint", cases_,
        &CaseRpc::ReopenComplaint);
  Unary(server, &RawService::RequestRecordConsent, "RecordConsent", cases_,
        &CaseRpc::RecordConsent);
  Unary(server, &RawService::RequestRevokeConsent, "RevokeConsent", cases_,
        &CaseRpc::RevokeConsent);
  Unary(server, &RawService::RequestDiscloseComplaint, "DiscloseComplaint", services_,
        &ServicesRpc::DiscloseComplaint);
  Unary(server, &RawService::RequestSettleDisclosure, "SettleDisclosure", services_,
        &ServicesRpc::SettleDisclosure);
}

void IntakeRpc::Impl::RegisterMoney(rpc::Server& server) {
  Unary(server, &RawService::RequestRecordMoney, "RecordMoney", money_, &MoneyRpc::RecordMoney);
  Unary(server, &RawService::RequestListMoney, "ListMoney", money_, &MoneyRpc::ListMoney);
  Unary(server, &RawService::RequestRequestApproval, "RequestApproval", money_,
        &MoneyRpc::RequestApproval);
  Unary(server, &RawService::RequestApprove, "Approve", money_, &MoneyRpc::Approve);
}

void IntakeRpc::Impl::RegisterStreams(rpc::Server& server) {
  server.ClientStream(&service_, &RawService::RequestUploadEvidence, PathOf("UploadEvidence"),
                      RuleOf("UploadEvidence"),
                      service::WireUpload(&evidence_, &EvidenceRpc::UploadEvidence));
  server.ServerStream(&service_, &RawService::RequestDownloadEvidence, PathOf("DownloadEvidence"),
                      RuleOf("DownloadEvidence"),
                      service::Wire(&evidence_, &EvidenceRpc::DownloadEvidence));
  server.Bidi(&service_, &RawService::RequestImportComplaints, PathOf("ImportComplaints"),
              RuleOf("ImportComplaints"),
              service::WireBidi(&importing_, &ImportRpc::ImportComplaints));
  server.ServerStream(&service_, &RawService::RequestReadEvents, PathOf("ReadEvents"),
                      RuleOf("ReadEvents"), service::Wire(&services_, &ServicesRpc::ReadEvents));
}

IntakeRpc::IntakeRpc(const RpcParts& parts) : impl_(std::make_unique<Impl>(parts)) {}
IntakeRpc::~IntakeRpc() = default;
void IntakeRpc::RegisterWith(rpc::Server& server) { impl_->RegisterWith(server); }

}  // namespace redress::intake
