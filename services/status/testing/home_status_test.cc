// A case is shown from a row made for those who see all of it (app/home_status.h); that is seen
// nowhere.
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "services/status/app/case_queries.h"
#include "services/status/app/views.h"
#include "services/status/storage/keys.h"
#include "services/status/testing/service_fixture.h"

namespace redress::status {
namespace {

using auth::Role;
using testing::Day;
using testing::TestService;

class HomeStatusTest : public ::testing::Test {
 protected:
  HomeStatusTest() {
    service_.NameBodies();
    ReferralEvent link;
    link.number = service_.referral().last() + 1;
    link.kind = ReferralKind::kLink;
    link.link.peer_node = "my";
    link.link.heard_at = Day(19);
    service_.referral().Add(link);
    service_.Start();
    service_.Settle();
  }

  v1::CaseStatus Shown(const Caller& caller) {
    CaseQueries queries(service_.parts());
    v1::GetCaseStatusRequest request;
    request.set_case_number(testing::kCase);
    const auto answer = service_.Run(queries.GetCaseStatus(caller, std::move(request)));
    EXPECT_TRUE(answer.ok()) << answer.status();
    if (!answer.ok()) return {};
    return testing::AsRead<v1::GetCaseStatusResponse>(*answer).status();
  }
  // What the case's own rows say.
  v1::CaseStatus Made(const Caller& caller) {
    const AppParts& parts = service_.parts();
    const absl::Time now = parts.clock.Now();
    const auto sighted =
        service_.Run(FindSighted(parts, parts.directory.ReaderFor(*caller, now), testing::kCase));
    EXPECT_TRUE(sighted.ok()) << sighted.status();
    if (!sighted.ok()) return {};
    return CaseStatusOf(sighted->view, parts.directory, parts.codes, now);
  }
  static Caller Province(std::string code) {
    auth::Principal principal = *TestService::CallerWith(Role::kProvince, "kh:an-office");
    principal.province = std::move(code);
    return std::make_shared<const auth::Principal>(std::move(principal));
  }
  bool IsAbsentFor(const Caller& caller) {
    CaseQueries queries(service_.parts());
    v1::GetCaseStatusRequest request;
    request.set_case_number(testing::kCase);
    const auto answer = service_.Run(queries.GetCaseStatus(caller, std::move(request)));
    return absl::IsNotFound(answer.status());
  }
  void PlayWholeStory() {
    testing::CaseStory story;
    story.After(0, service_.referral().last());
    const testing::Logs logs = WholeStory(story);
    service_.intake().Add(logs.intake);
    service_.referral().Add(logs.referral);
    service_.Settle();
  }
  void ExpectTheSame() {
    for (const Caller& caller : {ministry_, desk_, auditor_, Province("KH-2")}) {
      EXPECT_EQ(Shown(caller).DebugString(), Made(caller).DebugString());
    }
  }

  TestService service_;
  const Caller ministry_ = TestService::CallerWith(Role::kMinistry, testing::kMinistry);
  const Caller desk_ = TestService::CallerWith(Role::kDesk, testing::kDesk);
  const Caller auditor_ = TestService::CallerWith(Role::kAuditor, "kh:court");
};

TEST_F(HomeStatusTest, AfterEachEventACaseIsShownAsItsOwnRowsSay) {
  testing::CaseStory story;
  story.After(0, service_.referral().last());
  const testing::Logs logs = WholeStory(story);
  size_t compared = 0;
  for (const IntakeEvent& event : logs.intake) {
    service_.intake().Add(event);
    service_.Settle();
    ExpectTheSame();
    ++compared;
  }
  for (const ReferralEvent& event : logs.referral) {
    service_.referral().Add(event);
    service_.Settle();
    ExpectTheSame();
    ++compared;
  }
  EXPECT_GT(compared, 8u);
  const v1::CaseStatus shown = Shown(ministry_);
  EXPECT_EQ(shown.referrals(0).receiver_name(), std::string("The body ") + testing::kUnion);
  EXPECT_GT(shown.referrals(0).in_step().heard_at().seconds(), 0);
  EXPECT_GT(shown.money_size(), 0);
}

TEST_F(HomeStatusTest, WhatDependsOnThePresentIsOfThePresent) {
  testing::CaseStory story;
  service_.intake().Add(story.Filed(0, 1));
  service_.Settle();
  service_.clock().Set(Day(1));
  EXPECT_FALSE(Shown(ministry_).summary().overdue());
  service_.clock().Set(Day(60));
  EXPECT_TRUE(Shown(ministry_).summary().overdue());
  ExpectTheSame();
}

TEST_F(HomeStatusTest, ItIsTheRowThatIsShownAndNothingElseIsRead) {
  PlayWholeStory();
  for (const Caller& caller : {ministry_, desk_, auditor_, Province("KH-2")}) {
    service_.store().TakeKeys();
    EXPECT_EQ(Shown(caller).summary().case_number(), testing::kCase);
    EXPECT_EQ(service_.store().TakeKeys(), 1u);
  }
  kv::Change gone;
  gone.mutations.push_back(kv::Mutation::Delete(CaseKey(testing::kCase)));
  ASSERT_EQ(service_.Run(service_.store().Commit(std::move(gone))).outcome,
            kv::CommitOutcome::kCommitted);
  EXPECT_EQ(Shown(ministry_).summary().case_number(), testing::kCase);
}

TEST_F(HomeStatusTest, WhoeverSeesAPartOrNothingIsNotShownAllOfIt) {
  PlayWholeStory();
  const Caller contact = TestService::CallerWith(Role::kContact, testing::kUnion);
  EXPECT_EQ(Shown(contact).DebugString(), Made(contact).DebugString());
  EXPECT_NE(Shown(contact).DebugString(), Shown(ministry_).DebugString());
  for (const Role role : {Role::kDesk, Role::kContact}) {
    EXPECT_TRUE(IsAbsentFor(TestService::CallerWith(role, "kh:another")));
  }
  EXPECT_TRUE(IsAbsentFor(Province("KH-3")));
  EXPECT_TRUE(IsAbsentFor(Province("")));
}

TEST_F(HomeStatusTest, WhenAnotherProvinceHandlesItTheFormerOneSeesItNoMore) {
  testing::CaseStory story;
  service_.intake().Add(story.Filed(0, 1));
  service_.Settle();
  EXPECT_FALSE(IsAbsentFor(Province("KH-2")));
  story.dimensions().province = "KH-3";
  service_.intake().Add(story.Screened(1));
  service_.Settle();
  EXPECT_TRUE(IsAbsentFor(Province("KH-2")));
  EXPECT_FALSE(IsAbsentFor(Province("KH-3")));
}

TEST_F(HomeStatusTest, ACaseOfWhichOnlyReferralHasToldIsShownToNobody) {
  testing::CaseStory story;
  story.After(0, service_.referral().last());
  service_.referral().Add(story.Sent(1));
  service_.Settle();
  for (const Caller& caller : {ministry_, desk_, auditor_, Province("KH-2")}) {
    EXPECT_TRUE(IsAbsentFor(caller));
  }
}

}  // namespace
}  // namespace redress::status
