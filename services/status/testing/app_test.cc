// The application over its real storage, with the logs played to it.
#include <set>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "services/platform/ids/case_number.h"
#include "services/platform/status/refusal.h"
#include "services/status/app/case_queries.h"
#include "services/status/app/count_cases.h"
#include "services/status/app/list_cases.h"
#include "services/status/app/tracking.h"
#include "services/status/testing/service_fixture.h"

namespace redress::status {
namespace {

using auth::Role;
using testing::AsRead;
using testing::CaseStory;
using testing::Day;
using ::testing::ElementsAre;
using ::testing::IsEmpty;
using testing::Logs;
using ::testing::SizeIs;
using testing::TestService;
using testing::WholeStory;

// A well-formed case number for each index.
std::string Number(int index) {
  return CaseNumber("KH", 26, static_cast<uint32_t>(index + 1)).ToString();
}

std::string Reason(const absl::Status& status) {
  const auto refusal = GetRefusal(status);
  return refusal.has_value() ? refusal->reason : "";
}

class AppTest : public ::testing::Test {
 protected:
  void PlayWholeStory() {
    const Logs logs = WholeStory();
    service_.intake().Add(logs.intake);
    service_.referral().Add(logs.referral);
  }
  // Files `count` cases, one an hour, every `thai`th for work in Thailand.
  void FileMany(int count, int thai = 4) {
    for (int i = 0; i < count; ++i) {
      CaseStory story(Number(i));
      story.After(static_cast<uint64_t>(filed_), 0);
      IntakeEvent event = story.Filed(0, 1);
      event.occurred_at = Day(0) + absl::Hours(i);
      if (i % thai == thai - 1) event.dimensions->destination = "TH";
      service_.intake().Add(std::move(event));
      ++filed_;
    }
  }
  v1::ListCasesResponse List(const Caller& caller, v1::ListCasesRequest request = {}) {
    auto response = service_.Run(ListCases(service_.parts(), caller, std::move(request)));
    EXPECT_TRUE(response.ok()) << response.status();
    return response.ok() ? AsRead<v1::ListCasesResponse>(*response) : v1::ListCasesResponse();
  }
  absl::StatusOr<v1::GetCaseStatusResponse> Show(const Caller& caller,
                                                 std::string number = testing::kCase) {
    CaseQueries queries(service_.parts());
    v1::GetCaseStatusRequest request;
    request.set_case_number(std::move(number));
    const auto response = service_.Run(queries.GetCaseStatus(caller, std::move(request)));
    if (!response.ok()) return response.status();
    return AsRead<v1::GetCaseStatusResponse>(*response);
  }
  std::vector<std::string> Timeline(const Caller& caller, int page_size = 0) {
    CaseQueries queries(service_.parts());
    v1::GetTimelineRequest request;
    request.set_case_number(testing::kCase);
    request.set_page_size(page_size);
    std::vector<std::string> what;
    do {
      auto response = service_.Run(queries.GetTimeline(caller, request));
      EXPECT_TRUE(response.ok()) << response.status();
      if (!response.ok()) break;
      for (const auto& entry : response->entries()) what.push_back(entry.what());
      request.set_page_token(response->next_page_token());
    } while (!request.page_token().empty());
    return what;
  }

