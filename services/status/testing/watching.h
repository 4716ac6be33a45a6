#ifndef REDRESS_SERVICES_STATUS_TESTING_WATCHING_H_
#define REDRESS_SERVICES_STATUS_TESTING_WATCHING_H_

#include <functional>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "gtest/gtest.h"
#include "services/status/app/list_cases.h"
#include "services/status/app/watch_cases.h"
#include "services/status/testing/service_fixture.h"

namespace redress::status::testing {

// What a watch sends, and what is to be done at each message.
class Sink final : public rpc::Writer<v1::WatchCasesResponse> {
 public:
  async::Task<bool> Write(v1::WatchCasesResponse message) override {
    messages.push_back(std::move(message));
    if (on_write) on_write();
    co_return true;
  }
  // "FILED KH-…" of changes, "-RIGHT_LOST", "-NOT_IN_FILTER", "idle".
  std::vector<std::string> Told() const {
    std::vector<std::string> told;
    for (const auto& message : messages) {
      if (message.has_idle()) told.push_back("idle");
      if (message.has_changed()) told.push_back(message.changed().entry().what());
      if (message.has_removed()) {
        told.push_back(message.removed().reason() == v1::REMOVAL_REASON_RIGHT_LOST
                           ? "-RIGHT_LOST"
                           : "-NOT_IN_FILTER");
      }
    }
    return told;
  }
  std::vector<v1::WatchCasesResponse> messages;
  std::function<void()> on_write;
};

// A watch under way, until it is ended.
class Watching {
 public:
  Watching(TestService& service, Caller caller, v1::WatchCasesRequest request,
           std::function<void()> on_write = nullptr, bool settle = true)
      : service_(service) {
    sink_.on_write = std::move(on_write);
    group_.Start(Run(this, std::move(caller), std::move(request)));
    if (settle) service_.Settle();
  }
  ~Watching() { End(); }

  void Cancel() { source_.Cancel(); }
  void End() {
    Cancel();
    async::RunToEnd(service_.executor(), group_.Join());
  }
  Sink& sink() { return sink_; }
  const absl::Status& status() const { return status_; }

 private:
  static async::Task<void> Run(Watching* self, Caller caller, v1::WatchCasesRequest request) {
    async::CancellationToken cancellation = self->source_.token();
    self->status_ = co_await WatchCases(self->service_.parts(), std::move(caller),
                                        std::move(request), std::move(cancellation), self->sink_);
  }

  TestService& service_;
  Sink sink_;
  absl::Status status_;
  async::CancellationSource source_;
  async::TaskGroup group_{service_.executor()};
};

class WatchTest : public ::testing::Test {
 protected:
  WatchTest() {
    service_.Start();
    service_.Settle();
  }
  template <class Event>
  void Tell(Event event) {
    if constexpr (std::is_same_v<Event, IntakeEvent>) {
      service_.intake().Add(std::move(event));
    } else {
      service_.referral().Add(std::move(event));
    }
    service_.Settle();
  }

  // Where a watch that misses nothing from now on begins.
  std::string TokenNow(TestService& service, const Caller& caller) {
    return service.Run(ListCases(service.parts(), caller, {})).value().watch_token();
  }
  // The same event of another referral of the case, to another body.
  static ReferralEvent OfSecond(ReferralEvent event) {
    event.referral_id = std::string(kCase) + "/R2";
    event.receiver_body_id = "my:tenaganita";
    return event;
  }
  static Caller Worker(int member) {
    auto worker = std::make_shared<auth::Principal>(*TestService::CallerWith(auth::Role::kWorker));
    worker->case_number = kCase;
    worker->member_id = CaseStory::Member(member);
    return worker;
  }
  Caller PostedFrom(std::string day) {
    ReferralEvent posting;
    posting.number = service_.referral().last() + 1;
    posting.kind = ReferralKind::kPosting;
    posting.posting = {"kh:kl", "somebody", {"KH", "KH", "MY", std::move(day), ""}};
    Tell(posting);
    story_.After(service_.intake().last(), service_.referral().last());
    auto attache = std::make_shared<auth::Principal>(
        *TestService::CallerWith(auth::Role::kAttache, "kh:embassy-kl"));
    attache->posting = "MY";
    return attache;
  }
  // A case with a referral that is delivered to the union.
  void Deliver() {
    Tell(story_.Filed(0, 3));
    Tell(story_.Sent(1));
    Tell(story_.Disclosed(1, 3));
    Tell(story_.Fact(2, "DELIVERED", ReferralState::kSent, ReferralState::kDelivered));
  }

  TestService service_;
  CaseStory story_;
  const Caller ministry_ = TestService::CallerWith(auth::Role::kMinistry, kMinistry);
};

}  // namespace redress::status::testing

#endif  // REDRESS_SERVICES_STATUS_TESTING_WATCHING_H_
