#include "tests/simulation/intake_life.h"

#include <utility>

#include "services/intake/domain/testing/sample_filing.h"

namespace redress::simulation {
namespace {

namespace wire = intake::v1;

// As the binary's client has them.
constexpr absl::Duration kReadTime = absl::Seconds(15);
constexpr size_t kMostEvents = 500;

template <class Request, class Response, class Handlers>
using Method = async::Task<absl::StatusOr<Response>> (Handlers::*)(rpc::CallContext&, Request);

auth::Principal ServiceOf(const std::string& node) {
  auth::Principal principal;
  principal.node = node;
  principal.person_id = "referral";
  principal.roles = {auth::Role::kService};
  return principal;
}

rpc::CallContext::Parts ContextParts(const std::string& node, Process& process) {
  return {.method = "",
          .principal = std::make_shared<const auth::Principal>(ServiceOf(node)),
          .executor = &process};
}

template <class Request, class Response, class Handlers>
async::Task<absl::StatusOr<Response>> Handle(std::string node, Process& process, Handlers& handlers,
                                             Method<Request, Response, Handlers> method,
                                             Request request) {
  rpc::CallContext context(ContextParts(node, process));
  async::Task<absl::StatusOr<Response>> task = (handlers.*method)(context, std::move(request));
  co_return co_await task;
}

// Takes events until the last one there is, as the client does.
class Collector final : public rpc::Writer<wire::ReadEventsResponse> {
 public:
  async::Task<bool> Write(wire::ReadEventsResponse message) override {
    if (!message.has_event()) co_return true;
    const uint64_t number = message.event().number();
    events.push_back(std::move(*message.mutable_event()));
    co_return number < message.last_number() && events.size() < kMostEvents;
  }
  std::vector<wire::Event> events;
};

async::Task<absl::StatusOr<std::vector<wire::Event>>> HandleReadEvents(std::string node,
                                                                       IntakeLife& life,
                                                                       uint64_t after,
                                                                       absl::Duration wait) {
  auto context = std::make_shared<rpc::CallContext>(ContextParts(node, life.process));
  std::weak_ptr<rpc::CallContext> weak = context;
  const auto cancel = [weak] {
    if (const auto call = weak.lock()) call->Cancel();
  };
  life.process.PostAfter(wait, cancel);
  const uint64_t hook = life.process.OnDeath(cancel);
  wire::ReadEventsRequest request;
  request.set_after(after);
  request.set_follow(true);
  Collector collector;
  const absl::Status status =
      co_await life.services.ReadEvents(*context, std::move(request), collector);
  life.process.Forget(hook);
  if (!status.ok() && collector.events.empty()) co_return status;
  co_return std::move(collector.events);
}

class Calls final : public referral::IntakePort {
 public:
  Calls(std::string node, IntakeDoor& door, Process& caller, CallWeather& weather)
      : node_(std::move(node)), door_(door), caller_(caller), weather_(weather) {}

  async::Task<absl::StatusOr<wire::GetComplaintResponse>> ShowCase(
      wire::GetComplaintRequest request) override {
    return Ask<wire::GetComplaintRequest, wire::GetComplaintResponse>(
        &IntakeLife::reading, &intake::ReadingRpc::GetComplaint, std::move(request));
  }
  async::Task<absl::StatusOr<wire::DiscloseComplaintResponse>> Disclose(
      wire::DiscloseComplaintRequest request) override {
    return Ask<wire::DiscloseComplaintRequest, wire::DiscloseComplaintResponse>(
        &IntakeLife::services, &intake::ServicesRpc::DiscloseComplaint, std::move(request));
  }
  async::Task<absl::StatusOr<wire::SettleDisclosureResponse>> Settle(
      wire::SettleDisclosureRequest request) override {
    return Ask<wire::SettleDisclosureRequest, wire::SettleDisclosureResponse>(
        &IntakeLife::services, &intake::ServicesRpc::SettleDisclosure, std::move(request));
  }
  async::Task<absl::StatusOr<wire::RecordMoneyResponse>> RecordMoney(
      wire::RecordMoneyRequest request) override {
    return Ask<wire::RecordMoneyRequest, wire::RecordMoneyResponse>(
        &IntakeLife::money, &intake::MoneyRpc::RecordMoney, std::move(request));
  }
  async::Task<absl::StatusOr<std::vector<wire::Event>>> ReadEvents(
      uint64_t after, absl::Duration wait, async::CancellationToken cancellation) override {
    const absl::Duration patience = wait > absl::ZeroDuration() ? wait : kReadTime;
    return Read(after, patience, std::move(cancellation));
  }
  async::Task<absl::StatusOr<std::unique_ptr<referral::ByteSource>>> FetchEvidence(
      std::string, std::string, std::string) override {
    co_return absl::UnimplementedError("files are not simulated");
  }

 private:
  template <class Request, class Response, class Handlers>
  async::Task<absl::StatusOr<Response>> Ask(Handlers IntakeLife::* handlers,
                                            Method<Request, Response, Handlers> method,
                                            Request request) {
    return Call<Response>(
        weather_, caller_, door_,
        [node = node_, &door = door_, handlers, method, request = std::move(request)] {
          return Handle<Request, Response, Handlers>(node, door.life->process,
                                                     (*door.life).*handlers, method, request);
        });
  }
  async::Task<absl::StatusOr<std::vector<wire::Event>>> Read(uint64_t after, absl::Duration wait,
                                                             async::CancellationToken) {
    std::function<async::Task<absl::StatusOr<std::vector<wire::Event>>>()> handler =
        [node = node_, &door = door_, after, wait] {
          return HandleReadEvents(node, *door.life, after, wait);
        };
    CallWeather patient{Dice(weather_.dice.Next()), weather_.delay, weather_.lost_answers,
                        wait + absl::Seconds(1)};
    auto weather = std::make_shared<CallWeather>(std::move(patient));
    co_return co_await Call<std::vector<wire::Event>>(*weather, caller_, door_, handler);
  }

  const std::string node_;
  IntakeDoor& door_;
  Process& caller_;
  CallWeather& weather_;
};

}  // namespace

async::BlockingPool& NoFiles() {
  static auto* const pool = new async::BlockingPool(1, 1);
  return *pool;
}

IntakeLife::IntakeLife(const LifeParts& parts)
    : process(parts.scheduler, parts.node + "/intake"),
      random(parts.seed),
      store(parts.disk, process, Dice::Fork(parts.seed, "disk"), parts.options, parts.watcher),
      page_tokens(parts.key, random),
      followers(process),
      refusals(store, parts.clock),
      cases(store, parts.key, random),
      app(intake::AppContext{NodeId::FromTrusted(parts.node), parts.clock, random, process,
                             NoFiles(), store, cases, refusals, followers, intake::SampleCodes(),
                             parts.key, page_tokens, "/nonexistent",
                             files::FreeSpaceFloor("/nonexistent", 0), intake::LifeCycleRules()}),
      rpc{app, intake::SampleCodes(), parts.clock, NodeId::FromTrusted(parts.node)},
      services(rpc),
      reading(rpc),
      money(rpc) {}

IntakeLife::~IntakeLife() {
  process.Die();
  process.Drain();
}

std::unique_ptr<referral::IntakePort> CallsToIntake(const std::string& node, IntakeDoor& door,
                                                    Process& caller, CallWeather& weather) {
  return std::make_unique<Calls>(node, door, caller, weather);
}

}  // namespace redress::simulation
