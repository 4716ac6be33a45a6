#include "services/intake/rpc/evidence_rpc.h"

#include <memory>
#include <optional>
#include <utility>

#include "services/intake/domain/case_decisions.h"
#include "services/intake/rpc/answer_conversion.h"
#include "services/intake/rpc/evidence_conversion.h"
#include "services/intake/rpc/request_reader.h"
#include "services/platform/status/refusal.h"
#include "services/platform/status/status_macros.h"

namespace redress::intake {
namespace {

using Part = service::Incoming<v1::UploadEvidenceRequest>;

absl::Status NotInOrder(const char* expected, const v1::UploadEvidenceRequest& seen) {
  const char* what = seen.has_header() ? "header" : seen.has_chunk() ? "chunk" : "nothing";
  return Refuse(absl::StatusCode::kInvalidArgument, "NOT_IN_ORDER",
                "an upload is one header and then chunks",
                {{"expected", expected}, {"seen", what}});
}

}  // namespace

async::Task<absl::StatusOr<std::unique_ptr<EvidenceUpload>>> EvidenceRpc::StartUpload(
    rpc::CallContext& context, v1::EvidenceHeader header) {
  RequestReader reader;
  RequestMark mark = reader.Mark(header);
  UploadCommand command{.target = reader.TargetAtAnyVersion(header.case_number(), header.etag()),
                        .file = FromProto(std::move(*header.mutable_file()))};
  if (!reader.ok()) {
    ValidateEvidenceFile(command.file, "file", parts_.Validation(), reader.violations());
    co_return reader.ToStatus();
  }
  Caller caller = context.shared_principal();
  auto upload = co_await parts_.app.evidence().StartUpload(std::move(caller), std::move(mark),
                                                           std::move(command));
  co_return upload;
}

async::Task<absl::StatusOr<v1::UploadEvidenceResponse>> EvidenceRpc::UploadEvidence(
    rpc::CallContext& context, rpc::Reader<Part>& in) {
  std::optional<Part> part = co_await in.Read();
  if (!part.has_value()) part.emplace();
  if (!part->message.has_header()) {
    CO_RETURN_IF_ERROR(part->status);
    co_return NotInOrder("header", part->message);
  }
  v1::EvidenceHeader header = std::move(*part->message.mutable_header());
  if (!part->status.ok()) {
    service::UnreadableRequest unreadable(part->status);
    if (unreadable.Disarm(context.method(), header)) {
      const auto refused = co_await StartUpload(context, std::move(header));
      unreadable.Take(refused.status());
    }
    co_return unreadable.ToStatus();
  }
  const absl::StatusOr<std::unique_ptr<EvidenceUpload>> upload =
      co_await StartUpload(context, std::move(header));
  CO_RETURN_IF_ERROR(upload.status());
  if ((*upload)->answered().has_value()) co_return UploadedToProto(*(*upload)->answered());
  while (true) {
    part = co_await in.Read();
    if (!part.has_value()) break;
    CO_RETURN_IF_ERROR(part->status);
    if (!part->message.has_chunk()) co_return NotInOrder("chunk", part->message);
    std::string chunk = std::move(*part->message.mutable_chunk());
    const absl::Status written = co_await (*upload)->Write(std::move(chunk));
    CO_RETURN_IF_ERROR(written);
  }
  // A stream that broke also ends the reading: what came of it is not to be taken for the whole.
  CO_RETURN_IF_ERROR(context.cancellation().ToStatus());
  const absl::StatusOr<VerbAnswer> answer = co_await (*upload)->Finish();
  CO_RETURN_IF_ERROR(answer.status());
  co_return UploadedToProto(*answer);
}

async::Task<absl::Status> EvidenceRpc::DownloadEvidence(
    rpc::CallContext& context, v1::DownloadEvidenceRequest request,
    rpc::Writer<v1::DownloadEvidenceResponse>& out) {
  RequestReader reader;
  CaseNumber number = reader.Number(request.case_number());
  RandomId evidence_id = reader.Id(request.evidence_id(), "evidence_id", true);
  std::optional<ReferralId> referral_id;
  if (!request.referral_id().empty()) referral_id = reader.Referral(request.referral_id());
  if (!reader.ok()) co_return reader.ToStatus();
  Caller caller = context.shared_principal();
  const absl::StatusOr<std::unique_ptr<EvidenceDownload>> download =
      co_await parts_.app.evidence().StartDownload(std::move(caller), std::move(number),
                                                   std::move(evidence_id), request.offset(),
                                                   std::move(referral_id));
  CO_RETURN_IF_ERROR(download.status());
  v1::DownloadEvidenceResponse first;
  *first.mutable_file() = ToProto((*download)->file());
  bool wanted = co_await out.Write(std::move(first));
  while (wanted) {
    absl::StatusOr<std::string> bytes = co_await (*download)->Next();
    CO_RETURN_IF_ERROR(bytes.status());
    if (bytes->empty()) break;
    v1::DownloadEvidenceResponse next;
    next.set_chunk(*std::move(bytes));
    wanted = co_await out.Write(std::move(next));
  }
  co_return absl::OkStatus();
}

async::Task<absl::StatusOr<v1::ListEvidenceResponse>> EvidenceRpc::ListEvidence(
    rpc::CallContext& context, v1::ListEvidenceRequest request) {
  RequestReader reader;
  CaseNumber number = reader.Number(request.case_number());
  PageRequest page = reader.Page(request.page_size(), request.page_token());
  if (!reader.ok()) co_return reader.ToStatus();
  Caller caller = context.shared_principal();
  const absl::StatusOr<EvidencePage> found = co_await parts_.app.evidence().ListEvidence(
      std::move(caller), std::move(number), std::move(page));
  CO_RETURN_IF_ERROR(found.status());
  v1::ListEvidenceResponse response;
  for (const EvidenceView& file : found->files) *response.add_files() = ToProto(file);
  response.set_next_page_token(found->next_page_token);
  co_return response;
}

}  // namespace redress::intake
