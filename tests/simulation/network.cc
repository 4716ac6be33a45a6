#include "tests/simulation/network.h"

#include <algorithm>

#include "services/platform/status/status_macros.h"

namespace redress::simulation {
namespace {

// As the binaries' peer client has it.
constexpr absl::Duration kStreamTime = absl::Minutes(10);
constexpr absl::Duration kNoticed = absl::Seconds(30);

}  // namespace

// The sender's end of a stream.
class SenderEnd final : public referral::DeliverStream {
 public:
  SenderEnd(Network& network, Process& process, std::shared_ptr<Stream> stream, absl::Time deadline,
            async::CancellationToken cancellation)
      : network_(network),
        process_(process),
        stream_(std::move(stream)),
        deadline_(deadline),
        cancellation_(std::move(cancellation)) {}
  ~SenderEnd() override { Over(absl::CancelledError("given up")); }

  const referral::LinkState& state() const override { return *stream_->state; }

  // Waits for the receiver's first frame.
  async::Task<absl::Status> Introduce() {
    while (!stream_->state.has_value()) {
      const absl::Status status = co_await Wait();
      if (!status.ok()) co_return status;
    }
    co_return absl::OkStatus();
  }

  async::Task<bool> Send(exchange::v1::Envelope envelope) override {
    if (stream_->ended.has_value() || process_.dying()) co_return false;
    network_.SendEnvelope(stream_, std::move(envelope));
    co_return true;
  }

  async::Task<absl::StatusOr<referral::ReceiptFrame>> Receive() override {
    while (stream_->receipts.empty()) {
      absl::Status status = co_await Wait();
      if (!status.ok()) co_return status;
    }
    referral::ReceiptFrame frame = std::move(stream_->receipts.front());
    stream_->receipts.pop_front();
    co_return frame;
  }

  void Cancel() override { Over(absl::CancelledError("cancelled")); }

 private:
  void Over(absl::Status status) {
    if (stream_->ended.has_value()) return;
    stream_->EndAtSender(std::move(status));
    network_.Carry(stream_, false, [stream = stream_] { stream->EndAtReceiver(); });
  }

  async::Task<absl::Status> Wait() {
    if (stream_->ended.has_value()) co_return *stream_->ended;
    const uint64_t seen = stream_->at_sender.count();
    const absl::Duration limit = deadline_ - process_.scheduler().now();
    const async::Wake wake =
        co_await stream_->at_sender.WaitPast(process_, seen, cancellation_, limit);
    if (wake == async::Wake::kTimedOut) Over(absl::DeadlineExceededError("the stream's time"));
    if (wake == async::Wake::kCancelled) Over(absl::CancelledError("cancelled"));
    co_return absl::OkStatus();
  }

  Network& network_;
  Process& process_;
  const std::shared_ptr<Stream> stream_;
  const absl::Time deadline_;
  const async::CancellationToken cancellation_;
};

class Peers final : public referral::PeerPort {
 public:
  Peers(Network& network, std::string node, Process& process, referral::PeerPort& loopback)
      : network_(network), node_(std::move(node)), process_(process), loopback_(loopback) {}

  async::Task<absl::StatusOr<std::unique_ptr<referral::DeliverStream>>> OpenDeliver(
      std::string peer, referral::LinkOpening opening,
      async::CancellationToken cancellation) override {
    if (peer == node_) {
      co_return co_await loopback_.OpenDeliver(std::move(peer), std::move(opening), cancellation);
    }
    if (process_.dying()) co_return absl::CancelledError("the sender has crashed");
    const absl::Time deadline = process_.scheduler().now() + kStreamTime;
    auto end = std::make_unique<SenderEnd>(
        network_, process_, network_.Open(node_, peer, std::move(opening)), deadline, cancellation);
    const absl::Status introduced = co_await end->Introduce();
    CO_RETURN_IF_ERROR(introduced);
    std::unique_ptr<referral::DeliverStream> stream = std::move(end);
    co_return stream;
  }

  // No file is ever disclosed here.
  async::Task<absl::StatusOr<std::unique_ptr<referral::FileStream>>> OpenTransfer(
      std::string, referral::FileOpening, async::CancellationToken) override {
    co_return absl::UnimplementedError("files are not simulated");
  }

