#include "services/intake/rpc/services_rpc.h"

#include <utility>

#include "fmt/format.h"
#include "services/intake/rpc/common_conversion.h"
#include "services/intake/rpc/evidence_conversion.h"
#include "services/intake/rpc/request_reader.h"
#include "services/platform/status/status_macros.h"

namespace redress::intake {
namespace {

constexpr size_t kEventsPerRead = 256;

absl::StatusOr<v1::ReadEventsResponse> ToProto(const journal::LoggedEvent& logged,
                                               uint64_t last_number) {
  v1::ReadEventsResponse response;
  if (!response.mutable_event()->ParseFromString(logged.bytes)) {
    return absl::DataLossError(fmt::format("event {} cannot be read", logged.number));
  }
  response.mutable_event()->set_number(logged.number);
  response.mutable_event()->set_commit_number(logged.version);
  response.set_last_number(last_number);
  return response;
}

}  // namespace

async::Task<absl::StatusOr<v1::DiscloseComplaintResponse>> ServicesRpc::DiscloseComplaint(
    rpc::CallContext& context, v1::DiscloseComplaintRequest request) {
  RequestReader reader;
  DiscloseCommand command;
  command.referral_id = reader.Referral(request.referral_id());
  command.disclosure_number = request.disclosure_number();
  command.case_number = reader.Number(request.case_number());
  command.receiver_body_id = std::move(*request.mutable_receiver_body_id());
  command.member_ids = TakeTexts(request.mutable_member_ids());
  command.groups = FromProto(request.groups());
  command.consenting_only = request.consenting_only();
  command.preview = request.preview();
  command.reopen = request.reopen();
  command.page = reader.Page(request.page_size(), request.page_token());
  if (!reader.ok()) co_return reader.ToStatus();
  Caller caller = context.shared_principal();
  // Kept: the answer repeats what was asked for.
  DiscloseCommand asked = command;
  const absl::StatusOr<DisclosurePage> page =
      co_await parts_.app.disclosures().DiscloseComplaint(std::move(caller), std::move(command));
  CO_RETURN_IF_ERROR(page.status());
  co_return redress::intake::ToProto(*page, asked, parts_.node.ToString());
}

async::Task<absl::StatusOr<v1::SettleDisclosureResponse>> ServicesRpc::SettleDisclosure(
    rpc::CallContext& context, v1::SettleDisclosureRequest request) {
  RequestReader reader;
  ReferralId referral_id = reader.Referral(request.referral_id());
  if (!reader.ok()) co_return reader.ToStatus();
  Caller caller = context.shared_principal();
  std::string outcome = std::move(*request.mutable_outcome());
  const absl::StatusOr<SettledDisclosure> settled =
      co_await parts_.app.disclosures().SettleDisclosure(std::move(caller), std::move(referral_id),
                                                         std::move(outcome));
  CO_RETURN_IF_ERROR(settled.status());
  co_return redress::intake::ToProto(*settled);
}

async::Task<absl::Status> ServicesRpc::ReadEvents(rpc::CallContext& context,
                                                  v1::ReadEventsRequest request,
                                                  rpc::Writer<v1::ReadEventsResponse>& out) {
  EventFeed& events = parts_.app.events();
  const async::CancellationToken cancellation = context.cancellation();
  uint64_t after = request.after();
  while (!cancellation.IsCancelled()) {
    const absl::StatusOr<EventPage> page = co_await events.Read(after, kEventsPerRead);
    CO_RETURN_IF_ERROR(page.status());
    for (const journal::LoggedEvent& logged : page->events) {
      CO_ASSIGN_OR_RETURN(v1::ReadEventsResponse response, ToProto(logged, page->last_number));
      const bool wanted = co_await out.Write(std::move(response));
      if (!wanted) co_return absl::OkStatus();
      after = logged.number;
    }
    if (after < page->last_number) continue;
    if (!request.follow()) co_return absl::OkStatus();
    const async::Wake wake = co_await events.WaitBeyond(after, cancellation, kSignOfLife);
    if (wake != async::Wake::kTimedOut) continue;
    v1::ReadEventsResponse sign_of_life;
    sign_of_life.set_last_number(page->last_number);
    const bool wanted = co_await out.Write(std::move(sign_of_life));
    if (!wanted) break;
  }
  co_return absl::OkStatus();
}

}  // namespace redress::intake
