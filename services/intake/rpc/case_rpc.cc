#include "services/intake/rpc/case_rpc.h"

#include <utility>

#include "services/intake/domain/case_decisions.h"
#include "services/intake/rpc/answer_conversion.h"
#include "services/intake/rpc/common_conversion.h"
#include "services/intake/rpc/complaint_conversion.h"
#include "services/intake/rpc/person_conversion.h"
#include "services/intake/rpc/request_reader.h"
#include "services/platform/status/status_macros.h"

namespace redress::intake {
namespace {

template <class Request>
std::optional<WorkerInstruction> TakeInstruction(Request& request) {
  if (!request.has_instruction()) return std::nullopt;
  return FromProto(std::move(*request.mutable_instruction()));
}

ScreeningDecision DecisionOf(v1::ScreenComplaintRequest& request) {
  ScreeningDecision decision;
  decision.admit = request.admit();
  decision.primary_category = FromProto(std::move(*request.mutable_primary_category()));
  for (v1::Category& category : *request.mutable_secondary_categories()) {
    decision.secondary_categories.push_back(FromProto(std::move(category)));
  }
  decision.urgency = std::move(*request.mutable_urgency());
  decision.forced_labour_indicators = TakeTexts(request.mutable_forced_labour_indicators());
  decision.reason = std::move(*request.mutable_reason());
  decision.note = std::move(*request.mutable_note());
  return decision;
}

WithdrawalDecision DecisionOf(v1::WithdrawComplaintRequest& request) {
  return {.member_ids = TakeTexts(request.mutable_member_ids()),
          .reason = std::move(*request.mutable_reason()),
          .note = std::move(*request.mutable_note()),
          .instruction = TakeInstruction(request)};
}

ClosingDecision DecisionOf(v1::CloseComplaintRequest& request) {
  return {.outcome = FromProto(request.outcome()),
          .remedies_obtained = TakeTexts(request.mutable_remedies_obtained()),
          .sanctions = TakeTexts(request.mutable_sanctions()),
          .reason = std::move(*request.mutable_reason()),
          .note = std::move(*request.mutable_note())};
}

static_assert(static_cast<int>(ReopenKind::kReopen) == v1::REOPEN_KIND_REOPEN);
static_assert(static_cast<int>(ReopenKind::kUndoWithdrawal) == v1::REOPEN_KIND_UNDO_WITHDRAWAL);
static_assert(static_cast<int>(ReopenKind::kContest) == v1::REOPEN_KIND_CONTEST);

ReopeningDecision DecisionOf(v1::ReopenComplaintRequest& request) {
  const v1::ReopenKind kind = request.kind();
  return {.kind = v1::ReopenKind_IsValid(kind) ? static_cast<ReopenKind>(kind)
                                               : ReopenKind::kUnspecified,
          .reason = std::move(*request.mutable_reason()),
          .member_ids = TakeTexts(request.mutable_member_ids()),
          .instruction = TakeInstruction(request)};
}

}  // namespace

async::Task<absl::StatusOr<v1::ScreenComplaintResponse>> CaseRpc::ScreenComplaint(
    rpc::CallContext& context, v1::ScreenComplaintRequest request) {
  RequestReader reader;
  RequestMark mark = reader.Mark(request);
  ScreenCommand command{reader.Target(request.case_number(), request.etag()), DecisionOf(request)};
  if (!reader.ok()) {
    ValidateScreening(command.decision, parts_.Validation(), reader.violations());
    co_return reader.ToStatus();
  }
  Caller caller = context.shared_principal();
  const absl::StatusOr<VerbAnswer> answer = co_await parts_.app.cases().ScreenComplaint(
      std::move(caller), std::move(mark), std::move(command));
  CO_RETURN_IF_ERROR(answer.status());
  co_return MovedToProto<v1::ScreenComplaintResponse>(*answer);
}

async::Task<absl::StatusOr<v1::WithdrawComplaintResponse>> CaseRpc::WithdrawComplaint(
    rpc::CallContext& context, v1::WithdrawComplaintRequest request) {
  RequestReader reader;
  RequestMark mark = reader.Mark(request);
  WithdrawCommand command{reader.Target(request.case_number(), request.etag()),
                          DecisionOf(request)};
  if (!reader.ok()) {
    ValidateWithdrawal(command.decision, parts_.Validation(), reader.violations());
    co_return reader.ToStatus();
  }
  Caller caller = context.shared_principal();
  const absl::StatusOr<VerbAnswer> answer = co_await parts_.app.cases().WithdrawComplaint(
      std::move(caller), std::move(mark), std::move(command));
  CO_RETURN_IF_ERROR(answer.status());
  co_return WithdrawnToProto(*answer);
}

async::Task<absl::StatusOr<v1::CloseComplaintResponse>> CaseRpc::CloseComplaint(
    rpc::CallContext& context, v1::CloseComplaintRequest request) {
  RequestReader reader;
  RequestMark mark = reader.Mark(request);
  CloseCommand command{reader.Target(request.case_number(), request.etag()), DecisionOf(request)};
  if (!reader.ok()) {
    ValidateClosing(command.decision, parts_.Validation(), reader.violations());
    co_return reader.ToStatus();
  }
  Caller caller = context.shared_principal();
  const absl::StatusOr<VerbAnswer> answer = co_await parts_.app.cases().CloseComplaint(
      std::move(caller), std::move(mark), std::move(command));
  CO_RETURN_IF_ERROR(answer.status());
  co_return MovedToProto<v1::CloseComplaintResponse>(*answer);
}

async::Task<absl::StatusOr<v1::ReopenComplaintResponse>> CaseRpc::ReopenComplaint(
    rpc::CallContext& context, v1::ReopenComplaintRequest request) {
  RequestReader reader;
  RequestMark mark = reader.Mark(request);
  ReopenCommand command{reader.Target(request.case_number(), request.etag()), DecisionOf(request)};
  if (!reader.ok()) {
    ValidateReopening(command.decision, parts_.Validation(), reader.violations());
    co_return reader.ToStatus();
  }
  Caller caller = context.shared_principal();
  const absl::StatusOr<VerbAnswer> answer = co_await parts_.app.cases().ReopenComplaint(
      std::move(caller), std::move(mark), std::move(command));
  CO_RETURN_IF_ERROR(answer.status());
  co_return MovedToProto<v1::ReopenComplaintResponse>(*answer);
}

async::Task<absl::StatusOr<v1::RecordConsentResponse>> CaseRpc::RecordConsent(
    rpc::CallContext& context, v1::RecordConsentRequest request) {
  RequestReader reader;
  RequestMark mark = reader.Mark(request);
  RecordConsentCommand command{.target = reader.Target(request.case_number(), request.etag()),
                               .member_ids = TakeTexts(request.mutable_member_ids())};
  for (v1::Consent& consent : *request.mutable_consents()) {
    command.consents.push_back(FromProto(std::move(consent)));
  }
  if (!reader.ok()) {
    NoteFaults(command, parts_.Validation(), reader.violations());
    co_return reader.ToStatus();
  }
  Caller caller = context.shared_principal();
  const absl::StatusOr<VerbAnswer> answer = co_await parts_.app.consents().RecordConsent(
      std::move(caller), std::move(mark), std::move(command));
  CO_RETURN_IF_ERROR(answer.status());
  co_return ConsentRecordedToProto(*answer);
}

async::Task<absl::StatusOr<v1::RevokeConsentResponse>> CaseRpc::RevokeConsent(
    rpc::CallContext& context, v1::RevokeConsentRequest request) {
  RequestReader reader;
  RequestMark mark = reader.Mark(request);
  RevokeConsentCommand command{.target = reader.Target(request.case_number(), request.etag()),
                               .member_ids = TakeTexts(request.mutable_member_ids()),
                               .purpose = std::move(*request.mutable_purpose()),
                               .receiver_body_id = std::move(*request.mutable_receiver_body_id()),
                               .instruction = TakeInstruction(request)};
  if (!reader.ok()) {
    NoteFaults(command, parts_.Validation(), reader.violations());
    co_return reader.ToStatus();
  }
  Caller caller = context.shared_principal();
  const absl::StatusOr<VerbAnswer> answer = co_await parts_.app.consents().RevokeConsent(
      std::move(caller), std::move(mark), std::move(command));
  CO_RETURN_IF_ERROR(answer.status());
  co_return ConsentRevokedToProto(*answer);
}

}  // namespace redress::intake
