// What a call reads does not grow with the cases that are kept.
#include <functional>
#include <map>
#include <string>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "services/platform/ids/case_number.h"
#include "services/status/app/case_queries.h"
#include "services/status/app/count_cases.h"
#include "services/status/app/list_cases.h"
#include "services/status/app/tracking.h"
#include "services/status/testing/service_fixture.h"

namespace redress::status {
namespace {

using auth::Role;
using testing::CaseStory;
using testing::Day;
using testing::TestService;

constexpr int kPage = 20;
constexpr int kFew = 1'000;
constexpr int kMany = 100'000;

std::string Number(int index) {
  return CaseNumber("KH", 26, static_cast<uint32_t>(index + 1)).ToString();
}

// A node with cases of which every twentieth is with the union and late with its answer.
class Grown {
 public:
  Grown() { service_.Start(); }

  void GrowTo(int cases) {
    for (; cases_ < cases; ++cases_) {
      CaseStory story(Number(cases_));
      story.After(service_.intake().last(), service_.referral().last());
      IntakeEvent filed = story.Filed(0, 1);
      filed.occurred_at = Day(0) + absl::Seconds(cases_);
      filed.members[0].tracking_digest = CodeOf(cases_).LookupDigest(service_.tracking_key());
      service_.intake().Add(std::move(filed));
      if (cases_ % 20 != 0) continue;
      service_.intake().Add(story.Screened(1));
      service_.referral().Add(story.Sent(1));
    }
    service_.Settle();
  }

  // The keys that a list of one page reads.
  size_t List(const v1::ListCasesRequest& asked) {
    v1::ListCasesRequest request = asked;
    request.set_page_size(kPage);
    service_.store().TakeKeys();
    const auto page = service_.Run(ListCases(service_.parts(), ministry_, std::move(request)));
    EXPECT_TRUE(page.ok()) << page.status();
    EXPECT_EQ(page.ok() ? page->cases_size() : 0, kPage) << asked.ShortDebugString();
    return service_.store().TakeKeys();
  }
  size_t Count(v1::Dimension row, v1::Dimension column) {
    v1::CountCasesRequest request;
    request.set_row(row);
    request.set_column(column);
    service_.store().TakeKeys();
    const auto counted = service_.Run(CountCases(service_.parts(), ministry_, std::move(request)));
    EXPECT_TRUE(counted.ok()) << counted.status();
    return service_.store().TakeKeys();
  }
  size_t Show(int index) {
    CaseQueries queries(service_.parts());
    v1::GetCaseStatusRequest request;
    request.set_case_number(Number(index));
    service_.store().TakeKeys();
    EXPECT_TRUE(service_.Run(queries.GetCaseStatus(ministry_, std::move(request))).ok());
    return service_.store().TakeKeys();
  }
  size_t Timeline(int index) {
    CaseQueries queries(service_.parts());
    v1::GetTimelineRequest request;
    request.set_case_number(Number(index));
    service_.store().TakeKeys();
    EXPECT_TRUE(service_.Run(queries.GetTimeline(ministry_, std::move(request))).ok());
    return service_.store().TakeKeys();
  }
  size_t Track(int index) {
    Tracking tracking(service_.parts());
    service_.store().TakeKeys();
    const auto shown = service_.Run(tracking.TrackByReceipt(kiosk_, CodeOf(index)));
    EXPECT_TRUE(shown.ok()) << shown.status();
    EXPECT_EQ(shown.ok() ? shown->case_number() : "", Number(index));
    return service_.store().TakeKeys();
  }

 private:
  crypto::TrackingCode CodeOf(int index) const {
    return crypto::TrackingCode::Derive(service_.tracking_key(), Number(index));
  }

  TestService service_;
  int cases_ = 0;
  const Caller kiosk_ = TestService::CallerWith(Role::kKiosk);
  const Caller ministry_ = TestService::CallerWith(Role::kMinistry, testing::kMinistry);
};

// Each list that has an index of its own, and what it is asked by.
std::map<std::string, v1::ListCasesRequest> Lists() {
  std::map<std::string, v1::ListCasesRequest> lists;
  lists["all"];
  lists["nationality"].mutable_filter()->set_nationality("KH");
  lists["destination"].mutable_filter()->set_destination("MY");
  lists["holder"].mutable_filter()->set_holder_body_id(testing::kMinistry);
  lists["case state"].mutable_filter()->set_case_state(intake::v1::CASE_STATE_OPEN);
  lists["referral state"].mutable_filter()->set_referral_state(referral::v1::REFERRAL_STATE_SENT);
  lists["category"].mutable_filter()->set_category(
      testing::CaseStory().dimensions().primary_category);
  lists["overdue"].mutable_filter()->set_overdue(true);
  lists["due first"].set_order(v1::CASE_ORDER_DUE_FIRST);
  lists["filed first"].set_order(v1::CASE_ORDER_FILED_FIRST);
  return lists;
}

std::map<std::string, size_t> KeysRead(Grown& node) {
  std::map<std::string, size_t> read;
  for (const auto& [name, request] : Lists()) read["list: " + name] = node.List(request);
  read["count by category"] = node.Count(v1::DIMENSION_CATEGORY, v1::DIMENSION_UNSPECIFIED);
  read["count by category and sex"] = node.Count(v1::DIMENSION_CATEGORY, v1::DIMENSION_SEX);
  read["show"] = node.Show(40);
  read["timeline"] = node.Timeline(40);
  read["track"] = node.Track(40);
  return read;
}

TEST(GrowthTest, ListsCountsAndCasesReadAsManyKeysAtAHundredThousandCasesAsAtAThousand) {
  Grown node;
  node.GrowTo(kFew);
  const std::map<std::string, size_t> few = KeysRead(node);
  node.GrowTo(kMany);
  const std::map<std::string, size_t> many = KeysRead(node);
  EXPECT_EQ(many, few);
  for (const auto& [what, keys] : many) {
    // One more than the page tells whether there is another, and one is looked for among what the
    // ministry was referred itself.
    EXPECT_LE(keys, what.starts_with("list") ? kPage + 2u : kKeysPerCall) << what;
  }
}

}  // namespace
}  // namespace redress::status