 private:
  Network& network_;
  const std::string node_;
  Process& process_;
  referral::PeerPort& loopback_;
};

std::unique_ptr<referral::PeerPort> Network::PeersOf(std::string node, Process& process,
                                                     referral::PeerPort& loopback) {
  return std::make_unique<Peers>(*this, std::move(node), process, loopback);
}

std::shared_ptr<Stream> Network::Open(const std::string& from, const std::string& to,
                                      referral::LinkOpening opening) {
  auto stream = std::make_shared<Stream>(from, to);
  stream->opening = std::move(opening);
  stream->comes_again = !calm_ && dice_.Chance(options_.repeated_streams);
  std::erase_if(streams_, [](const auto& one) { return one.expired(); });
  streams_.push_back(stream);
  Carry(stream, false, [this, stream] { Begin(stream); });
  return stream;
}

void Network::Begin(const std::shared_ptr<Stream>& stream) {
  Process* process = doors_.at(stream->to)->process();
  if (process == nullptr) {
    Carry(stream, true, [stream] { stream->EndAtSender(absl::UnavailableError("it is down")); });
    return;
  }
  async::Spawn(*process, ReceiveAll(stream, *process));
}

void Network::SendEnvelope(const std::shared_ptr<Stream>& stream, exchange::v1::Envelope envelope) {
  if (stream->comes_again) stream->sent.push_back(envelope);
  auto kept = std::make_shared<exchange::v1::Envelope>(std::move(envelope));
  Carry(stream, false, [stream, kept] {
    stream->arrived.push_back(std::move(*kept));
    stream->at_receiver.Notify();
  });
  if (!calm_ && dice_.Chance(options_.broken_streams)) Break(stream);
}

void Network::Carry(const std::shared_ptr<Stream>& stream, bool back,
                    std::function<void()> arrive) {
  const Direction direction =
      back ? Direction(stream->to, stream->from) : Direction(stream->from, stream->to);
  absl::Time& last = back ? stream->last_back : stream->last_there;
  last = std::max(last + absl::Microseconds(1), scheduler_.now() + Delay());
  scheduler_.At(last, [this, direction, arrive = std::move(arrive)] {
    const auto cut = cut_.find(direction);
    if (cut == cut_.end()) return arrive();
    cut->second.push_back(arrive);
  });
}

void Network::Break(const std::shared_ptr<Stream>& stream) {
  if (stream->comes_again) {
    stream->comes_again = false;
    ComeAgain(*stream);
  }
  // Each end by itself: one may go on for a while, on a stream that leads nowhere.
  scheduler_.After(dice_.Between(absl::ZeroDuration(), kNoticed), [stream] {
    stream->EndAtSender(absl::UnavailableError("the connection broke"));
  });
  scheduler_.After(dice_.Between(absl::ZeroDuration(), kNoticed),
                   [stream] { stream->EndAtReceiver(); });
}

void Network::ComeAgain(const Stream& stream) {
  auto ghost = std::make_shared<Stream>(stream.from, stream.to);
  ghost->opening = stream.opening;
  const std::vector<exchange::v1::Envelope> sent = stream.sent;
  scheduler_.After(dice_.Between(absl::ZeroDuration(), absl::Minutes(5)), [this, ghost, sent] {
    Carry(ghost, false, [this, ghost] { Begin(ghost); });
    for (const exchange::v1::Envelope& envelope : sent) SendEnvelope(ghost, envelope);
    Carry(ghost, false, [ghost] { ghost->EndAtReceiver(); });
  });
}

void Network::Gone(const std::string& node) {
  for (const std::weak_ptr<Stream>& weak : streams_) {
    const std::shared_ptr<Stream> stream = weak.lock();
    if (stream != nullptr && (stream->from == node || stream->to == node)) Break(stream);
  }
}

void Network::Cut(const std::string& from, const std::string& to) {
  cut_.try_emplace(Direction(from, to));
}

void Network::Mend(const std::string& from, const std::string& to) {
  auto cut = cut_.extract(Direction(from, to));
  if (cut.empty()) return;
  // What was held up comes now, in order, or its streams are given up.
  for (std::function<void()>& arrive : cut.mapped()) arrive();
  for (const std::weak_ptr<Stream>& weak : streams_) {
    const std::shared_ptr<Stream> stream = weak.lock();
    if (stream != nullptr && stream->from == from && stream->to == to && dice_.Chance(300)) {
      Break(stream);
    }
  }
}

void Network::MendAll() {
  while (!cut_.empty()) {
    const Direction direction = cut_.begin()->first;
    Mend(direction.first, direction.second);
  }
}

// The receiver's end: what the binaries' exchange service does, upon frames of its own.
async::Task<void> Network::ReceiveAll(std::shared_ptr<Stream> stream, Process& process) {
  const absl::Time deadline = process.scheduler().now() + kStreamTime;
  const uint64_t hook = process.OnDeath([stream] { stream->EndAtReceiver(); });
  referral::Inbound& inbound = doors_.at(stream->to)->inbound();
  absl::Status ended;
  absl::StatusOr<referral::LinkState> state = co_await inbound.Open(stream->from, stream->opening);
  ended = state.status();
  if (state.ok() && !process.dying()) {
    Carry(stream, true, [stream, opened = *state] {
      stream->state = opened;
      stream->at_sender.Notify();
    });
  }
  while (ended.ok() && !process.dying()) {
    const uint64_t seen = stream->at_receiver.count();
    if (!stream->arrived.empty()) {
      exchange::v1::Envelope envelope = std::move(stream->arrived.front());
      stream->arrived.pop_front();
      absl::StatusOr<referral::ReceiptFrame> receipt =
          co_await inbound.HandleEnvelope(stream->from, std::move(envelope));
      ended = receipt.status();
      if (!receipt.ok() || process.dying()) continue;
      Carry(stream, true, [stream, frame = *std::move(receipt)] {
        stream->receipts.push_back(frame);
        stream->at_sender.Notify();
      });
      continue;
    }
    if (stream->arrived_over) ended = absl::CancelledError("the peer has gone");
    if (!ended.ok()) break;
    const absl::Duration left = deadline - process.scheduler().now();
    async::CancellationToken never;
    const async::Wake wake = co_await stream->at_receiver.WaitPast(process, seen, never, left);
    if (wake == async::Wake::kTimedOut) ended = absl::DeadlineExceededError("the stream's time");
  }
  if (process.dying()) co_return;
  process.Forget(hook);
  Carry(stream, true, [stream, ended] { stream->EndAtSender(ended); });
}

}  // namespace redress::simulation
