#include "services/referral/clients/peer_client.h"

#include <optional>
#include <utility>

#include "absl/time/clock.h"
#include "fmt/format.h"
#include "redress/exchange/v1/exchange_service.grpc.pb.h"
#include "services/platform/rpc/client.h"
#include "services/platform/rpc/client_stream.h"
#include "services/platform/status/refusal.h"
#include "services/platform/status/status_macros.h"
#include "services/referral/app/proto_time.h"

namespace redress::referral {
namespace {

namespace wire = exchange::v1;
using Stub = wire::ExchangeService::Stub;
using DeliverWire = rpc::DuplexStream<wire::DeliverRequest, wire::DeliverResponse>;
using TransferWire = rpc::DuplexStream<wire::TransferFileRequest, wire::TransferFileResponse>;

// A connection that died without a word is noticed at the latest when the stream's time is over;
// opening a new one costs two small messages.
constexpr absl::Duration kDeliverTime = absl::Minutes(10);
constexpr absl::Duration kTransferTime = absl::Minutes(30);
// How long a peer may take to answer the first frame.
constexpr absl::Duration kOpeningTime = absl::Seconds(20);

// A stream never ends well but by what ends it on purpose.
absl::Status Ended(absl::Status status) {
  return status.ok() ? absl::UnavailableError("the peer ended the stream") : status;
}

// Cancels the stream unless it is told in time that all is well.
template <class Stream>
class OpeningGuard {
 public:
  OpeningGuard(rpc::EventLoop& loop, Stream& stream) : stream_(std::make_shared<Stream*>(&stream)) {
    loop.PostAfter(kOpeningTime, [weak = std::weak_ptr<Stream*>(stream_)] {
      if (const auto stream = weak.lock()) (*stream)->Cancel();
    });
  }

 private:
  std::shared_ptr<Stream*> stream_;
};

// Sends the first frame and waits for the answer, then looks who gave it.
template <class Stream, class Request, class Response>
async::Task<absl::StatusOr<Response>> Introduce(rpc::EventLoop& loop, Stream& stream,
                                                Request opening, const Peer& peer) {
  const OpeningGuard<Stream> guard(loop, stream);
  co_await stream.Write(std::move(opening));
  std::optional<Response> first = co_await stream.Read();
  if (!first.has_value()) {
    absl::Status status = co_await stream.Finish();
    co_return Ended(std::move(status));
  }
  if (!peer.Shows(stream.Peer().certificate_sha256)) {
    stream.Cancel();
    co_return Refuse(absl::StatusCode::kPermissionDenied, "PEER_NOT_PINNED",
                     "another certificate than the pinned one answers at the peer's address",
                     {{"node_id", peer.node.ToString()}});
  }
  co_return *std::move(first);
}

class WireDeliver final : public DeliverStream {
 public:
  WireDeliver(std::unique_ptr<DeliverWire> stream, LinkState state)
      : stream_(std::move(stream)), state_(std::move(state)) {}

  const LinkState& state() const override { return state_; }

  async::Task<bool> Send(wire::Envelope envelope) override {
    wire::DeliverRequest frame;
    *frame.mutable_envelope() = std::move(envelope);
    return stream_->Write(std::move(frame));
  }

  async::Task<absl::StatusOr<ReceiptFrame>> Receive() override {
    std::optional<wire::DeliverResponse> frame = co_await stream_->Read();
    if (!frame.has_value()) {
      absl::Status status = co_await stream_->Finish();
      co_return Ended(std::move(status));
    }
    if (!frame->has_receipt()) {
      stream_->Cancel();
      co_return absl::InvalidArgumentError("the peer sent another frame than a receipt");
    }
    ReceiptFrame receipt;
    receipt.receipt = std::move(*frame->mutable_receipt());
    receipt.duplicate = frame->duplicate();
    co_return receipt;
  }

  void Cancel() override { stream_->Cancel(); }

 private:
  const std::unique_ptr<DeliverWire> stream_;
  const LinkState state_;
};

class WireFile final : public FileStream {
 public:
  WireFile(std::unique_ptr<TransferWire> stream, int64_t resume_offset)
      : stream_(std::move(stream)), resume_offset_(resume_offset) {}

  int64_t resume_offset() const override { return resume_offset_; }

  async::Task<bool> Send(int64_t offset, std::string bytes) override {
    wire::TransferFileRequest message;
    message.mutable_chunk()->set_offset(offset);
    *message.mutable_chunk()->mutable_data() = std::move(bytes);
    return stream_->Write(std::move(message));
  }

  async::Task<absl::StatusOr<FileStored>> Finish() override {
    co_await stream_->WritesDone();
    std::optional<wire::TransferFileResponse> last = co_await stream_->Read();
    if (!last.has_value() || !last->has_stored()) {
      if (last.has_value()) stream_->Cancel();
      absl::Status status = co_await stream_->Finish();
      co_return Ended(std::move(status));
    }
    // The file is there, whatever becomes of the rest of the stream.
    FileStored stored;
    stored.commit_number = last->stored().commit_number();
    stored.stored_at = ToTime(last->stored().stored_at());
    co_return stored;
  }

