// A list hands its rows on without reading them (app/list_cases.h); that is seen nowhere.
#include <functional>
#include <map>
#include <set>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "services/platform/ids/case_number.h"
#include "services/status/app/case_queries.h"
#include "services/status/app/list_cases.h"
#include "services/status/testing/service_fixture.h"

namespace redress::status {
namespace {

using auth::Role;
using testing::CaseStory;
using testing::Day;
using testing::TestService;

constexpr int kCases = 4;

class UnreadListTest : public ::testing::Test {
 protected:
  UnreadListTest() {
    service_.NameBodies();
    for (uint32_t i = 0; i < kCases; ++i) {
      CaseStory story(CaseNumber("KH", 26, i + 1).ToString());
      story.After(service_.intake().last(), service_.referral().last());
      service_.intake().Add(story.Filed(static_cast<int>(i), 1));
      if (i % 2 == 0) continue;
      service_.intake().Add(story.Screened(4));
      service_.referral().Add(story.Sent(4));
    }
    service_.clock().Set(Day(60));
    service_.Start();
    service_.Settle();
  }

  std::map<std::string, std::string> Listed(const Caller& caller, v1::ListCasesRequest request) {
    std::map<std::string, std::string> shown;
    const auto page = service_.Run(ListCases(service_.parts(), caller, std::move(request)));
    EXPECT_TRUE(page.ok()) << page.status();
    if (!page.ok()) return shown;
    const auto read = testing::AsRead<v1::ListCasesResponse>(*page);
    for (const v1::CaseSummary& one : read.cases()) shown[one.case_number()] = one.DebugString();
    return shown;
  }
  // The same cases, as each is shown by itself.
  std::map<std::string, std::string> Shown(const Caller& caller) {
    CaseQueries queries(service_.parts());
    std::map<std::string, std::string> shown;
    for (uint32_t i = 0; i < kCases; ++i) {
      v1::GetCaseStatusRequest request;
      request.set_case_number(CaseNumber("KH", 26, i + 1).ToString());
      const auto answer = service_.Run(queries.GetCaseStatus(caller, request));
      EXPECT_TRUE(answer.ok()) << answer.status();
      const auto read = testing::AsRead<v1::GetCaseStatusResponse>(*answer);
      EXPECT_THAT(read.status().summary().holder_name(), ::testing::StartsWith("The body "));
      shown[request.case_number()] = read.status().summary().DebugString();
    }
    return shown;
  }

  TestService service_;
};

TEST_F(UnreadListTest, AListShowsOfEachCaseWhatTheCaseItselfShows) {
  const Caller ministry = TestService::CallerWith(Role::kMinistry, testing::kMinistry);
  const auto shown = Shown(ministry);
  EXPECT_EQ(Listed(ministry, {}), shown) << "handed on as they are kept";
  v1::ListCasesRequest read;
  read.mutable_filter()->mutable_since()->set_seconds(1);
  EXPECT_EQ(Listed(ministry, read), shown) << "read, to see whether they fit";
}

TEST_F(UnreadListTest, EachFilterFindsTheSameWhetherItsRowsAreReadOrNot) {
  const Caller ministry = TestService::CallerWith(Role::kMinistry, testing::kMinistry);
  const auto find = [&](const std::function<void(v1::CaseFilter&)>& set) {
    v1::ListCasesRequest unread;
    set(*unread.mutable_filter());
    const auto found = Listed(ministry, unread);
    v1::ListCasesRequest read = unread;
    read.mutable_filter()->mutable_since()->set_seconds(1);
    EXPECT_EQ(Listed(ministry, read), found) << unread.ShortDebugString();
    return found.size();
  };
  EXPECT_EQ(find([](v1::CaseFilter& filter) { filter.set_destination("MY"); }), 4u);
  EXPECT_EQ(find([](v1::CaseFilter& filter) { filter.set_destination("TH"); }), 0u);
  EXPECT_EQ(find([](v1::CaseFilter& filter) { filter.set_nationality("KH"); }), 4u);
  EXPECT_EQ(find([](v1::CaseFilter& filter) { filter.set_category("WAGE_UNDERPAYMENT"); }), 4u);
  EXPECT_EQ(find([](v1::CaseFilter& filter) { filter.set_category("NONE_OF_THEM"); }), 0u);
  EXPECT_EQ(find([](v1::CaseFilter& filter) { filter.set_holder_body_id(testing::kDesk); }), 2u);
  EXPECT_EQ(find([](v1::CaseFilter& filter) { filter.set_holder_body_id("no:body"); }), 0u);
  EXPECT_EQ(
      find([](v1::CaseFilter& filter) { filter.set_case_state(intake::v1::CASE_STATE_FILED); }),
      2u);
  EXPECT_EQ(find([](v1::CaseFilter& filter) {
              filter.set_referral_state(referral::v1::REFERRAL_STATE_SENT);
            }),
            2u);
}

TEST_F(UnreadListTest, ACaseThatStandsInSeveralListsOfACallerIsListedOnceOverAllPages) {
  auth::Principal several = *TestService::CallerWith(Role::kMinistry, testing::kDesk);
  several.roles.Insert(Role::kProvince);
  several.roles.Insert(Role::kDesk);
  several.province = "KH-2";
  const Caller caller = std::make_shared<const auth::Principal>(std::move(several));
  for (const int size : {1, 3, 20}) {
    v1::ListCasesRequest request;
    request.set_page_size(size);
    std::vector<std::string> listed;
    do {
      const auto page = service_.Run(ListCases(service_.parts(), caller, request));
      ASSERT_TRUE(page.ok()) << page.status();
      const auto read = testing::AsRead<v1::ListCasesResponse>(*page);
      for (const v1::CaseSummary& one : read.cases()) listed.push_back(one.case_number());
      request.set_page_token(page->next_page_token());
    } while (!request.page_token().empty());
    EXPECT_EQ(listed.size(), static_cast<size_t>(kCases)) << "pages of " << size;
    EXPECT_EQ(std::set<std::string>(listed.begin(), listed.end()).size(), listed.size());
  }
}

TEST_F(UnreadListTest, OfTheSameHolderEachCaseIsOverdueByItself) {
  service_.clock().Set(Day(8));  // A week after the first was filed, which is then to be screened.
  v1::ListCasesRequest request;
  request.mutable_filter()->set_holder_body_id(testing::kDesk);
  const Caller ministry = TestService::CallerWith(Role::kMinistry, testing::kMinistry);
  const auto page = service_.Run(ListCases(service_.parts(), ministry, request));
  ASSERT_TRUE(page.ok()) << page.status();
  const auto read = testing::AsRead<v1::ListCasesResponse>(*page);
  ASSERT_EQ(read.cases_size(), 2);
  EXPECT_FALSE(read.cases(0).overdue());
  EXPECT_TRUE(read.cases(1).overdue());
}

}  // namespace
}  // namespace redress::status
