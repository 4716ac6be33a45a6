// What the present alone changes: nothing comes in, and readers see something else than before.
#include <memory>
#include <set>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "services/platform/ids/case_number.h"
#include "services/status/app/case_queries.h"
#include "services/status/app/count_cases.h"
#include "services/status/app/list_cases.h"
#include "services/status/app/projector.h"
#include "services/status/storage/keys.h"
#include "services/status/testing/service_fixture.h"

namespace redress::status {
namespace {

using auth::Role;
using testing::CaseStory;
using ::testing::IsEmpty;
using ::testing::Not;
using ::testing::SizeIs;
using testing::TestService;

class DueTest : public ::testing::Test {
 protected:
  absl::Status Show(const Caller& caller) {
    CaseQueries queries(service_.parts());
    v1::GetCaseStatusRequest request;
    request.set_case_number(testing::kCase);
    return service_.Run(queries.GetCaseStatus(caller, std::move(request))).status();
  }

  // Of the mission of `body` in Malaysia; whose person is posted there for `country`.
  Caller PostedAttache(std::string body, std::string country) {
    ReferralEvent event;
    event.number = service_.referral().last() + 1;
    event.kind = ReferralKind::kPosting;
    event.posting = {"a-posting", "somebody", {country, country, "MY", "2026-01-01", ""}};
    service_.referral().Add(event);
    auto attache =
        std::make_shared<auth::Principal>(*TestService::CallerWith(Role::kAttache, body));
    attache->posting = "MY";
    return attache;
  }
  // With a case of which one of two members agreed to attachés until then; gives the attaché.
  Caller StartWithConsentUntilThe25th(CaseStory& story) {
    IntakeEvent filed = story.Filed(0, 2, 1);
    filed.members[0].embassy_expires_on = "2026-11-25";
    service_.intake().Add(std::move(filed));
    Caller attache = PostedAttache("kh:embassy-kl", "KH");
    service_.Start();
    service_.Settle();
    return attache;
  }
  void Agree(std::vector<Mission> missions) {
    ReferralEvent event;
    event.number = service_.referral().last() + 1;
    event.kind = ReferralKind::kAgreement;
    event.agreement = {"ph-kh:proxy", std::move(missions)};
    service_.referral().Add(event);
    service_.Settle();
  }

