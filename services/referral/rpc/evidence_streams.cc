#include "services/referral/rpc/evidence_streams.h"

#include <optional>
#include <string>
#include <utility>

#include "services/platform/service/wire_message.h"
#include "services/platform/status/status_macros.h"
#include "services/referral/rpc/stream_order.h"

namespace redress::referral {

namespace {

// The next message; nothing at the end.
Answer<std::optional<v1::UploadReferralEvidenceRequest>> ReadMessage(
    rpc::Reader<grpc::ByteBuffer>& reader) {
  std::optional<v1::UploadReferralEvidenceRequest> message;
  std::optional<grpc::ByteBuffer> bytes = co_await reader.Read();
  if (!bytes.has_value()) co_return message;
  message.emplace();
  absl::Status parsed = service::ParseMessage(*bytes, *message);
  if (!parsed.ok()) co_return parsed;
  co_return message;
}

Answer<v1::UploadReferralEvidenceResponse> TakePieces(FileUpload& upload,
                                                      rpc::Reader<grpc::ByteBuffer>& reader) {
  while (true) {
    absl::StatusOr<std::optional<v1::UploadReferralEvidenceRequest>> message =
        co_await ReadMessage(reader);
    if (!message.ok()) co_return message.status();
    if (!message->has_value()) break;
    if ((*message)->has_header()) co_return NotInOrder("chunk", "header");
    CO_RETURN_IF_ERROR(CheckChunk("chunk", (*message)->chunk()));
    std::string bytes = std::move(*(*message)->mutable_chunk());
    const absl::Status appended = co_await upload.Append(std::move(bytes));
    if (!appended.ok()) co_return appended;
  }
  co_return co_await upload.Finish();
}

}  // namespace

Answer<grpc::ByteBuffer> UploadEvidence(ReferralFiles& files, rpc::CallContext& context,
                                        rpc::Reader<grpc::ByteBuffer>& reader) {
  absl::StatusOr<std::optional<v1::UploadReferralEvidenceRequest>> first =
      co_await ReadMessage(reader);
  if (!first.ok()) co_return first.status();
  if (!first->has_value()) co_return NotInOrder("header", "the end");
  if (!(*first)->has_header()) co_return NotInOrder("header", "chunk");
  v1::ReferralEvidenceHeader header = std::move(*(*first)->mutable_header());
  absl::StatusOr<ReferralFiles::Begun> begun =
      co_await files.BeginUpload(context.shared_principal(), std::move(header));
  if (!begun.ok()) co_return begun.status();
  if (begun->upload == nullptr) co_return service::ToBytes(begun->answered);
  absl::StatusOr<v1::UploadReferralEvidenceResponse> stored =
      co_await TakePieces(*begun->upload, reader);
  if (!stored.ok()) co_return stored.status();
  co_return service::ToBytes(*stored);
}

async::Task<absl::Status> DownloadEvidence(ReferralFiles& files, rpc::CallContext& context,
                                           v1::DownloadReferralEvidenceRequest request,
                                           DownloadWriter& writer) {
  absl::StatusOr<std::unique_ptr<FileDownload>> download =
      co_await files.Download(context.shared_principal(), std::move(request));
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
