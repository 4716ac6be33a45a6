#include "services/status/clients/event_clients.h"

#include <utility>

#include "absl/time/clock.h"
#include "redress/intake/v1/intake_service.grpc.pb.h"
#include "redress/referral/v1/referral_service.grpc.pb.h"
#include "services/platform/rpc/client.h"
#include "services/platform/rpc/client_stream.h"
#include "services/platform/status/status_macros.h"
#include "services/status/clients/event_conversion.h"

namespace redress::status {
namespace {

// How long one call follows a log. The servers end it then, and the next call goes on; the token
// only has to be good when a call begins.
constexpr absl::Duration kFollowFor = absl::Minutes(10);
// A whole log may be long, at the first start and in a rebuild.
constexpr absl::Duration kReadFor = absl::Hours(1);

// The two services, whose messages have the same shape.
struct Intake {
  using Service = intake::v1::IntakeService;
  using Request = intake::v1::ReadEventsRequest;
  using Response = intake::v1::ReadEventsResponse;
  using Event = IntakeEvent;
};
struct Referral {
  using Service = referral::v1::ReferralService;
  using Request = referral::v1::ReadEventsRequest;
  using Response = referral::v1::ReadEventsResponse;
  using Event = ReferralEvent;
};

template <class Log>
class Reading final : public LogReading<typename Log::Event> {
 public:
  using Event = typename Log::Event;
  using Stream = rpc::InboundStream<typename Log::Response>;

  Reading(std::unique_ptr<Stream> stream, absl::Time deadline)
      : stream_(std::move(stream)), deadline_(deadline) {}

  async::Task<std::optional<LogMessage<Event>>> Next() override {
    std::optional<typename Log::Response> response = co_await stream_->Read();
    if (!response.has_value()) co_return std::nullopt;
    LogMessage<Event> message;
    message.last_number = response->last_number();
    if (response->has_event()) message.event = FromProto(response->event());
    co_return message;
  }

  async::Task<absl::Status> Finish() override {
    const absl::Status status = co_await stream_->Finish();
    // Following ends at the deadline as a matter of course.
    if (absl::IsDeadlineExceeded(status) && absl::Now() >= deadline_) co_return absl::OkStatus();
    co_return status;
  }

 private:
  std::unique_ptr<Stream> stream_;
  const absl::Time deadline_;
};

template <class Log>
class Source final : public EventSource<typename Log::Event> {
 public:
  using Stub = typename Log::Service::Stub;

  Source(std::shared_ptr<grpc::Channel> channel, rpc::EventLoop& loop, TokenMint token)
      : stub_(Log::Service::NewStub(std::move(channel))), loop_(loop), token_(std::move(token)) {}

  async::Task<absl::StatusOr<std::unique_ptr<LogReading<typename Log::Event>>>> Read(
      uint64_t after, bool follow, async::CancellationToken cancellation) override {
    typename Log::Request request;
    request.set_after(after);
    request.set_follow(follow);
    rpc::CallOptions options;
    options.deadline = absl::Now() + (follow ? kFollowFor : kReadFor);
    options.token = token_();
    options.cancellation = std::move(cancellation);
    const absl::Time deadline = options.deadline;
    auto stream = co_await rpc::OpenServerStream(loop_, *stub_, &Stub::PrepareAsyncReadEvents,
                                                 std::move(request), std::move(options));
    if (!stream.ok()) co_return stream.status();
    co_return std::make_unique<Reading<Log>>(std::move(*stream), deadline);
  }

 private:
  const std::unique_ptr<Stub> stub_;
  rpc::EventLoop& loop_;
  const TokenMint token_;
};

}  // namespace

absl::StatusOr<std::unique_ptr<EventSource<IntakeEvent>>> MakeIntakeEvents(
    const std::string& address, rpc::EventLoop& loop, TokenMint token) {
  ASSIGN_OR_RETURN(auto channel, rpc::OpenChannel({.target = address}));
  return std::make_unique<Source<Intake>>(std::move(channel), loop, std::move(token));
}

absl::StatusOr<std::unique_ptr<EventSource<ReferralEvent>>> MakeReferralEvents(
    const std::string& address, rpc::EventLoop& loop, TokenMint token) {
  ASSIGN_OR_RETURN(auto channel, rpc::OpenChannel({.target = address}));
  return std::make_unique<Source<Referral>>(std::move(channel), loop, std::move(token));
}

}  // namespace redress::status
