// A case that has become larger than is kept of one, filed to stop all others or by a peer.
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "services/platform/status/refusal.h"
#include "services/status/app/case_queries.h"
#include "services/status/app/count_cases.h"
#include "services/status/app/tracking.h"
#include "services/status/testing/watching.h"

namespace redress::status {
namespace {

using testing::CaseStory;
using ::testing::ElementsAre;
using ::testing::IsEmpty;
using testing::kCase;

constexpr char kOther[] = "KH-26-0000002-2";

// Of more kinds of members than a case of people is of.
void MakeTooLarge(CaseDimensions& dimensions) {
  constexpr int kKinds = 10'000;
  for (int i = 0; i < kKinds; ++i) {
    dimensions.member_counts.push_back({"FEMALE", "KH", "REGULAR", "BROKER", 1});
  }
}

class SetAsideTest : public ::testing::Test {
 protected:
  // A case that becomes too large when it is screened, and goes on; and another after it.
  SetAsideTest() {
    CaseStory story;
    IntakeEvent filed = story.Filed(0, 4, /*embassy=*/2);
    filed.members[0].tracking_digest = code_.LookupDigest(service_.tracking_key());
    service_.intake().Add(std::move(filed));
    service_.referral().Add(story.Sent(1));
    service_.referral().Add(story.Disclosed(1, 4));
    service_.Start();
    service_.Settle();
    ministrys_.emplace(service_, ministry_, v1::WatchCasesRequest());
    MakeTooLarge(story.dimensions());
    service_.intake().Add(story.Screened(2));
    service_.intake().Add(story.Closed(3));
    CaseStory other(kOther);
    other.After(service_.intake().last(), service_.referral().last());
    service_.intake().Add(other.Filed(3, 2));
    service_.referral().Add(story.Confirmed(3));
    service_.Settle();
  }

  absl::Status Show(const Caller& caller) {
    CaseQueries queries(service_.parts());
    v1::GetCaseStatusRequest request;
    request.set_case_number(kCase);
    return service_.Run(queries.GetCaseStatus(caller, std::move(request))).status();
  }

  testing::TestService service_;
  const crypto::TrackingCode code_ =
      crypto::TrackingCode::Derive(service_.tracking_key(), CaseStory::Member(0));
  const Caller ministry_ =
      testing::TestService::CallerWith(auth::Role::kMinistry, testing::kMinistry);
  const Caller desk_ = testing::TestService::CallerWith(auth::Role::kDesk, testing::kDesk);
  std::optional<testing::Watching> ministrys_;
};

TEST_F(SetAsideTest, WhatComesAfterItIsTakenIn) {
  EXPECT_EQ(service_.progress().intake.taken, service_.intake().last());
  EXPECT_EQ(service_.progress().referral.taken, service_.referral().last());
  EXPECT_THAT(service_.troubles(), IsEmpty());
  EXPECT_THAT(service_.set_aside(), ElementsAre(kCase));
}

TEST_F(SetAsideTest, ItIsNeitherListedNorCountedAnyMore) {
  v1::ListCasesRequest list;
  const auto listed = service_.Run(ListCases(service_.parts(), ministry_, std::move(list)));
  ASSERT_TRUE(listed.ok()) << listed.status();
  const auto read = testing::AsRead<v1::ListCasesResponse>(*listed);
  ASSERT_EQ(read.cases_size(), 1);
  EXPECT_EQ(read.cases(0).case_number(), kOther);

  v1::CountCasesRequest count;
  count.set_row(v1::DIMENSION_DESTINATION);
  const auto counted = service_.Run(CountCases(service_.parts(), ministry_, std::move(count)));
  ASSERT_TRUE(counted.ok()) << counted.status();
  ASSERT_EQ(counted->cells_size(), 1);
  EXPECT_EQ(counted->cells(0).cases(), 1);
}

TEST_F(SetAsideTest, HomeIsToldWhyItIsNotShownAndNobodyElseThatItIsThere) {
  const absl::Status refused = Show(ministry_);
  EXPECT_EQ(refused.code(), absl::StatusCode::kFailedPrecondition);
  ASSERT_TRUE(GetRefusal(refused).has_value()) << refused;
  EXPECT_EQ(GetRefusal(refused)->reason, "CASE_SET_ASIDE");
  EXPECT_TRUE(absl::IsNotFound(Show(desk_)));
  const Caller contact = testing::TestService::CallerWith(auth::Role::kContact, testing::kUnion);
  EXPECT_TRUE(absl::IsNotFound(Show(contact)));
}

TEST_F(SetAsideTest, WhoeverHasTheCodeOfAReceiptIsToldWhyAndHasTriedNoWrongOne) {
  Tracking tracking(service_.parts());
  const Caller kiosk = testing::TestService::CallerWith(auth::Role::kKiosk);
  for (int i = 0; i <= WrongCodes::kMaxWrong; ++i) {
    const absl::Status refused = service_.Run(tracking.TrackByReceipt(kiosk, code_)).status();
    ASSERT_TRUE(GetRefusal(refused).has_value()) << refused;
    EXPECT_EQ(GetRefusal(refused)->reason, "CASE_SET_ASIDE");
  }
}

TEST_F(SetAsideTest, HomeIsToldWhenItIsToBeWatched) {
  v1::WatchCasesRequest request;
  request.set_case_number(kCase);
  testing::Watching watching(service_, ministry_, std::move(request));
  watching.End();
  ASSERT_TRUE(GetRefusal(watching.status()).has_value()) << watching.status();
  EXPECT_EQ(GetRefusal(watching.status())->reason, "CASE_SET_ASIDE");
}

TEST_F(SetAsideTest, WhoWatchesIsToldToDropItAndOfTheOthers) {
  EXPECT_THAT(ministrys_->sink().Told(), ElementsAre("-RIGHT_LOST", "CASE_FILED"));
}

TEST_F(SetAsideTest, ItStaysSoAfterAStartAndWhenAllIsBuiltAnew) {
  const auto before = service_.Contents();
  service_.Stop();
  service_.Start();
  service_.Settle();
  EXPECT_EQ(service_.Contents(), before);
  service_.Stop();
  service_.Start(/*rebuild=*/true);
  service_.Settle();
  EXPECT_THAT(service_.troubles(), IsEmpty());
  EXPECT_EQ(Show(ministry_).code(), absl::StatusCode::kFailedPrecondition);
}

}  // namespace
}  // namespace redress::status