  TestService service_;
  int filed_ = 0;
  const Caller ministry_ = TestService::CallerWith(Role::kMinistry, testing::kMinistry);
  const Caller union_ = TestService::CallerWith(Role::kContact, testing::kUnion);
};

TEST_F(AppTest, NothingIsAnsweredBeforeBothLogsWereReadToTheirEnds) {
  PlayWholeStory();
  service_.referral().SetDown(true);
  service_.Start();
  service_.Settle();
  EXPECT_EQ(Show(ministry_).status().code(), absl::StatusCode::kUnavailable);
  service_.referral().SetDown(false);
  service_.executor().AdvanceToNextTimer();
  service_.Settle();
  EXPECT_TRUE(Show(ministry_).ok());
}

TEST_F(AppTest, ACaseIsShownWithItsReferralAndItsSums) {
  PlayWholeStory();
  service_.Start();
  service_.Settle();
  const auto shown = Show(ministry_);
  ASSERT_TRUE(shown.ok()) << shown.status();
  EXPECT_EQ(shown->status().summary().case_state(), intake::v1::CASE_STATE_OPEN);
  EXPECT_EQ(shown->status().summary().referral_state(), referral::v1::REFERRAL_STATE_RESOLVED);
  EXPECT_THAT(shown->status().referrals(), SizeIs(1));
  EXPECT_EQ(shown->status().money(0).claimed().amount(), "500.00");
  EXPECT_EQ(shown->as_of().intake_event(), service_.intake().last());
  EXPECT_TRUE(shown->as_of().has_current_at());
}

TEST_F(AppTest, AbsentAndForeignAreTheSame) {
  PlayWholeStory();
  service_.Start();
  service_.Settle();
  const absl::Status foreign = Show(TestService::CallerWith(Role::kDesk, "kh:lscw")).status();
  const absl::Status absent = Show(ministry_, Number(77)).status();
  EXPECT_EQ(foreign, absent);
  EXPECT_EQ(foreign.code(), absl::StatusCode::kNotFound);
}

TEST_F(AppTest, AWorkerSeesTheOwnPartOnly) {
  PlayWholeStory();
  service_.Start();
  service_.Settle();
  auto worker = std::make_shared<auth::Principal>(*TestService::CallerWith(Role::kWorker));
  worker->case_number = testing::kCase;
  worker->member_id = CaseStory::Member(3);
  const auto shown = Show(worker);
  ASSERT_TRUE(shown.ok()) << shown.status();
  EXPECT_EQ(shown->status().summary().case_state(), intake::v1::CASE_STATE_WITHDRAWN);
  EXPECT_EQ(shown->status().summary().member_count(), 1u);
  EXPECT_EQ(shown->status().money(0).owed().amount(), "100.00");
  EXPECT_EQ(shown->status().money(0).received().amount(), "0.00");
  EXPECT_FALSE(shown->status().money(0).has_claimed()) << "it is not known for one of a group";
  worker->member_id = "0SOMEBODYELSE";
  EXPECT_EQ(Show(worker).status().code(), absl::StatusCode::kNotFound);
}

TEST_F(AppTest, AContactsTimelineHoldsOnlyTheOwnReferral) {
  PlayWholeStory();
  service_.Start();
  service_.Settle();
  EXPECT_THAT(Timeline(union_),
              ElementsAre("REFERRAL_SENT", "REFERRAL_DELIVERED", "REFERRAL_ACCEPTED",
                          "REFERRAL_SOLUTION_PROPOSED", "REFERRAL_PROPOSAL_ANSWERED",
                          "REFERRAL_PROPOSAL_ANSWERED"));
  EXPECT_THAT(Timeline(ministry_), SizeIs(13));
  EXPECT_EQ(Timeline(ministry_, 3), Timeline(ministry_)) << "whatever the size of the page";
}

TEST_F(AppTest, AnAttacheIsToldNothingOfTheMoneyOfMembersWhoDidNotAgree) {
  CaseStory story;
  service_.intake().Add(story.Filed(0, 2, 1));
  service_.intake().Add(story.Money(1, "AWARDED", 1, 2));  // Of the other one alone.
  ReferralEvent posting;
  posting.number = 1;
  posting.kind = ReferralKind::kPosting;
  posting.posting = {"kh:kl", "somebody", {"KH", "KH", "MY", "2026-01-01", ""}};
  service_.referral().Add(posting);
  service_.Start();
  service_.Settle();
  auto attache =
      std::make_shared<auth::Principal>(*TestService::CallerWith(Role::kAttache, "kh:embassy-kl"));
  attache->posting = "MY";
  v1::GetTimelineRequest request;
  request.set_case_number(testing::kCase);
  CaseQueries queries(service_.parts());
  const auto shown = service_.Run(queries.GetTimeline(attache, request));
  ASSERT_TRUE(shown.ok()) << shown.status();
  ASSERT_THAT(shown->entries(), SizeIs(2));
  EXPECT_FALSE(shown->entries(1).has_amount()) << shown->entries(1).DebugString();
  EXPECT_EQ(shown->entries(1).member_count(), 0u);
}

TEST_F(AppTest, RebuildingGivesWhatReadingAlongGave) {
  const Logs logs = WholeStory();
  service_.Start();
  // Read along: event by event, now the one log and now the other.
  for (size_t i = 0; i < std::max(logs.intake.size(), logs.referral.size()); ++i) {
    if (i < logs.referral.size()) service_.referral().Add(logs.referral[i]);
    service_.Settle();
    if (i < logs.intake.size()) service_.intake().Add(logs.intake[i]);
    service_.Settle();
  }
  const auto before = service_.Contents();
  EXPECT_FALSE(before.empty());
  service_.Stop();
  service_.Start(/*rebuild=*/true);
  EXPECT_EQ(Show(ministry_).status().code(), absl::StatusCode::kUnavailable);
  service_.Settle();
  EXPECT_TRUE(Show(ministry_).ok());
  EXPECT_EQ(service_.Contents(), before);
}

TEST_F(AppTest, ReadingThatBreaksOffIsTakenUpAgain) {
  const Logs logs = WholeStory();
  service_.intake().Add(logs.intake);
  service_.referral().Add(logs.referral);
  service_.intake().BreakReadings(4);
  service_.Start();
  for (int i = 0; i < 10; ++i) {
    service_.Settle();
    service_.executor().AdvanceToNextTimer();
  }
  service_.Settle();
  EXPECT_TRUE(Show(ministry_).ok());
  EXPECT_EQ(service_.progress().intake.taken, service_.intake().last());
}

TEST_F(AppTest, APageCostsTheSameWhateverTheNumberOfCases) {
  service_.Start();
  FileMany(100);
  service_.Settle();
  v1::ListCasesRequest request;
  request.set_page_size(20);
  service_.store().TakeKeys();
  EXPECT_THAT(List(TestService::CallerWith(Role::kDesk, testing::kDesk), request).cases(),
              SizeIs(20));
  const size_t with_hundred = service_.store().TakeKeys();
  FileMany(900);
  service_.Settle();
  service_.store().TakeKeys();
  const auto desk = TestService::CallerWith(Role::kDesk, testing::kDesk);
  EXPECT_THAT(List(desk, request).cases(), SizeIs(20));
  EXPECT_EQ(service_.store().TakeKeys(), with_hundred);
  EXPECT_EQ(with_hundred, 20u);
}

TEST_F(AppTest, APageThatEndsWithTheListNamesNoNextOne) {
  service_.Start();
  FileMany(20);
  service_.Settle();
  const auto desk = TestService::CallerWith(Role::kDesk, testing::kDesk);
  v1::ListCasesRequest request;
  request.set_page_size(20);
  EXPECT_THAT(List(desk, request).cases(), SizeIs(20));
  EXPECT_EQ(List(desk, request).next_page_token(), "");
  request.set_page_size(19);
  request.set_page_token(List(desk, request).next_page_token());
  EXPECT_NE(request.page_token(), "");
  EXPECT_THAT(List(desk, request).cases(), SizeIs(1));
  EXPECT_EQ(List(desk, request).next_page_token(), "");
}

TEST_F(AppTest, ACallTouchesAThousandKeysAtMostAndThePageMayBeShort) {
  service_.Start();
  FileMany(1500, 12);
  service_.Settle();
  v1::ListCasesRequest request;
  request.set_page_size(200);
  request.set_order(v1::CASE_ORDER_FILED_FIRST);
  request.mutable_filter()->set_destination("TH");
  const auto desk = TestService::CallerWith(Role::kDesk, testing::kDesk);
  std::set<std::string> seen;
  int pages = 0;
  do {
    service_.store().TakeKeys();
    const v1::ListCasesResponse page = List(desk, request);
    EXPECT_LE(service_.store().TakeKeys(), kKeysPerCall);
    for (const auto& listed : page.cases()) {
      EXPECT_TRUE(seen.insert(listed.case_number()).second) << "shown twice";
      EXPECT_EQ(listed.destination(), "TH");
    }
    request.set_page_token(page.next_page_token());
    ++pages;
  } while (!request.page_token().empty());
  EXPECT_EQ(seen.size(), 125u);
  EXPECT_EQ(pages, 2) << "though all would have fitted into one";
}

TEST_F(AppTest, ListsAreSortedFilteredAndPagedWithoutLossForSeveralScopes) {
  service_.Start();
  FileMany(30);
  service_.Settle();
  v1::ListCasesRequest request;
  request.set_page_size(7);
  std::vector<std::string> listed;
  do {
    const v1::ListCasesResponse page = List(ministry_, request);
    for (const auto& one : page.cases()) listed.push_back(one.case_number());
    request.set_page_token(page.next_page_token());
  } while (!request.page_token().empty());
  ASSERT_EQ(listed.size(), 30u);
  EXPECT_EQ(listed.front(), Number(29)) << "changed last";
  EXPECT_EQ(listed.back(), Number(0));
  request.set_page_size(200);
  request.mutable_filter()->set_destination("TH");
  EXPECT_THAT(List(ministry_, request).cases(), SizeIs(7));
  request.mutable_filter()->clear_destination();
  *request.mutable_filter()->mutable_since() = [] {
    google::protobuf::Timestamp since;
    since.set_seconds(absl::ToUnixSeconds(Day(0) + absl::Hours(25)));
    return since;
  }();
  EXPECT_THAT(List(ministry_, request).cases(), SizeIs(5));
}

TEST_F(AppTest, OverdueIsJudgedWhenAsked) {
  service_.clock().Set(Day(5));
  service_.Start();
  FileMany(3);
  service_.Settle();
  v1::ListCasesRequest request;
  request.mutable_filter()->set_overdue(true);
  EXPECT_THAT(List(ministry_, request).cases(), IsEmpty());
  service_.clock().Set(Day(7) + absl::Minutes(90));
  const v1::ListCasesResponse page = List(ministry_, request);
  ASSERT_THAT(page.cases(), SizeIs(2));
  EXPECT_TRUE(page.cases(0).overdue());
  EXPECT_EQ(page.cases(0).case_number(), Number(0));
}

TEST_F(AppTest, APageTokenIsBoundToCallerFilterAndOrder) {
  service_.Start();
  FileMany(10);
  service_.Settle();
  v1::ListCasesRequest request;
  request.set_page_size(2);
  request.set_page_token(List(ministry_, request).next_page_token());
  auto other = std::make_shared<auth::Principal>(*ministry_);
  other->person_id = "another";
  EXPECT_EQ(Reason(service_.Run(ListCases(service_.parts(), other, request)).status()),
            "PAGE_TOKEN_INVALID");
  request.set_order(v1::CASE_ORDER_FILED_FIRST);
  EXPECT_EQ(Reason(service_.Run(ListCases(service_.parts(), ministry_, request)).status()),
            "PAGE_TOKEN_INVALID");
}

TEST_F(AppTest, CountsAreOfCasesAndWorkersOnce) {
  service_.Start();
  FileMany(8);
  service_.Settle();
  v1::CountCasesRequest request;
  request.set_row(v1::DIMENSION_DESTINATION);
  auto counted = service_.Run(CountCases(service_.parts(), ministry_, request));
  ASSERT_TRUE(counted.ok()) << counted.status();
  ASSERT_THAT(counted->cells(), SizeIs(2));
  EXPECT_EQ(counted->cells(0).row(), "MY");
  EXPECT_EQ(counted->cells(0).cases(), 6u);
  EXPECT_EQ(counted->cells(1).cases(), 2u);
  EXPECT_EQ(counted->total_cases(), 8u);
  request.set_row(v1::DIMENSION_CATEGORY);
  request.set_column(v1::DIMENSION_SEX);
  counted = service_.Run(CountCases(service_.parts(), ministry_, request));
  ASSERT_THAT(counted->cells(), SizeIs(1));
  EXPECT_EQ(counted->cells(0).column(), "FEMALE");
  request.set_row(v1::DIMENSION_SEX);
  request.set_column(v1::DIMENSION_NATIONALITY);
  EXPECT_EQ(service_.Run(CountCases(service_.parts(), ministry_, request)).status().code(),
            absl::StatusCode::kInvalidArgument);
}

TEST_F(AppTest, ACodeOnAReceiptShowsTheMembersPart) {
  const std::string member = CaseStory::Member(0);
  const auto code = crypto::TrackingCode::Derive(service_.tracking_key(), member);
  Logs logs = WholeStory();
  logs.intake[0].members[0].tracking_digest = code.LookupDigest(service_.tracking_key());
  service_.intake().Add(logs.intake);
  service_.referral().Add(logs.referral);
  service_.Start();
  service_.Settle();
  Tracking tracking(service_.parts());
  const Caller kiosk = TestService::CallerWith(Role::kKiosk);
  const auto shown = service_.Run(tracking.TrackByReceipt(kiosk, code));
  ASSERT_TRUE(shown.ok()) << shown.status();
  EXPECT_EQ(shown->case_number(), testing::kCase);
  EXPECT_EQ(shown->referral_state(), referral::v1::REFERRAL_STATE_RESOLVED);
  EXPECT_EQ(shown->money(0).received().amount(), "100.00");
  EXPECT_TRUE(shown->in_step().in_step());
}

TEST_F(AppTest, WhoTriesManyCodesHasToWait) {
  service_.Start();
  service_.Settle();
  Tracking tracking(service_.parts());
  const Caller kiosk = TestService::CallerWith(Role::kKiosk);
  const auto code = crypto::TrackingCode::Parse("1234-5678-9012-3456").value();
  for (int i = 0; i < WrongCodes::kMaxWrong; ++i) {
    EXPECT_EQ(service_.Run(tracking.TrackByReceipt(kiosk, code)).status().code(),
              absl::StatusCode::kNotFound);
  }
  EXPECT_EQ(Reason(service_.Run(tracking.TrackByReceipt(kiosk, code)).status()), "OVERLOADED");
  service_.clock().Advance(absl::Minutes(1));
  EXPECT_EQ(service_.Run(tracking.TrackByReceipt(kiosk, code)).status().code(),
            absl::StatusCode::kNotFound);
}

}  // namespace
}  // namespace redress::status
