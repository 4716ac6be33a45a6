#include "services/referral/rpc/exchange_service.h"

#include <optional>
#include <string>
#include <utility>

#include "redress/exchange/v1/exchange_service.grpc.pb.h"
#include "services/platform/status/status_macros.h"
#include "services/referral/app/proto_time.h"
#include "services/referral/rpc/stream_order.h"

namespace redress::referral {
namespace {

namespace wire = exchange::v1;
using Service = wire::ExchangeService::AsyncService;
using DeliverReader = rpc::Reader<wire::DeliverRequest>;
using DeliverWriter = rpc::Writer<wire::DeliverResponse>;
using TransferReader = rpc::Reader<wire::TransferFileRequest>;
using TransferWriter = rpc::Writer<wire::TransferFileResponse>;

LinkOpening FromProto(wire::LinkOpening opening) {
  LinkOpening from;
  from.sender_node = std::move(*opening.mutable_sender_node());
  from.recipient_node = std::move(*opening.mutable_recipient_node());
  from.link_epoch = opening.link_epoch();
  from.last_sequence = opening.last_sequence();
  from.last_digest = std::move(*opening.mutable_last_digest());
  from.restores = opening.restores();
  return from;
}

FileOpening FromProto(wire::FileOpening opening) {
  FileOpening from;
  from.referral_id = std::move(*opening.mutable_referral_id());
  from.evidence_id = std::move(*opening.mutable_evidence_id());
  from.transfer_sha256 = std::move(*opening.mutable_transfer_sha256());
  from.transfer_bytes = opening.transfer_bytes();
  return from;
}

wire::DeliverResponse StateFrame(const LinkState& state) {
  wire::DeliverResponse frame;
  wire::LinkState& out = *frame.mutable_state();
  out.set_next_sequence(state.next_sequence);
  out.set_last_digest(state.last_digest);
  out.set_window(state.window);
  SetTimestamp(state.now, out.mutable_now());
  return frame;
}

absl::Status PeerGone() { return absl::CancelledError("the peer has gone"); }

async::Task<absl::Status> Deliver(Inbound& inbound, std::string peer, DeliverReader& reader,
                                  DeliverWriter& writer) {
  std::optional<wire::DeliverRequest> first = co_await reader.Read();
  if (!first.has_value()) co_return NotInOrder("opening", "the end");
  if (!first->has_opening()) co_return NotInOrder("opening", "envelope");
  LinkOpening opening = FromProto(std::move(*first->mutable_opening()));
  absl::StatusOr<LinkState> state = co_await inbound.Open(peer, std::move(opening));
  if (!state.ok()) co_return state.status();
  wire::DeliverResponse frame = StateFrame(*state);
  bool written = co_await writer.Write(std::move(frame));
  while (written) {
    std::optional<wire::DeliverRequest> next = co_await reader.Read();
    if (!next.has_value()) co_return absl::OkStatus();
    if (!next->has_envelope()) co_return NotInOrder("envelope", "opening");
    wire::Envelope envelope = std::move(*next->mutable_envelope());
    absl::StatusOr<ReceiptFrame> receipt =
        co_await inbound.HandleEnvelope(peer, std::move(envelope));
    if (!receipt.ok()) co_return receipt.status();
    wire::DeliverResponse answer;
    *answer.mutable_receipt() = std::move(receipt->receipt);
    answer.set_duplicate(receipt->duplicate);
    written = co_await writer.Write(std::move(answer));
  }
  co_return PeerGone();
}

// Takes the pieces until all bytes are there; CANCELLED when the stream ends before, and then what
// arrived is kept for the next one.
async::Task<absl::Status> TakePieces(FileReception& reception, int64_t all_bytes,
                                     TransferReader& reader) {
  int64_t have = reception.resume_offset();
  while (have < all_bytes) {
    std::optional<wire::TransferFileRequest> next = co_await reader.Read();
    if (!next.has_value()) co_return PeerGone();
    if (!next->has_chunk()) co_return NotInOrder("chunk", "opening");
    CO_RETURN_IF_ERROR(CheckChunk("chunk.data", next->chunk().data()));
    const int64_t offset = next->chunk().offset();
    have = offset + static_cast<int64_t>(next->chunk().data().size());
    std::string bytes = std::move(*next->mutable_chunk()->mutable_data());
    const absl::Status appended = co_await reception.Append(offset, std::move(bytes));
    if (!appended.ok()) co_return appended;
  }
  co_return absl::OkStatus();
}

async::Task<absl::Status> TransferFile(ReferralFiles& files, std::string peer,
                                       TransferReader& reader, TransferWriter& writer) {
  std::optional<wire::TransferFileRequest> first = co_await reader.Read();
  if (!first.has_value()) co_return NotInOrder("opening", "the end");
  if (!first->has_opening()) co_return NotInOrder("opening", "chunk");
  FileOpening opening = FromProto(std::move(*first->mutable_opening()));
  const int64_t all_bytes = opening.transfer_bytes;
  absl::StatusOr<std::unique_ptr<FileReception>> reception =
      co_await files.Receive(std::move(peer), std::move(opening));
  if (!reception.ok()) co_return reception.status();
  wire::TransferFileResponse resume;
  resume.mutable_resume()->set_offset((*reception)->resume_offset());
  const bool resumed = co_await writer.Write(std::move(resume));
  if (!resumed) co_return PeerGone();
  const absl::Status taken = co_await TakePieces(**reception, all_bytes, reader);
  if (!taken.ok()) co_return taken;
  absl::StatusOr<FileStored> stored = co_await (*reception)->Finish();
  if (!stored.ok()) co_return stored.status();
  wire::TransferFileResponse answer;
  answer.mutable_stored()->set_commit_number(stored->commit_number);
  SetTimestamp(stored->stored_at, answer.mutable_stored()->mutable_stored_at());
  const bool written = co_await writer.Write(std::move(answer));
  co_return written ? absl::OkStatus() : PeerGone();
}

}  // namespace

struct ExchangeService::Generated {
  Service service;
};

ExchangeService::ExchangeService(Inbound& inbound, ReferralFiles& files)
    : inbound_(inbound), files_(files), generated_(std::make_unique<Generated>()) {}
ExchangeService::~ExchangeService() = default;

void ExchangeService::Register(rpc::Server& server) {
  server.PeerBidi(&generated_->service, &Service::RequestDeliver,
                  "/redress.exchange.v1.ExchangeService/Deliver",
                  [this](rpc::CallContext& context, DeliverReader& reader, DeliverWriter& writer) {
                    return Deliver(inbound_, context.peer_node(), reader, writer);
                  });
  server.PeerBidi(
      &generated_->service, &Service::RequestTransferFile,
      "/redress.exchange.v1.ExchangeService/TransferFile",
      [this](rpc::CallContext& context, TransferReader& reader, TransferWriter& writer) {
        return TransferFile(files_, context.peer_node(), reader, writer);
      });
}

}  // namespace redress::referral
