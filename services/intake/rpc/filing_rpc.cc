#include "services/intake/rpc/filing_rpc.h"

#include <utility>
#include <vector>

#include "services/intake/domain/validate_complaint.h"
#include "services/intake/rpc/answer_conversion.h"
#include "services/intake/rpc/common_conversion.h"
#include "services/intake/rpc/complaint_conversion.h"
#include "services/intake/rpc/person_conversion.h"
#include "services/intake/rpc/request_reader.h"
#include "services/platform/status/status_macros.h"

namespace redress::intake {
namespace {

std::vector<std::string> OwnReferences(const std::vector<GroupMember>& members) {
  std::vector<std::string> references;
  references.reserve(members.size());
  for (const GroupMember& member : members) references.push_back(member.own_reference);
  return references;
}

template <class Proto>
auto FromProtos(google::protobuf::RepeatedPtrField<Proto>* protos) {
  std::vector<decltype(FromProto(std::declval<Proto&&>()))> converted;
  converted.reserve(protos->size());
  for (Proto& proto : *protos) converted.push_back(FromProto(std::move(proto)));
  return converted;
}

}  // namespace

async::Task<absl::StatusOr<v1::FileComplaintResponse>> FilingRpc::FileComplaint(
    rpc::CallContext& context, v1::FileComplaintRequest request) {
  RequestReader reader;
  RequestMark mark = reader.Mark(request);
  reader.CheckSize(request.filing(), "filing");
  ComplaintFiling filing = FromProto(std::move(*request.mutable_filing()));
  if (!reader.ok()) {
    ValidateFiling(filing, "filing", parts_.Validation(), reader.violations());
    co_return reader.ToStatus();
  }
  const std::vector<std::string> own_references = OwnReferences(filing.members);
  Caller caller = context.shared_principal();
  const absl::StatusOr<VerbAnswer> answer = co_await parts_.app.filing().FileComplaint(
      std::move(caller), std::move(mark), std::move(filing));
  CO_RETURN_IF_ERROR(answer.status());
  co_return FiledToProto(*answer, own_references);
}

async::Task<absl::StatusOr<v1::AddGroupMembersResponse>> FilingRpc::AddGroupMembers(
    rpc::CallContext& context, v1::AddGroupMembersRequest request) {
  RequestReader reader;
  RequestMark mark = reader.Mark(request);
  reader.CheckSize(request, "members");
  AddMembersCommand command{.target = reader.Target(request.case_number(), request.etag()),
                            .members = FromProtos(request.mutable_members()),
                            .consents = FromProtos(request.mutable_consents())};
  if (!reader.ok()) {
    ValidateNewMembers(command.members, command.consents, parts_.Validation(), reader.violations());
    co_return reader.ToStatus();
  }
  const std::vector<std::string> own_references = OwnReferences(command.members);
  Caller caller = context.shared_principal();
  const absl::StatusOr<VerbAnswer> answer = co_await parts_.app.filing().AddGroupMembers(
      std::move(caller), std::move(mark), std::move(command));
  CO_RETURN_IF_ERROR(answer.status());
  co_return AddedToProto(*answer, own_references);
}

async::Task<absl::StatusOr<v1::AmendComplaintResponse>> FilingRpc::AmendComplaint(
    rpc::CallContext& context, v1::AmendComplaintRequest request) {
  RequestReader reader;
  RequestMark mark = reader.Mark(request);
  reader.CheckSize(request, "complaint");
  AmendCommand command;
  command.target = reader.Target(request.case_number(), request.etag());
  command.paths = TakeTexts(request.mutable_paths());
  if (request.has_complaint()) {
    command.complaint = FromProto(std::move(*request.mutable_complaint()));
  }
  if (request.has_member()) {
    command.member = FromProto(std::move(*request.mutable_member()));
    reader.Id(command.member->member_id.ToString(), "member.member_id", false);
  }
  command.reason = std::move(*request.mutable_reason());
  if (!reader.ok()) {
    NoteFaults(command, parts_.Validation(), reader.violations());
    co_return reader.ToStatus();
  }
  Caller caller = context.shared_principal();
  const absl::StatusOr<VerbAnswer> answer = co_await parts_.app.cases().AmendComplaint(
      std::move(caller), std::move(mark), std::move(command));
  CO_RETURN_IF_ERROR(answer.status());
  co_return AmendedToProto(*answer);
}

}  // namespace redress::intake
