#include <memory>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "services/platform/status/refusal.h"
#include "services/status/app/watch_cases.h"
#include "services/status/testing/service_fixture.h"

namespace redress::status {
namespace {

using auth::Role;
using testing::CaseStory;
using testing::Day;
using ::testing::ElementsAre;
using ::testing::IsEmpty;
using testing::TestService;

class Sink final : public rpc::Writer<v1::WatchCasesResponse> {
 public:
  async::Task<bool> Write(v1::WatchCasesResponse message) override {
    messages.push_back(std::move(message));
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
};

// A watch under way, until it is ended.
class Watching {
 public:
  Watching(TestService& service, Caller caller, v1::WatchCasesRequest request) : service_(service) {
    group_.Start(Run(this, std::move(caller), std::move(request)));
    service_.Settle();
  }
  ~Watching() { End(); }

  void End() {
    source_.Cancel();
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

  TestService service_;
  CaseStory story_;
  const Caller ministry_ = TestService::CallerWith(Role::kMinistry, testing::kMinistry);
};

TEST_F(WatchTest, ChangesComeAsTheyAreTakenIn) {
  Watching watching(service_, ministry_, {});
  Tell(story_.Filed(0, 2));
  Tell(story_.Screened(1));
  EXPECT_THAT(watching.sink().Told(), ElementsAre("CASE_FILED", "CASE_SCREENED"));
  EXPECT_EQ(watching.sink().messages.back().changed().summary().case_state(),
            intake::v1::CASE_STATE_OPEN);
}

TEST_F(WatchTest, WithoutATokenOnlyWhatComesFromNowOnIsTold) {
  Tell(story_.Filed(0, 2));
  Watching watching(service_, ministry_, {});
  EXPECT_THAT(watching.sink().Told(), IsEmpty());
}

TEST_F(WatchTest, AWatchIsResumedWithoutAGapAlsoAfterARebuild) {
  auto first = std::make_unique<Watching>(service_, ministry_, v1::WatchCasesRequest());
  Tell(story_.Filed(0, 2));
  Tell(story_.Sent(2));
  v1::WatchCasesRequest resumed;
  resumed.set_watch_token(first->sink().messages.back().watch_token());
  EXPECT_EQ(resumed.watch_token(), "1.1");
  first.reset();
  Tell(story_.Screened(3));
  Tell(story_.Fact(4, "DELIVERED", ReferralState::kSent, ReferralState::kDelivered));
  service_.Stop();
  service_.Start(/*rebuild=*/true);
  service_.Settle();
  Watching watching(service_, ministry_, resumed);
  EXPECT_THAT(watching.sink().Told(), ElementsAre("CASE_SCREENED", "REFERRAL_DELIVERED"));
}

TEST_F(WatchTest, ATokenFromBeyondTheLogsIsRefused) {
  v1::WatchCasesRequest request;
  request.set_watch_token("7.0");
  Watching watching(service_, ministry_, request);
  EXPECT_EQ(watching.status().code(), absl::StatusCode::kOutOfRange);
  EXPECT_EQ(GetRefusal(watching.status())->reason, "WATCH_TOO_OLD");
}

TEST_F(WatchTest, LosingTheRightSendsARemoval) {
  BodyChange body;
  ReferralEvent posting;
  posting.number = 1;
  posting.kind = ReferralKind::kPosting;
  posting.posting = {"kh:kl", "somebody", {"KH", "KH", "MY", "2026-01-01", ""}};
  Tell(posting);
  auto attache =
      std::make_shared<auth::Principal>(*TestService::CallerWith(Role::kAttache, "kh:embassy-kl"));
  attache->posting = "MY";
  Watching watching(service_, attache, {});
  Tell(story_.Filed(0, 2, 0));
  EXPECT_THAT(watching.sink().Told(), IsEmpty()) << "nobody agreed";
  Tell(story_.Embassy(1, {CaseStory::Member(0)}, true));
  Tell(story_.Embassy(2, {CaseStory::Member(0)}, false));
  EXPECT_THAT(watching.sink().Told(), ElementsAre("CONSENT_CHANGED", "-RIGHT_LOST"));
}

TEST_F(WatchTest, WhatFitsTheFilterNoMoreIsRemovedOnce) {
  v1::WatchCasesRequest request;
  request.mutable_filter()->set_case_state(intake::v1::CASE_STATE_FILED);
  Watching watching(service_, ministry_, request);
  Tell(story_.Filed(0, 1));
  Tell(story_.Screened(1));
  Tell(story_.Closed(2));
  EXPECT_THAT(watching.sink().Told(), ElementsAre("CASE_FILED", "-NOT_IN_FILTER"));
}

TEST_F(WatchTest, AContactIsNotToldWhatHomeDoes) {
  Tell(story_.Filed(0, 1));
  Tell(story_.Sent(1));
  const Caller contact = TestService::CallerWith(Role::kContact, testing::kUnion);
  Watching watching(service_, contact, {});
  Tell(story_.Fact(2, "DELIVERED", ReferralState::kSent, ReferralState::kDelivered));
  Tell(story_.Screened(3));
  Tell(story_.Fact(4, "ACCEPTED", ReferralState::kDelivered, ReferralState::kAccepted));
  EXPECT_THAT(watching.sink().Told(), ElementsAre("REFERRAL_DELIVERED", "REFERRAL_ACCEPTED"));
}

TEST_F(WatchTest, ASignOfLifeComesWhenNothingHappens) {
  Watching watching(service_, ministry_, {});
  service_.executor().Advance(kWatchIdle);
  service_.Settle();
  EXPECT_THAT(watching.sink().Told(), ElementsAre("idle"));
}

TEST_F(WatchTest, ItEndsWithTheCallersToken) {
  auto caller = std::make_shared<auth::Principal>(*ministry_);
  caller->expires = Day(20) + absl::Minutes(1);
  Watching watching(service_, caller, {});
  service_.executor().Advance(absl::Minutes(2));
  service_.Settle();
  Tell(story_.Filed(0, 1));
  EXPECT_TRUE(watching.status().ok());
  EXPECT_EQ(watching.sink().Told().back(), "idle");
}

}  // namespace
}  // namespace redress::status
