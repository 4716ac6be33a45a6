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

// Of which the last part alone hides the case.
TEST_F(WatchTest, LosingTheRightByAnEventOfSeveralPartsSendsARemoval) {
  const Caller attache = PostedFrom("2026-01-01");
  constexpr int kMembers = static_cast<int>(2 * kMembersPerPart) + 1;
  Tell(story_.Filed(0, kMembers, kMembers));
  Watching watching(service_, attache, {});
  std::vector<std::string> everybody;
  for (int i = 0; i < kMembers; ++i) everybody.push_back(CaseStory::Member(i));
  Tell(story_.Embassy(1, everybody, false));
  EXPECT_THAT(watching.sink().Told(), ElementsAre("-RIGHT_LOST"));
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

// What has no entry in the timeline is told as narrowly as what has.
TEST_F(WatchTest, AContactIsNotToldOfAnotherBodysReferral) {
  Deliver();
  const Caller contact = TestService::CallerWith(Role::kContact, testing::kUnion);
  Watching watching(service_, contact, {});
  Tell(OfSecond(story_.Sent(3)));
  Tell(OfSecond(story_.Disclosed(3, 2)));
  Tell(OfSecond(story_.Confirmed(4)));
  EXPECT_THAT(watching.sink().Told(), IsEmpty());
  Tell(story_.Confirmed(5));
  EXPECT_THAT(watching.sink().Told(), ElementsAre("")) << "of the own one";
}

TEST(WatchAbroadTest, AReferralComesIntoViewByItselfAndTheNextIsOfOthers) {
  TestService service("my");
  service.Start();
  service.Settle();
  CaseStory story;
  story.Filed(0, 2);
  const Caller contact = TestService::CallerWith(Role::kContact, testing::kUnion);
  Watching watching(service, contact, {});
  ReferralEvent delivered = story.Sent(1, false);
  delivered.state_after = ReferralState::kDelivered;
  service.referral().Add(delivered);
  service.Settle();
  EXPECT_THAT(watching.sink().Told(), ElementsAre(""));
  // Which moves the case's time band too.
  service.clock().Advance(absl::Hours(24 * 100));
  ReferralEvent second = story.Sent(120, false);
  second.referral_id = std::string(testing::kCase) + "/R2";
  second.receiver_body_id = "my:tenaganita";
  service.referral().Add(second);
  service.Settle();
  EXPECT_THAT(watching.sink().Told(), ElementsAre("", "idle"));
}

TEST_F(WatchTest, AWorkerIsNotToldThatOthersAreDisclosed) {
  Tell(story_.Filed(0, 3));
  Tell(story_.Sent(1));
  Watching first(service_, Worker(0), {});
  Watching second(service_, Worker(1), {});
  Watching third(service_, Worker(2), {});
  Tell(story_.Disclosed(1, 2));
  ReferralEvent later = story_.Disclosed(2, 3);
  later.members.erase(later.members.begin(), later.members.begin() + 1);
  Tell(later);
  EXPECT_THAT(first.sink().Told(), ElementsAre(""));
  EXPECT_THAT(second.sink().Told(), ElementsAre("", ""));
  EXPECT_THAT(third.sink().Told(), ElementsAre(""));
  Tell(OfSecond(story_.Confirmed(3)));
  EXPECT_THAT(third.sink().Told(), ElementsAre("")) << "in none of its members";
}

// The entry of the move is the province's.
TEST_F(WatchTest, WhoSeesLessOfACaseFromNowOnIsToldSo) {
  Deliver();
  auto caller =
      std::make_shared<auth::Principal>(*TestService::CallerWith(Role::kContact, testing::kUnion));
  caller->roles.Insert(Role::kProvince);
  caller->province = "KH-2";
  Watching watching(service_, caller, {});
  v1::WatchCasesRequest filed;
  filed.mutable_filter()->set_case_state(intake::v1::CASE_STATE_FILED);
  Watching filtered(service_, caller, filed);
  story_.dimensions().province = "KH-3";
  Tell(story_.Screened(3));
  ASSERT_THAT(watching.sink().Told(), ElementsAre(""));
  const v1::CaseSummary& now = watching.sink().messages[0].changed().summary();
  EXPECT_EQ(now.case_state(), intake::v1::CASE_STATE_UNSPECIFIED);
  EXPECT_THAT(filtered.sink().Told(), ElementsAre("-NOT_IN_FILTER"));
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
