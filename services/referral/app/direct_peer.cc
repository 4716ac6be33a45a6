#include "services/referral/app/direct_peer.h"

#include <deque>
#include <utility>

#include "services/platform/status/refusal.h"
#include "services/platform/status/status_macros.h"

namespace redress::referral {
namespace {

// Hands each envelope over when its receipt is asked for: one after another, as a stream does.
class DirectDeliver final : public DeliverStream {
 public:
  DirectDeliver(Inbound& inbound, std::string sender, LinkState state)
      : inbound_(inbound), sender_(std::move(sender)), state_(std::move(state)) {}

  const LinkState& state() const override { return state_; }

  async::Task<bool> Send(exchange::v1::Envelope envelope) override {
    if (cancelled_) co_return false;
    waiting_.push_back(std::move(envelope));
    co_return true;
  }

  async::Task<absl::StatusOr<ReceiptFrame>> Receive() override {
    if (cancelled_) co_return absl::CancelledError("the stream was cancelled");
    if (waiting_.empty()) co_return absl::FailedPreconditionError("no envelope is on its way");
    exchange::v1::Envelope envelope = std::move(waiting_.front());
    waiting_.pop_front();
    std::string sender = sender_;
    co_return co_await inbound_.HandleEnvelope(std::move(sender), std::move(envelope));
  }

  void Cancel() override { cancelled_ = true; }

 private:
  Inbound& inbound_;
  const std::string sender_;
  const LinkState state_;
  std::deque<exchange::v1::Envelope> waiting_;
  bool cancelled_ = false;
};

class DirectFile final : public FileStream {
 public:
  explicit DirectFile(std::unique_ptr<FileReception> reception)
      : reception_(std::move(reception)) {}

  int64_t resume_offset() const override { return reception_->resume_offset(); }
  async::Task<bool> Send(int64_t offset, std::string bytes) override {
    if (!failed_.ok()) co_return false;
    failed_ = co_await reception_->Append(offset, std::move(bytes));
    co_return failed_.ok();
  }
  async::Task<absl::StatusOr<FileStored>> Finish() override {
    if (!failed_.ok()) co_return failed_;
    co_return co_await reception_->Finish();
  }

 private:
  std::unique_ptr<FileReception> reception_;
  absl::Status failed_;
};

}  // namespace

std::unique_ptr<DeliverStream> OpenDirectDeliver(Inbound& inbound, std::string sender,
                                                 LinkState state) {
  return std::make_unique<DirectDeliver>(inbound, std::move(sender), std::move(state));
}

async::Task<absl::StatusOr<std::unique_ptr<DeliverStream>>> DirectPeer::OpenDeliver(
    std::string, LinkOpening opening, async::CancellationToken) {
  std::string sender = sender_;
  absl::StatusOr<LinkState> state = co_await inbound_.Open(std::move(sender), std::move(opening));
  CO_RETURN_IF_ERROR(state.status());
  std::unique_ptr<DeliverStream> stream = OpenDirectDeliver(inbound_, sender_, *std::move(state));
  co_return stream;
}

async::Task<absl::StatusOr<std::unique_ptr<FileStream>>> DirectPeer::OpenTransfer(
    std::string, FileOpening opening, async::CancellationToken) {
  std::string sender = sender_;
  absl::StatusOr<std::unique_ptr<FileReception>> reception =
      co_await files_.Receive(std::move(sender), std::move(opening));
  CO_RETURN_IF_ERROR(reception.status());
  std::unique_ptr<FileStream> stream = std::make_unique<DirectFile>(*std::move(reception));
  co_return stream;
}

}  // namespace redress::referral
