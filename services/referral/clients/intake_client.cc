#include "services/referral/clients/intake_client.h"

#include <optional>
#include <utility>

#include "absl/time/clock.h"
#include "redress/intake/v1/intake_service.grpc.pb.h"
#include "services/platform/rpc/client.h"
#include "services/platform/rpc/client_stream.h"

namespace redress::referral {
namespace {

namespace wire = intake::v1;
using Stub = wire::IntakeService::Stub;

constexpr absl::Duration kCallTime = absl::Seconds(15);
// A file of 50 MiB goes through well within it.
constexpr absl::Duration kFileTime = absl::Minutes(5);
constexpr size_t kMostEvents = 500;
// For a read that waits for nothing.
constexpr absl::Duration kReadTime = absl::Seconds(15);

// A file on its way from intake.
class EvidenceSource final : public ByteSource {
 public:
  using Stream = rpc::InboundStream<wire::DownloadEvidenceResponse>;
  explicit EvidenceSource(std::unique_ptr<Stream> stream) : stream_(std::move(stream)) {}

  async::Task<absl::StatusOr<std::string>> Next() override {
    while (true) {
      std::optional<wire::DownloadEvidenceResponse> message = co_await stream_->Read();
      if (!message.has_value()) break;
      // What the file is was known before; the receiver checks the bytes against it.
      if (message->has_file()) continue;
      co_return std::move(*message->mutable_chunk());
    }
    const absl::Status status = co_await stream_->Finish();
    if (!status.ok()) co_return status;
    co_return std::string();
  }

 private:
  std::unique_ptr<Stream> stream_;
};

}  // namespace

struct IntakeClient::Generated {
  explicit Generated(const std::shared_ptr<grpc::Channel>& channel) : stub(channel) {}
  Stub stub;
};

IntakeClient::IntakeClient(rpc::EventLoop& loop, service::ServiceTokens& tokens,
                           std::shared_ptr<grpc::Channel> channel)
    : loop_(loop), tokens_(tokens), generated_(std::make_unique<Generated>(channel)) {}

IntakeClient::~IntakeClient() = default;

rpc::CallOptions IntakeClient::Options(absl::Duration time) const {
  rpc::CallOptions options;
  options.deadline = absl::Now() + time;
  options.token = tokens_.Token();
  options.idempotent = true;
  return options;
}

async::Task<absl::StatusOr<wire::GetComplaintResponse>> IntakeClient::ShowCase(
    wire::GetComplaintRequest request) {
  return rpc::CallUnary(loop_, generated_->stub, &Stub::PrepareAsyncGetComplaint,
                        std::move(request), Options(kCallTime));
}

async::Task<absl::StatusOr<wire::DiscloseComplaintResponse>> IntakeClient::Disclose(
    wire::DiscloseComplaintRequest request) {
  return rpc::CallUnary(loop_, generated_->stub, &Stub::PrepareAsyncDiscloseComplaint,
                        std::move(request), Options(kCallTime));
}

async::Task<absl::StatusOr<wire::SettleDisclosureResponse>> IntakeClient::Settle(
    wire::SettleDisclosureRequest request) {
  return rpc::CallUnary(loop_, generated_->stub, &Stub::PrepareAsyncSettleDisclosure,
                        std::move(request), Options(kCallTime));
}

async::Task<absl::StatusOr<wire::RecordMoneyResponse>> IntakeClient::RecordMoney(
    wire::RecordMoneyRequest request) {
  return rpc::CallUnary(loop_, generated_->stub, &Stub::PrepareAsyncRecordMoney, std::move(request),
                        Options(kCallTime));
}

async::Task<absl::StatusOr<std::vector<wire::Event>>> IntakeClient::ReadEvents(
    uint64_t after, absl::Duration wait, async::CancellationToken cancellation) {
  const bool waits = wait > absl::ZeroDuration();
  wire::ReadEventsRequest request;
  request.set_after(after);
  request.set_follow(waits);
  rpc::CallOptions options = Options(waits ? wait : kReadTime);
  options.cancellation = std::move(cancellation);
  std::vector<wire::Event> events;
  auto stream =
      co_await rpc::OpenServerStream(loop_, generated_->stub, &Stub::PrepareAsyncReadEvents,
                                     std::move(request), std::move(options));
  if (!stream.ok()) co_return stream.status();
  while (true) {
    std::optional<wire::ReadEventsResponse> message = co_await (*stream)->Read();
    if (!message.has_value()) break;
    if (!message->has_event()) continue;  // A sign of life.
    const uint64_t number = message->event().number();
    events.push_back(std::move(*message->mutable_event()));
    // The last one there is: nobody should wait for the next with this one in hand.
    if (number >= message->last_number() || events.size() >= kMostEvents) co_return events;
  }
  const absl::Status status = co_await (*stream)->Finish();
  const bool waited_in_vain = waits && absl::IsDeadlineExceeded(status);
  if (!status.ok() && !waited_in_vain && events.empty()) co_return status;
  co_return events;
}

async::Task<absl::StatusOr<std::unique_ptr<ByteSource>>> IntakeClient::FetchEvidence(
    std::string case_number, std::string evidence_id, std::string referral_id) {
  wire::DownloadEvidenceRequest request;
  request.set_case_number(std::move(case_number));
  request.set_evidence_id(std::move(evidence_id));
  request.set_referral_id(std::move(referral_id));
  rpc::CallOptions options = Options(kFileTime);
  auto stream =
      co_await rpc::OpenServerStream(loop_, generated_->stub, &Stub::PrepareAsyncDownloadEvidence,
                                     std::move(request), std::move(options));
  if (!stream.ok()) co_return stream.status();
  std::unique_ptr<ByteSource> source = std::make_unique<EvidenceSource>(*std::move(stream));
  co_return source;
}

}  // namespace redress::referral
