#include "gtest/gtest.h"
#include "services/referral/app/proto_time.h"
#include "services/referral/app/testing/story_fixture.h"

namespace redress::referral {
namespace {

void ReferCases(TwoNodes& world, uint32_t count, uint32_t first = 500) {
  for (uint32_t serial = first; serial < first + count; ++serial) {
    world.case_number = CaseNumber("KH", 26, serial).ToString();
    world.kh->intake.AddCase(world.case_number, 1);
    world.Refer();
  }
}

TEST(ListTest, EachSeesOwnReferralsAndPagesAreBoundToTheirFilter) {
  TwoNodes world(1);
  ReferCases(world, 5);
  v1::ListReferralsRequest list;
  list.set_page_size(2);
  int seen = 0;
  do {
    auto page = world.Run(world.my->queries.ListReferrals(world.contact, list));
    ASSERT_TRUE(page.ok()) << page.status();
    seen += page->referrals_size();
    list.set_page_token(page->next_page_token());
    if (!page->next_page_token().empty()) {
      v1::ListReferralsRequest other = list;
      other.set_open(true);
      EXPECT_TRUE(absl::IsInvalidArgument(
          world.Run(world.my->queries.ListReferrals(world.contact, other)).status()));
    }
  } while (!list.page_token().empty());
  EXPECT_EQ(seen, 5);
  list.clear_page_token();
  auto foreign = world.Run(world.my->queries.ListReferrals(world.other_contact, list));
  EXPECT_EQ(foreign->referrals_size(), 0);
  auto desk = world.Run(world.kh->queries.ListReferrals(world.desk, list));
  EXPECT_EQ(desk->referrals_size(), 2);
}

TEST(ListTest, APageReadsOneLineMoreThanItShowsAndAFilterThatNothingFitsReadsEachOnce) {
  TwoNodes world(1);
  ReferCases(world, 10);
  v1::ListReferralsRequest list;
  list.set_page_size(2);
  const auto keys_read = [&world, &list](int shown) {
    world.my->counted.TakeKeys();
    const auto page = world.Run(world.my->queries.ListReferrals(world.contact, list));
    EXPECT_TRUE(page.ok() && page->referrals_size() == shown);
    return world.my->counted.TakeKeys();
  };
  EXPECT_EQ(keys_read(2), 3u);
  list.add_states(v1::REFERRAL_STATE_DECLINED);
  EXPECT_EQ(keys_read(0), 10u);
}

TEST(ListTest, WhatIsOverdueOrChangedSinceIsNotLookedForAmongTheRest) {
  TwoNodes world(1);
  ReferCases(world, 3);
  world.Settle();
  world.clock.Advance(absl::Hours(24 * 20));  // Before anything acts on it.
  const absl::Time since = world.clock.Now();
  ReferCases(world, 10, 600);
  world.Settle();
  v1::ListReferralsRequest list;
  const auto keys_read = [&world, &list](int shown) {
    world.my->counted.TakeKeys();
    const auto page = world.Run(world.my->queries.ListReferrals(world.contact, list));
    EXPECT_TRUE(page.ok()) << page.status();
    EXPECT_EQ(page->referrals_size(), shown);
    EXPECT_EQ(page->next_page_token(), "");
    return world.my->counted.TakeKeys();
  };
  list.set_overdue(true);
  for (const int size : {3, 5}) {
    list.set_page_size(size);
    EXPECT_EQ(keys_read(3), static_cast<size_t>(size) + 1) << "as many as a page may have";
  }
  list.Clear();
  list.set_order(v1::REFERRAL_ORDER_UPDATED_LAST_FIRST);
  SetTimestamp(since, list.mutable_updated_since());
  list.set_page_size(10);
  EXPECT_EQ(keys_read(10), 11u);
}

TEST(ListTest, AReferralReadsAsManyKeysHoweverManyItsReceiverHas) {
  TwoNodes world(1);
  const auto keys_read = [&world](uint32_t serial) {
    world.case_number = CaseNumber("KH", 26, serial).ToString();
    world.kh->intake.AddCase(world.case_number, 1);
    world.kh->counted.TakeKeys();
    EXPECT_TRUE(
        world.Run(world.kh->home.ReferComplaint(world.ministry, world.ReferRequest())).ok());
    return world.kh->counted.TakeKeys();
  };
  const size_t at_first = keys_read(300);
  world.Settle();
  ReferCases(world, 20);
  EXPECT_EQ(keys_read(301), at_first);
}

TEST(ListTest, WhoCouldTakeACaseIsToldFromAsManyKeysHoweverManyEachHas) {
  TwoNodes world(1);
  const auto keys_read = [&world] {
    v1::SuggestRecipientsRequest suggest;
    suggest.set_case_number(world.case_number);
    world.kh->counted.TakeKeys();
    const auto answer = world.Run(world.kh->directory.SuggestRecipients(world.ministry, suggest));
    EXPECT_TRUE(answer.ok() && answer->suggestions_size() > 0) << answer.status();
    return world.kh->counted.TakeKeys();
  };
  const std::string asked_about = world.case_number;
  const size_t at_first = keys_read();
  ReferCases(world, 20);
  world.case_number = asked_about;
  EXPECT_EQ(keys_read(), at_first);
}

TEST(ListTest, ABodyIsSaidToHoldWhatIsOpenOfAllThatItWasReferred) {
  TwoNodes world(1);
  ReferCases(world, 3);
  const auto held = [&world] {
    v1::GetBodyRequest request;
    request.set_body_id("my:mtuc");
    return world.Run(world.kh->directory.GetBody(world.ministry, request))->open_referrals();
  };
  EXPECT_EQ(held(), 3u);
  world.case_number = CaseNumber("KH", 26, 501).ToString();
  auto recall = RequestOn<v1::RecallReferralRequest>(world, world.Home(world.case_number + "/R1"));
  recall.set_reason("WRONG_RECEIVER");
  const auto recalled = world.Run(world.kh->home.RecallReferral(world.ministry, recall));
  ASSERT_TRUE(recalled.ok()) << recalled.status();
  world.Settle();
  EXPECT_EQ(held(), 2u);
}

}  // namespace
}  // namespace redress::referral
