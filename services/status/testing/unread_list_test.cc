// A list hands its rows on without reading them (app/list_cases.h); that is seen nowhere.
#include <functional>
#include <map>

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
    for (const char* body : {testing::kMinistry, testing::kDesk, testing::kUnion}) {
      ReferralEvent named;
      named.number = service_.referral().last() + 1;
      named.kind = ReferralKind::kBody;
      named.body.body_id = body;
      named.body.name = std::string("The body ") + body;
      service_.referral().Add(named);
    }
    for (uint32_t i = 0; i < kCases; ++i) {
      CaseStory story(CaseNumber("KH", 26, i + 1).ToString());
      story.After(service_.intake().last(), service_.referral().last());
      service_.intake().Add(story.Filed(0, 1));
      if (i % 2 == 0) continue;
      service_.intake().Add(story.Screened(1));
      service_.referral().Add(story.Sent(1));
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

}  // namespace
}  // namespace redress::status