  TestService service_;
  const Caller ministry_ = TestService::CallerWith(Role::kMinistry, testing::kMinistry);
};

TEST_F(DueTest, ACasePassesIntoTheNextTimeBandByItself) {
  service_.Start();
  CaseStory story;
  service_.intake().Add(story.Filed(0, 1));
  service_.Settle();
  v1::CountCasesRequest request;
  request.set_row(v1::DIMENSION_TIME_BAND);
  const auto band = [&] {
    return service_.Run(CountCases(service_.parts(), ministry_, request))->cells(0).row();
  };
  EXPECT_EQ(band(), "OPEN_UP_TO_1_MONTH");
  service_.executor().Advance(absl::Hours(24 * 15));
  service_.Settle();
  EXPECT_EQ(band(), "OPEN_UP_TO_3_MONTHS");
}

TEST_F(DueTest, AnAttacheSeesACaseNoLongerThanTheConsentSays) {
  CaseStory story;
  const Caller attache = StartWithConsentUntilThe25th(story);
  EXPECT_TRUE(Show(attache).ok());
  const absl::Duration left = absl::Hours(4 * 24 + 12);  // From noon of the 21st to the midnight.
  service_.executor().Advance(left - absl::Minutes(1));
  service_.Settle();
  EXPECT_TRUE(Show(attache).ok()) << "on its last day";
  service_.executor().Advance(absl::Minutes(3));
  service_.Settle();
  EXPECT_EQ(Show(attache).code(), absl::StatusCode::kNotFound);
  const auto listed = service_.Run(ListCases(service_.parts(), attache, v1::ListCasesRequest()));
  EXPECT_THAT(listed->cases(), IsEmpty());
  EXPECT_TRUE(Show(ministry_).ok());
  const auto read_along = service_.Contents();
  service_.Stop();
  service_.Start(true);
  service_.Settle();
  EXPECT_EQ(service_.Contents(), read_along) << "a rebuild finds it run out";

  // Given again, and this time without an end.
  story.After(1, 0);
  service_.intake().Add(story.Embassy(25, {CaseStory::Member(0)}, true));
  service_.Settle();
  EXPECT_TRUE(Show(attache).ok());
}

TEST_F(DueTest, WhatCannotBeReadIsToldAndHoldsNothingUpThatIsDueAfterIt) {
  CaseStory story;
  const Caller attache = StartWithConsentUntilThe25th(story);
  // Before all others, and more than the runner takes up at once.
  for (const uint8_t table : {kConsentEndsTable, kBandsTable}) {
    kv::Change damage;
    for (char i = 0; i < 120; ++i) {
      damage.mutations.push_back(kv::Mutation::Put({static_cast<char>(table), '\0', i}, ""));
    }
    service_.Run(service_.store().Commit(std::move(damage)));
  }
  EXPECT_TRUE(Show(attache).ok());
  EXPECT_THAT(service_.troubles(), IsEmpty());
  service_.clock().Advance(absl::Hours(24 * 15));
  service_.executor().Advance(absl::Minutes(1));
  service_.Settle();
  EXPECT_EQ(Show(attache).code(), absl::StatusCode::kNotFound);
  v1::CountCasesRequest request;
  request.set_row(v1::DIMENSION_TIME_BAND);
  EXPECT_EQ(service_.Run(CountCases(service_.parts(), ministry_, request))->cells(0).row(),
            "OPEN_UP_TO_3_MONTHS");
  ASSERT_THAT(service_.troubles(), Not(IsEmpty()));
  for (const auto& [task, status] : service_.troubles()) {
    EXPECT_EQ(task, Ingest::Task::kRunDue);
    EXPECT_EQ(status.code(), absl::StatusCode::kDataLoss);
  }
}

TEST_F(DueTest, TroubleIsToldOfTheTaskThatHasIt) {
  service_.referral().SetDown(true);
  service_.Start();
  service_.Settle();
  ASSERT_THAT(service_.troubles(), SizeIs(1));
  EXPECT_EQ(service_.troubles()[0].first, Ingest::Task::kReadReferral);
  kv::Change damage;
  damage.mutations.push_back(kv::Mutation::Put(CaseKey(testing::kCase), "\x07"));
  service_.Run(service_.store().Commit(std::move(damage)));
  CaseStory story;
  service_.intake().Add(story.Filed(0, 1));
  service_.Settle();
  ASSERT_THAT(service_.troubles(), SizeIs(2));
  EXPECT_EQ(service_.troubles()[1].first, Ingest::Task::kWrite);
}

// Between the look of the runner, which found that they have ended, and the writer's turn.
TEST(DueProjectorTest, WhatHasEndedStaysSoWhenTheClockIsSetBackMeanwhile) {
  ManualClock clock(testing::Day(20));
  async::ManualExecutor executor(clock);
  kv::MemoryStore store(executor);
  const std::unique_ptr<ReadModel> model = MakeReadModel(store);
  Projector projector("kh", kScreeningTime, *model, clock);
  CaseStory story;
  IntakeEvent filed = story.Filed(0, 1, 1);
  filed.members[0].embassy_expires_on = "2026-11-25";
  WriteSet writes;
  ASSERT_TRUE(RunToEnd(executor, projector.Take(std::move(filed), writes)).ok());
  ASSERT_THAT(writes.consent_ends, SizeIs(1));
  ASSERT_THAT(writes.bands, SizeIs(1));
  const ConsentEnd consent = writes.consent_ends.begin()->first;
  const BandEnd band = writes.bands.begin()->first;

  clock.Set(consent.at - absl::Minutes(1));
  ASSERT_TRUE(RunToEnd(executor, projector.EndConsent(consent, writes)).ok());
  EXPECT_TRUE(writes.members.begin()->second.embassy_lapsed);
  EXPECT_FALSE(writes.consent_ends.at(consent)) << "nobody looks at it again";
  EXPECT_THAT(writes.cases.at(testing::kCase).embassy, IsEmpty());
  clock.Set(band.at - absl::Minutes(1));
  ASSERT_TRUE(RunToEnd(executor, projector.PassBand(band, writes)).ok());
  EXPECT_EQ(writes.cases.at(testing::kCase).open_band, 1u);
  EXPECT_THAT(writes.bands, SizeIs(2)) << "the end of the next one is looked at";
}

TEST_F(DueTest, AProxyMissionSeesTheCaseOnlyUnderAnAgreementInForceForThatNationalityAndHost) {
  CaseStory story;
  service_.intake().Add(story.Filed(0, 1, 1));
  const Caller attache = PostedAttache("ph:embassy-kl", "PH");
  service_.Start();
  service_.Settle();
  EXPECT_EQ(Show(attache).code(), absl::StatusCode::kNotFound);
  Agree({{"PH", "VN", "MY", "2026-01-01", ""}, {"PH", "KH", "TH", "2026-01-01", ""}});
  EXPECT_EQ(Show(attache).code(), absl::StatusCode::kNotFound);
  Agree({{"PH", "KH", "MY", "2026-01-01", "2026-11-30"}});
  EXPECT_TRUE(Show(attache).ok());
  service_.executor().Advance(absl::Hours(24 * 10));  // To the first of December.
  EXPECT_EQ(Show(attache).code(), absl::StatusCode::kNotFound);
  Agree({{"PH", "KH", "MY", "2026-01-01", "2027-11-30"}});
  EXPECT_TRUE(Show(attache).ok());
  Agree({});  // Its halves match no more.
  EXPECT_EQ(Show(attache).code(), absl::StatusCode::kNotFound);
}

TEST_F(DueTest, AnAttacheWhoActsForManyIsListedEachCaseOnceHoweverManyStandInEachList) {
  constexpr int kCases = 130;
  const std::vector<std::string> acted_for = {"PH", "KH", "VN", "NP", "MM", "ID", "BD", "LK"};
  const Caller attache = PostedAttache("ph:embassy-kl", "PH");
  service_.Start();
  std::vector<Mission> missions = {{"PH", "AF", "MY", "2026-01-01", ""}};  // Of whom there is none.
  for (const std::string& nationality : acted_for) {
    missions.push_back({"PH", nationality, "MY", "2026-01-01", ""});
  }
  Agree(std::move(missions));
  for (uint32_t i = 0; i < kCases; ++i) {
    CaseStory story(CaseNumber("KH", 26, i + 1).ToString());
    story.After(service_.intake().last(), service_.referral().last());
    const int members = static_cast<int>(acted_for.size());
    IntakeEvent filed = story.Filed(0, members, members);
    filed.dimensions->member_counts.clear();
    for (size_t m = 0; m < acted_for.size(); ++m) {
      MemberDimensions& member = filed.members[m];
      member.nationality = acted_for[m];
      filed.dimensions->member_counts.push_back(
          {member.sex, member.nationality, member.migration_status, "AGENCY", 1});
    }
    service_.intake().Add(std::move(filed));
  }
  service_.Settle();
  v1::ListCasesRequest request;
  request.set_page_size(200);
  std::set<std::string> listed;
  size_t rows = 0;
  do {
    const auto page = service_.Run(ListCases(service_.parts(), attache, request));
    ASSERT_TRUE(page.ok()) << page.status();
    const auto read = testing::AsRead<v1::ListCasesResponse>(*page);
    for (const v1::CaseSummary& one : read.cases()) listed.insert(one.case_number());
    rows += static_cast<size_t>(read.cases_size());
    ASSERT_NE(read.next_page_token(), request.page_token()) << "it does not go on";
    request.set_page_token(read.next_page_token());
  } while (!request.page_token().empty());
  EXPECT_EQ(rows, static_cast<size_t>(kCases));
  EXPECT_EQ(listed.size(), static_cast<size_t>(kCases));
}

}  // namespace
}  // namespace redress::status
