#include "services/referral/rpc/evidence_streams.h"

#include <optional>
#include <string>
#include <utility>

#include "services/platform/service/unreadable_request.h"
#include "services/platform/status/status_macros.h"
#include "services/referral/rpc/stream_order.h"

namespace redress::referral {

namespace {

Answer<v1::UploadReferralEvidenceResponse> TakePieces(FileUpload& upload,
                                                      rpc::Reader<EvidencePart>& reader) {
  while (true) {
    std::optional<EvidencePart> part = co_await reader.Read();
    if (!part.has_value()) break;
    CO_RETURN_IF_ERROR(part->status);
    if (part->message.has_header()) co_return NotInOrder("chunk", "header");
    CO_RETURN_IF_ERROR(CheckChunk("chunk", part->message.chunk()));
    std::string bytes = std::move(*part->message.mutable_chunk());
    const absl::Status appended = co_await upload.Append(std::move(bytes));
    if (!appended.ok()) co_return appended;
  }
  co_return co_await upload.Finish();
}

}  // namespace

Answer<v1::UploadReferralEvidenceResponse> EvidenceStreams::UploadEvidence(
    rpc::CallContext& context, rpc::Reader<EvidencePart>& reader) {
  std::optional<EvidencePart> first = co_await reader.Read();
  if (!first.has_value()) co_return NotInOrder("header", "the end");
  if (!first->message.has_header()) {
    CO_RETURN_IF_ERROR(first->status);
    co_return NotInOrder("header", "chunk");
  }
  v1::ReferralEvidenceHeader header = std::move(*first->message.mutable_header());
  if (!first->status.ok()) {
    service::UnreadableRequest unreadable(first->status);
    if (unreadable.Disarm(context.method(), header)) {
      const absl::StatusOr<ReferralFiles::Begun> refused =
          co_await files_.BeginUpload(context.shared_principal(), std::move(header));
      unreadable.Take(refused.status());
    }
    co_return unreadable.ToStatus();
  }
  absl::StatusOr<ReferralFiles::Begun> begun =
      co_await files_.BeginUpload(context.shared_principal(), std::move(header));
  if (!begun.ok()) co_return begun.status();
  if (begun->upload == nullptr) co_return std::move(begun->answered);
  co_return co_await TakePieces(*begun->upload, reader);
}

async::Task<absl::Status> EvidenceStreams::DownloadEvidence(
    rpc::CallContext& context, v1::DownloadReferralEvidenceRequest request,
    DownloadWriter& writer) {
  absl::StatusOr<std::unique_ptr<FileDownload>> download =
      co_await files_.Download(context.shared_principal(), std::move(request));
  if (!download.ok()) co_return download.status();
  v1::DownloadReferralEvidenceResponse head;
  *head.mutable_file() = (*download)->file();
  bool written = co_await writer.Write(std::move(head));
  while (written) {
    absl::StatusOr<std::string> bytes = co_await (*download)->Next();
    if (!bytes.ok()) co_return bytes.status();
    if (bytes->empty()) co_return absl::OkStatus();
    v1::DownloadReferralEvidenceResponse piece;
    *piece.mutable_chunk() = *std::move(bytes);
    written = co_await writer.Write(std::move(piece));
  }
  co_return absl::CancelledError("the reader has gone");
}

}  // namespace redress::referral
