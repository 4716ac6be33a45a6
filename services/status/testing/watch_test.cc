// Who is told of what, and when.
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "services/status/testing/watching.h"

namespace redress::status {
namespace {

using auth::Role;
using testing::CaseStory;
using testing::Day;
using ::testing::ElementsAre;
using ::testing::IsEmpty;
using testing::TestService;
using testing::Watching;
using testing::WatchTest;

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

TEST_F(WatchTest, LosingTheRightSendsARemoval) {
  const Caller attache = PostedFrom("2026-01-01");
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

TEST_F(WatchTest, ASignOfLifeComesThoughOthersAreBusy) {
  v1::WatchCasesRequest request;
  request.set_case_number(testing::kCase);
  Tell(story_.Filed(0, 1));
  Watching watching(service_, ministry_, request);
  CaseStory foreign("KH-26-0000418-V");
  foreign.After(1, 0);
  Tell(foreign.Filed(0, 1));
  for (int i = 0; i < 3; ++i) {
    service_.executor().Advance(absl::Seconds(10));
    Tell(foreign.Screened(i + 1));
  }
  EXPECT_THAT(watching.sink().Told(), ElementsAre("idle", "idle")) << "in 30 seconds";
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

TEST_F(WatchTest, ItEndsWithTheCallersTokenWhileItIsBehind) {
  auto caller = std::make_shared<auth::Principal>(*ministry_);
  caller->expires = Day(20) + absl::Minutes(1);
  v1::WatchCasesRequest request;
  request.set_watch_token(TokenNow(service_, caller));
  Tell(story_.Filed(0, 1));
  Tell(story_.Screened(1));
  Tell(story_.Closed(2));
  Watching watching(service_, caller, request,
                    [this] { service_.clock().Advance(absl::Minutes(2)); });
  EXPECT_TRUE(watching.status().ok());
  EXPECT_THAT(watching.sink().Told(), ElementsAre("CASE_FILED"));
}

TEST_F(WatchTest, ACancelledWatchReadsNoFurther) {
  v1::WatchCasesRequest request;
  request.set_watch_token(TokenNow(service_, ministry_));
  request.mutable_filter()->set_destination("MY");
  Tell(story_.Filed(0, 1));
  CaseStory foreign("KH-26-0000418-V");
  Tell(foreign.After(1, 0).Filed(0, 1));
  foreign.dimensions().destination = "TH";
  for (int i = 0; i < 300; ++i) service_.intake().Add(foreign.Screened(1));
  service_.Settle();
  Watching* started = nullptr;
  // It is told of the first change, and hangs up.
  Watching watching(
      service_, ministry_, request,
      [&] {
        started->Cancel();
        service_.store().TakeKeys();
      },
      /*settle=*/false);
  started = &watching;
  service_.Settle();
  EXPECT_THAT(watching.sink().Told(), ElementsAre("CASE_FILED"));
  EXPECT_LT(service_.store().TakeKeys(), 5u);
}

}  // namespace
}  // namespace redress::status
