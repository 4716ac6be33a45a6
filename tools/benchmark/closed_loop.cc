#include "tools/benchmark/closed_loop.h"

#include <chrono>
#include <memory>
#include <optional>
#include <string_view>
#include <utility>
#include <vector>

#include "absl/time/clock.h"
#include "fmt/format.h"
#include "grpcpp/alarm.h"
#include "grpcpp/channel.h"
#include "grpcpp/create_channel.h"
#include "grpcpp/generic/generic_stub.h"
#include "grpcpp/security/credentials.h"
#include "services/platform/rpc/retry_delay.h"
#include "services/platform/rpc/status_conversion.h"

namespace redress::benchmark {
namespace {

constexpr absl::Duration kDeadline = absl::Seconds(10);

// etcd takes any "authorization" for a token of its own and refuses it; there the same goes by
// another name.
std::string TokenName(std::string_view method) {
  return method.starts_with("/etcdserverpb.") ? "x-authorization" : "authorization";
}

// One caller with one call at a time. An event of its alarm and one of its call are told apart by
// what it is doing.
struct Caller {
  size_t number = 0;
  grpc::GenericStub* stub = nullptr;
  std::unique_ptr<grpc::ClientContext> context;
  std::unique_ptr<grpc::GenericClientAsyncResponseReader> call;
  grpc::ByteBuffer answer;
  grpc::Status status;
  grpc::Alarm alarm;
  bool waiting = false;
  size_t request_bytes = 0;
  absl::Time began;
};

class ClosedLoop {
 public:
  ClosedLoop(const LoadSettings& settings, Callers& callers, Side& side)
      : settings_(settings),
        callers_(callers),
        side_(side),
        method_(side.method()),
        token_name_(TokenName(side.method())) {
    for (size_t i = 0; i < settings.channels; ++i) {
      grpc::ChannelArguments arguments;
      arguments.SetInt(GRPC_ARG_USE_LOCAL_SUBCHANNEL_POOL, 1);
      stubs_.push_back(std::make_unique<grpc::GenericStub>(grpc::CreateCustomChannel(
          settings.target, grpc::InsecureChannelCredentials(), arguments)));
    }
  }

  absl::StatusOr<Tally> Run() {
    const absl::Time began = absl::Now();
    warm_at_ = began + settings_.warmup;
    if (settings_.warmup <= absl::ZeroDuration()) BeginToCount(began);
    std::vector<std::unique_ptr<Caller>> all;
    for (size_t i = 0; i < settings_.outstanding; ++i) {
      all.push_back(std::make_unique<Caller>());
      all.back()->number = i;
      all.back()->stub = stubs_[i % stubs_.size()].get();
      Start(*all.back(), began);
    }
    void* tag = nullptr;
    bool ok = false;
    while (running_ > 0 && queue_.Next(&tag, &ok)) OnEvent(*static_cast<Caller*>(tag));
    if (!ended_) EndCounting(absl::Now());
    if (tally_.done == 0 && tally_.turned_away == 0) {
      return absl::UnavailableError(fmt::format("no call was answered OK; the last: {} {}",
                                                static_cast<int>(last_.error_code()),
                                                last_.error_message()));
    }
    return std::move(tally_);
  }

 private:
  void Start(Caller& caller, absl::Time now) {
    if (settings_.calls > 0 && started_ == settings_.calls) return;
    ++started_;
    ++running_;
    caller.context = std::make_unique<grpc::ClientContext>();
    const std::string& token = callers_.Authorization(caller.number, now);
    caller.context->AddMetadata(token_name_, token);
    caller.context->AddMetadata("x-request-id", fmt::format("bench-{:016x}", started_));
    caller.context->set_deadline(absl::ToChronoTime(now + kDeadline));
    grpc::ByteBuffer request = side_.NextRequest();
    caller.request_bytes = request.Length();
    caller.began = absl::Now();
    caller.call = caller.stub->PrepareUnaryCall(caller.context.get(), method_, request, &queue_);
    caller.call->StartCall();
    caller.call->Finish(&caller.answer, &caller.status, &caller);
  }

