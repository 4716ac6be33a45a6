#include "services/intake/rpc/money_rpc.h"

#include <utility>

#include "fmt/format.h"
#include "services/intake/domain/case_decisions.h"
#include "services/intake/rpc/answer_conversion.h"
#include "services/intake/rpc/common_conversion.h"
#include "services/intake/rpc/money_conversion.h"
#include "services/intake/rpc/request_reader.h"
#include "services/platform/status/status_macros.h"

namespace redress::intake {
namespace {

// Takes the entries, and notes instants that are none.
std::vector<NewMoneyEntry> TakeEntries(v1::RecordMoneyRequest& request, RequestReader& reader) {
  std::vector<NewMoneyEntry> entries;
  entries.reserve(request.entries_size());
  for (int i = 0; i < request.entries_size(); ++i) {
    v1::MoneyEntry& entry = *request.mutable_entries(i);
    if (entry.has_recorded_at()) {
      reader.Instant(true, entry.recorded_at(), fmt::format("entries[{}].recorded_at", i));
    }
    entries.push_back(FromProto(std::move(entry)));
  }
  return entries;
}

void ValidateEntries(const std::vector<NewMoneyEntry>& entries, const ValidationContext& validation,
                     FieldViolations& violations) {
  const FieldPath root("entries");
  for (size_t i = 0; i < entries.size(); ++i) {
    const FieldPath path = root.Item(i);
    ValidateMoneyEntry(entries[i].entry, path, validation, violations);
  }
}

}  // namespace

async::Task<absl::StatusOr<v1::RecordMoneyResponse>> MoneyRpc::RecordMoney(
    rpc::CallContext& context, v1::RecordMoneyRequest request) {
  RequestReader reader;
  RequestMark mark = reader.Mark(request);
  RecordMoneyCommand command{
      .target = reader.TargetAtAnyVersion(request.case_number(), request.etag()),
      .entries = TakeEntries(request, reader)};
  if (!reader.ok()) {
    ValidateEntries(command.entries, parts_.Validation(), reader.violations());
    co_return reader.ToStatus();
  }
  Caller caller = context.shared_principal();
  const absl::StatusOr<VerbAnswer> answer = co_await parts_.app.money().RecordMoney(
      std::move(caller), std::move(mark), std::move(command));
  CO_RETURN_IF_ERROR(answer.status());
  co_return MoneyRecordedToProto(*answer, parts_.codes);
}

async::Task<absl::StatusOr<v1::ListMoneyResponse>> MoneyRpc::ListMoney(
    rpc::CallContext& context, v1::ListMoneyRequest request) {
  RequestReader reader;
  CaseNumber number = reader.Number(request.case_number());
  MemberId member = reader.Id(request.member_id(), "member_id", false);
  PageRequest page = reader.Page(request.page_size(), request.page_token());
  if (!reader.ok()) co_return reader.ToStatus();
  Caller caller = context.shared_principal();
  const absl::StatusOr<MoneyPage> found = co_await parts_.app.money().ListMoney(
      std::move(caller), std::move(number), std::move(member), std::move(page));
  CO_RETURN_IF_ERROR(found.status());
  v1::ListMoneyResponse response;
  for (const MoneyRow& row : found->entries) *response.add_entries() = ToProto(row, parts_.codes);
  for (const MemberBalance& balance : found->member_balances) {
    for (const MoneyTotals& totals : balance.totals) {
      *response.add_member_balances() = ToProto(totals, balance.member_id.ToString(), parts_.codes);
    }
  }
  for (const MoneyTotals& totals : found->totals) {
    *response.add_totals() = ToProto(totals, "", parts_.codes);
  }
  response.set_next_page_token(found->next_page_token);
  co_return response;
}

async::Task<absl::StatusOr<v1::RequestApprovalResponse>> MoneyRpc::RequestApproval(
    rpc::CallContext& context, v1::RequestApprovalRequest request) {
  RequestReader reader;
  RequestMark mark = reader.Mark(request);
  RequestApprovalCommand command;
  command.target = reader.Target(request.case_number(), request.etag());
  command.member_ids = TakeTexts(request.mutable_member_ids());
  command.reason = std::move(*request.mutable_reason());
  if (request.has_consent_override()) {
    command.consent_override = FromProto(std::move(*request.mutable_consent_override()));
  }
  if (request.has_write_off()) {
    command.write_off = FromProto(std::move(*request.mutable_write_off()));
  }
  if (!reader.ok()) {
    NoteFaults(command, parts_.Validation(), reader.violations());
    co_return reader.ToStatus();
  }
  Caller caller = context.shared_principal();
  const absl::StatusOr<VerbAnswer> answer = co_await parts_.app.approvals().RequestApproval(
      std::move(caller), std::move(mark), std::move(command));
  CO_RETURN_IF_ERROR(answer.status());
  co_return ApprovalRequestedToProto(*answer);
}

async::Task<absl::StatusOr<v1::ApproveResponse>> MoneyRpc::Approve(rpc::CallContext& context,
                                                                   v1::ApproveRequest request) {
  RequestReader reader;
  RequestMark mark = reader.Mark(request);
  ApproveCommand command{.target = reader.Target(request.case_number(), request.etag()),
                         .approval_id = std::move(*request.mutable_approval_id()),
                         .decision = std::move(*request.mutable_decision()),
                         .reason = std::move(*request.mutable_reason())};
  if (!reader.ok()) {
    NoteFaults(command, parts_.Validation(), reader.violations());
    co_return reader.ToStatus();
  }
  Caller caller = context.shared_principal();
  const absl::StatusOr<VerbAnswer> answer = co_await parts_.app.approvals().Approve(
      std::move(caller), std::move(mark), std::move(command));
  CO_RETURN_IF_ERROR(answer.status());
  co_return ApprovedToProto(*answer);
}

}  // namespace redress::intake
