// Events that change more than the store takes in one commit.
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "services/status/app/case_queries.h"
#include "services/status/app/count_cases.h"
#include "services/status/testing/service_fixture.h"

namespace redress::status {
namespace {

using testing::CaseStory;

class WideEventTest : public ::testing::Test {
 protected:
  testing::TestService service_;
  const Caller ministry_ =
      testing::TestService::CallerWith(auth::Role::kMinistry, testing::kMinistry);
};

TEST_F(WideEventTest, ALargeGroupNeverExceedsACommit) {
  CaseStory story;
  service_.intake().Add(story.Filed(0, 200, 200));
  service_.referral().Add(story.Sent(1));
  service_.referral().Add(story.Disclosed(1, 1000));
  service_.Start();
  service_.Settle();
  EXPECT_LE(service_.store().largest_commit(), kv::kMaxOperationsPerCommit);
  CaseQueries queries(service_.parts());
  v1::GetCaseStatusRequest show;
  show.set_case_number(testing::kCase);
  const auto shown = service_.Run(queries.GetCaseStatus(ministry_, std::move(show)));
  ASSERT_TRUE(shown.ok()) << shown.status();
  const auto read = testing::AsRead<v1::GetCaseStatusResponse>(*shown);
  EXPECT_EQ(read.status().referrals(0).member_count(), 1000u);
}

// Each nationality is counted apart, and has a list of its own for its attachés.
TEST_F(WideEventTest, AGroupOfManyNationalitiesIsTakenIn) {
  CaseStory story;
  IntakeEvent filed = story.Filed(0, 100, 100);
  std::vector<MemberCount>& counts = story.dimensions().member_counts;
  counts.clear();
  for (size_t i = 0; i < filed.members.size(); ++i) {
    MemberDimensions& member = filed.members[i];
    member.nationality = {static_cast<char>('A' + i / 10), static_cast<char>('A' + i % 10)};
    counts.push_back({member.sex, member.nationality, member.migration_status, "AGENCY", 1});
  }
  filed.dimensions = story.dimensions();
  service_.intake().Add(std::move(filed));
  story.dimensions().primary_category = "DOCUMENT_RETENTION";  // All cells change.
  service_.intake().Add(story.Screened(1));
  service_.Start();
  service_.Settle();
  EXPECT_EQ(service_.progress().intake.taken, service_.intake().last());
  EXPECT_LE(service_.store().largest_commit(), kv::kMaxOperationsPerCommit);
  v1::CountCasesRequest request;
  request.set_row(v1::DIMENSION_NATIONALITY);
  const auto counted = service_.Run(CountCases(service_.parts(), ministry_, std::move(request)));
  ASSERT_TRUE(counted.ok()) << counted.status();
  EXPECT_EQ(counted->cells_size(), 100);
}

// A member whose wages are paid in many parts, or whose ledger somebody fills on purpose.
TEST_F(WideEventTest, ALedgerWithoutEndIsTakenIn) {
  CaseStory story;
  service_.intake().Add(story.Filed(0, 1, 1));
  constexpr int kEvents = 20;
  for (int i = 0; i < kEvents; ++i) {
    IntakeEvent paid = story.Money(1, "RECEIVED", 0, 1);
    const PostedEntry entry = paid.entries[0];
    for (int j = 1; j < 200; ++j) {
      paid.entries.push_back(entry);
      paid.entries.back().entry_id += "/" + std::string(40, 'x') + std::to_string(j);
    }
    service_.intake().Add(std::move(paid));
  }
  service_.Start();
  service_.Settle();
  EXPECT_EQ(service_.progress().intake.taken, service_.intake().last());
  const auto member =
      service_.Run(service_.parts().model.GetMember(testing::kCase, CaseStory::Member(0)));
  ASSERT_TRUE(member.ok() && member->has_value()) << member.status();
  ASSERT_EQ((*member)->money.size(), 1u);
  EXPECT_EQ((*member)->money[0].received, int64_t{kEvents} * 200 * 10'000);
}

}  // namespace
}  // namespace redress::status