 private:
  const std::unique_ptr<TransferWire> stream_;
  const int64_t resume_offset_;
};

LinkState FromProto(wire::LinkState state) {
  LinkState from;
  from.next_sequence = state.next_sequence();
  from.last_digest = std::move(*state.mutable_last_digest());
  from.window = state.window();
  from.now = ToTime(state.now());
  return from;
}

absl::Status NoSuchPeer(const std::string& peer) { return NotFound(fmt::format("peer {}", peer)); }

rpc::CallOptions Options(absl::Duration time, async::CancellationToken cancellation) {
  rpc::CallOptions options;
  options.deadline = absl::Now() + time;
  options.cancellation = std::move(cancellation);
  return options;
}

}  // namespace

struct PeerClient::Connection {
  Connection(Peer peer, const std::shared_ptr<grpc::Channel>& channel)
      : peer(std::move(peer)), stub(channel) {}
  const Peer peer;
  Stub stub;
};

PeerClient::PeerClient(rpc::EventLoop& loop, std::string own, PeerPort& loopback)
    : loop_(loop), own_(std::move(own)), loopback_(loopback) {}
PeerClient::~PeerClient() = default;

absl::StatusOr<std::unique_ptr<PeerClient>> PeerClient::Make(rpc::EventLoop& loop, std::string own,
                                                             PeerPort& loopback,
                                                             const PeerRegistry& peers,
                                                             const rpc::TlsFiles& files) {
  std::unique_ptr<PeerClient> client(new PeerClient(loop, std::move(own), loopback));
  for (const Peer& peer : peers.peers()) {
    rpc::ChannelOptions options;
    options.target = peer.address;
    options.tls = files;
    ASSIGN_OR_RETURN(std::shared_ptr<grpc::Channel> channel, rpc::OpenChannel(options));
    client->connections_.emplace(peer.node.ToString(), std::make_unique<Connection>(peer, channel));
  }
  return client;
}

PeerClient::Connection* PeerClient::Find(const std::string& peer) const {
  const auto found = connections_.find(peer);
  return found == connections_.end() ? nullptr : found->second.get();
}

async::Task<absl::StatusOr<std::unique_ptr<DeliverStream>>> PeerClient::OpenDeliver(
    std::string peer, LinkOpening opening, async::CancellationToken cancellation) {
  if (peer == own_) {
    auto looped = co_await loopback_.OpenDeliver(std::move(peer), std::move(opening),
                                                 std::move(cancellation));
    co_return looped;
  }
  Connection* connection = Find(peer);
  if (connection == nullptr) co_return NoSuchPeer(peer);
  rpc::CallOptions options = Options(kDeliverTime, std::move(cancellation));
  auto stream = co_await rpc::OpenBidi(loop_, connection->stub, &Stub::PrepareAsyncDeliver,
                                       std::move(options));
  if (!stream.ok()) co_return stream.status();
  wire::DeliverRequest frame;
  wire::LinkOpening& out = *frame.mutable_opening();
  out.set_sender_node(std::move(opening.sender_node));
  out.set_recipient_node(std::move(opening.recipient_node));
  out.set_link_epoch(opening.link_epoch);
  out.set_last_sequence(opening.last_sequence);
  out.set_last_digest(std::move(opening.last_digest));
  out.set_restores(opening.restores);
  absl::StatusOr<wire::DeliverResponse> first =
      co_await Introduce<DeliverWire, wire::DeliverRequest, wire::DeliverResponse>(
          loop_, **stream, std::move(frame), connection->peer);
  if (!first.ok()) co_return first.status();
  if (!first->has_state()) {
    co_return absl::InvalidArgumentError("the peer's first frame is not its state");
  }
  LinkState state = FromProto(std::move(*first->mutable_state()));
  std::unique_ptr<DeliverStream> deliver =
      std::make_unique<WireDeliver>(*std::move(stream), std::move(state));
  co_return deliver;
}

async::Task<absl::StatusOr<std::unique_ptr<FileStream>>> PeerClient::OpenTransfer(
    std::string peer, FileOpening opening, async::CancellationToken cancellation) {
  if (peer == own_) {
    auto looped = co_await loopback_.OpenTransfer(std::move(peer), std::move(opening),
                                                  std::move(cancellation));
    co_return looped;
  }
  Connection* connection = Find(peer);
  if (connection == nullptr) co_return NoSuchPeer(peer);
  rpc::CallOptions options = Options(kTransferTime, std::move(cancellation));
  auto stream = co_await rpc::OpenBidi(loop_, connection->stub, &Stub::PrepareAsyncTransferFile,
                                       std::move(options));
  if (!stream.ok()) co_return stream.status();
  wire::TransferFileRequest frame;
  wire::FileOpening& out = *frame.mutable_opening();
  out.set_referral_id(std::move(opening.referral_id));
  out.set_evidence_id(std::move(opening.evidence_id));
  out.set_transfer_sha256(std::move(opening.transfer_sha256));
  out.set_transfer_bytes(opening.transfer_bytes);
  absl::StatusOr<wire::TransferFileResponse> first =
      co_await Introduce<TransferWire, wire::TransferFileRequest, wire::TransferFileResponse>(
          loop_, **stream, std::move(frame), connection->peer);
  if (!first.ok()) co_return first.status();
  if (!first->has_resume()) {
    co_return absl::InvalidArgumentError("the peer's first message is not where to begin");
  }
  const int64_t offset = first->resume().offset();
  std::unique_ptr<FileStream> file = std::make_unique<WireFile>(*std::move(stream), offset);
  co_return file;
}

}  // namespace redress::referral