  void OnEvent(Caller& caller) {
    const absl::Time now = absl::Now();
    --running_;
    std::optional<absl::Duration> delay;
    const bool was_waiting = std::exchange(caller.waiting, false);
    if (!was_waiting) delay = Count(caller, now);
    // The answer that ends the time still counts, and the time ends with it. As long as nothing was
    // done it goes on, for as long as a call may take: on a slow machine it may be over before the
    // first answer.
    const absl::Time end = tally_.done > 0 ? end_at_ : end_at_ + kDeadline;
    if (counting_ && now >= end) {
      EndCounting(now);
    } else if (!counting_ && !ended_ && now >= warm_at_) {
      BeginToCount(now);
    }
    if (ended_) return;
    if (!was_waiting && !delay.has_value() && settings_.pause > absl::ZeroDuration()) {
      delay = settings_.pause;
    }
    if (delay.has_value()) {
      caller.waiting = true;
      ++running_;
      caller.alarm.Set(&queue_, absl::ToChronoTime(now + *delay), &caller);
      return;
    }
    Start(caller, now);
  }

  // What came of a call; for how long its caller is to wait before the next.
  std::optional<absl::Duration> Count(Caller& caller, absl::Time now) {
    const auto took = static_cast<float>(absl::ToDoubleMicroseconds(now - caller.began));
    if (caller.status.ok()) {
      if (side_.WantsAnswers()) side_.Take(caller.answer);
      if (!counting_) return std::nullopt;
      ++tally_.done;
      tally_.latencies_us.push_back(took);
      tally_.answer_bytes += caller.answer.Length();
      tally_.request_bytes += caller.request_bytes;
      return std::nullopt;
    }
    last_ = caller.status;
    const absl::Status status = rpc::FromGrpcStatus(caller.status);
    const std::optional<absl::Duration> delay =
        absl::IsResourceExhausted(status) ? rpc::GetRetryDelay(status) : std::nullopt;
    if (counting_ && delay.has_value()) {
      ++tally_.turned_away;
      tally_.turned_away_us.push_back(took);
    } else if (counting_) {
      ++tally_.refused[absl::StatusCodeToString(status.code())];
    }
    return delay;
  }

  void BeginToCount(absl::Time now) {
    counting_ = true;
    from_ = now;
    // Not from the end of the warm-up: where one call takes longer than that, nothing would be
    // left.
    end_at_ = from_ + settings_.duration;
    own_before_ = OwnCpuTime();
    server_before_ = CpuTimeOf(settings_.server);
  }

  void EndCounting(absl::Time now) {
    counting_ = false;
    ended_ = true;
    tally_.elapsed = now - from_;
    tally_.own_cpu = OwnCpuTime() - own_before_;
    const std::optional<absl::Duration> server = CpuTimeOf(settings_.server);
    if (server.has_value() && server_before_.has_value()) {
      tally_.server_cpu = *server - *server_before_;
    }
  }

  const LoadSettings& settings_;
  Callers& callers_;
  Side& side_;
  const std::string method_;
  const std::string token_name_;
  std::vector<std::unique_ptr<grpc::GenericStub>> stubs_;
  grpc::CompletionQueue queue_;
  Tally tally_;
  grpc::Status last_;
  uint64_t started_ = 0;
  size_t running_ = 0;
  bool counting_ = false;
  bool ended_ = false;
  absl::Time warm_at_, end_at_, from_;
  absl::Duration own_before_;
  std::optional<absl::Duration> server_before_;
};

}  // namespace

absl::StatusOr<Tally> RunClosedLoop(const LoadSettings& settings, Callers& callers, Side& side) {
  return ClosedLoop(settings, callers, side).Run();
}

}  // namespace redress::benchmark
