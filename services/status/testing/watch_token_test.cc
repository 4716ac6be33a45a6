// Where a watch goes on, and for whom.
#include "services/status/app/watch_token.h"

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "services/platform/status/field_violations.h"
#include "services/platform/status/refusal.h"
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

class WatchTokenTest : public testing::WatchTest {};

TEST_F(WatchTokenTest, AWatchIsResumedWithoutAGapAlsoAfterARebuild) {
  auto first = std::make_unique<Watching>(service_, ministry_, v1::WatchCasesRequest());
  Tell(story_.Filed(0, 2));
  Tell(story_.Sent(2));
  v1::WatchCasesRequest resumed;
  resumed.set_watch_token(first->sink().messages.back().watch_token());
  EXPECT_EQ(OpenWatchToken(service_.parts(), *ministry_, resumed.watch_token())->referral, 1u);
  first.reset();
  Tell(story_.Screened(3));
  Tell(story_.Fact(4, "DELIVERED", ReferralState::kSent, ReferralState::kDelivered));
  service_.Stop();
  service_.Start(/*rebuild=*/true);
  service_.Settle();
  Watching watching(service_, ministry_, resumed);
  EXPECT_THAT(watching.sink().Told(), ElementsAre("CASE_SCREENED", "REFERRAL_DELIVERED"));
}

TEST_F(WatchTokenTest, ATokenThatNobodyGaveIsRefused) {
  v1::WatchCasesRequest request;
  for (const char* invented : {"0.0", "7.0", "x", "AAAA"}) {
    request.set_watch_token(invented);
    Watching watching(service_, ministry_, request);
    ASSERT_EQ(GetFieldViolations(watching.status()).size(), 1u) << watching.status();
    EXPECT_EQ(GetFieldViolations(watching.status())[0].field, "watch_token");
  }
}

TEST_F(WatchTokenTest, ATokenIsOfTheCallerAndTheRightsItWasGivenTo) {
  v1::WatchCasesRequest request;
  request.set_watch_token(TokenNow(service_, ministry_));
  EXPECT_TRUE(Watching(service_, ministry_, request).status().ok());
  auto other = std::make_shared<auth::Principal>(*ministry_);
  other->person_id = "another";
  auto moved = std::make_shared<auth::Principal>(*ministry_);
  moved->roles = {Role::kProvince};
  moved->province = "KH-2";
  for (const Caller& caller : {Caller(other), Caller(moved)}) {
    Watching watching(service_, caller, request);
    EXPECT_EQ(watching.status().code(), absl::StatusCode::kInvalidArgument);
  }
}

// As a node that was put back to a backup: its keys are the same, its logs are shorter.
TEST_F(WatchTokenTest, ATokenFromBeyondTheLogsIsRefusedOnceTheyWereRead) {
  Tell(story_.Filed(0, 2));
  v1::WatchCasesRequest request;
  request.set_watch_token(TokenNow(service_, ministry_));
  TestService restored;
  restored.Start();
  restored.Settle();
  Watching watching(restored, ministry_, request);
  EXPECT_EQ(watching.status().code(), absl::StatusCode::kOutOfRange);
  EXPECT_EQ(GetRefusal(watching.status())->reason, "WATCH_TOO_NEW");

  restored.Stop();
  restored.intake().SetDown(true);
  restored.Start();
  restored.Settle();
  Watching early(restored, ministry_, request);
  EXPECT_EQ(early.status().code(), absl::StatusCode::kUnavailable) << early.status();
}

// Of the cases of before the posting the attaché has never heard.
TEST_F(WatchTokenTest, WhatWasHiddenBeforeAPostingIsNotNamed) {
  const Caller attache = PostedFrom("2026-11-22");
  v1::WatchCasesRequest request;
  request.set_watch_token(TokenNow(service_, attache));
  Tell(story_.Filed(19, 2, 1));
  Tell(story_.Embassy(20, {CaseStory::Member(0)}, false));
  service_.executor().AdvanceTo(Day(22));
  Watching watching(service_, attache, request);
  EXPECT_THAT(watching.sink().Told(), IsEmpty());
}

TEST_F(WatchTokenTest, NorByAWatchThatWasBrokenOffWhileItWasBehind) {
  const Caller attache = PostedFrom("2026-11-22");
  v1::WatchCasesRequest request;
  request.set_watch_token(TokenNow(service_, attache));
  Tell(story_.Filed(19, 1, 1));
  CaseStory hidden("KH-26-0000418-V");
  Tell(hidden.After(1, 1).Filed(19, 1, 1));
  Tell(hidden.Embassy(20, {CaseStory::Member(0)}, false));
  service_.executor().AdvanceTo(Day(22));
  Watching first(service_, attache, request);
  ASSERT_THAT(first.sink().Told(), ElementsAre("CASE_FILED"));
  request.set_watch_token(first.sink().messages[0].watch_token());
  Watching second(service_, attache, request);
  EXPECT_THAT(second.sink().Told(), IsEmpty());
}

TEST_F(WatchTokenTest, WhatWasHiddenWhileNobodyWatchedIsRemoved) {
  const Caller attache = PostedFrom("2026-01-01");
  Tell(story_.Filed(19, 2, 1));
  v1::WatchCasesRequest request;
  request.set_watch_token(TokenNow(service_, attache));
  Tell(story_.Embassy(20, {CaseStory::Member(0)}, false));
  Watching watching(service_, attache, request);
  EXPECT_THAT(watching.sink().Told(), ElementsAre("-RIGHT_LOST"));
}

// What was read is not read again by who watches on.
TEST_F(WatchTokenTest, WhoIsFarBehindIsGivenPlacesOnTheWay) {
  v1::WatchCasesRequest request;
  request.set_watch_token(TokenNow(service_, ministry_));
  request.mutable_filter()->set_destination("TH");
  Tell(story_.Filed(0, 1));
  for (int i = 0; i < 1200; ++i) service_.intake().Add(story_.Screened(1));
  service_.Settle();
  Watching watching(service_, ministry_, request);
  ASSERT_THAT(watching.sink().Told(), ElementsAre("idle"));
  request.set_watch_token(watching.sink().messages[0].watch_token());
  watching.End();
  service_.store().TakeKeys();
  Watching resumed(service_, ministry_, request);
  EXPECT_THAT(resumed.sink().Told(), IsEmpty());
  const size_t keys = service_.store().TakeKeys();
  EXPECT_GT(keys, 0u);
  EXPECT_LT(keys, 1000u);
}

}  // namespace
}  // namespace redress::status
