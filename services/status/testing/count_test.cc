// Counts of more cells than a call reads.
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "absl/time/civil_time.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "services/platform/codes/case_codes.h"
#include "services/platform/ids/case_number.h"
#include "services/status/app/count_cases.h"
#include "services/status/testing/service_fixture.h"

namespace redress::status {
namespace {

using auth::Role;
using testing::CaseStory;
using ::testing::SizeIs;
using testing::TestService;

using Counts = std::map<std::pair<std::string, std::string>, uint64_t>;  // By row and column.

Counts CasesOf(const v1::CountCasesResponse& counted) {
  Counts cases;
  for (const v1::Cell& cell : counted.cells()) cases[{cell.row(), cell.column()}] = cell.cases();
  return cases;
}

std::string Destination(int index) {
  return {static_cast<char>('A' + index / 26), static_cast<char>('A' + index % 26)};
}

// Ten keys of agencies, of the `index`th ten.
std::vector<std::string> TenAgencies(int index) {
  std::vector<std::string> keys;
  for (int i = 0; i < 10; ++i) keys.push_back("licence:" + std::to_string(10 * index + i));
  return keys;
}

// A node that takes cases in and counts them.
class CountingNode {
 public:
  CountingNode() { service_.Start(); }

  // Files a case of this node, of which `differs` says what is not as in the sample case.
  template <class Differs>
  void File(const Differs& differs) {
    CaseStory story(NextNumber("KH"));
    story.After(service_.intake().last(), service_.referral().last());
    IntakeEvent filed = story.Filed(0, 1);
    differs(filed);
    service_.intake().Add(std::move(filed));
  }
  // Refers a case of another node here.
  template <class Differs>
  void Receive(const Differs& differs) {
    CaseStory story(NextNumber("MM"));
    story.Filed(0, 1);
    story.After(service_.intake().last(), service_.referral().last());
    ReferralEvent sent = story.Sent(1, /*at_home=*/false);
    differs(sent);
    service_.referral().Add(std::move(sent));
  }
  // What is counted, in keys that are no more than a call may read.
  v1::CountCasesResponse Count(const v1::CountCasesRequest& request, Role role = Role::kMinistry) {
    service_.Settle();
    service_.store().TakeKeys();
    const Caller caller = TestService::CallerWith(role, testing::kMinistry);
    const auto counted = service_.Run(CountCases(service_.parts(), caller, request));
    EXPECT_TRUE(counted.ok()) << counted.status();
    EXPECT_LE(service_.store().TakeKeys(), kKeysPerCall);
    return counted.ok() ? *counted : v1::CountCasesResponse();
  }
  uint64_t cases() const { return cases_; }

 private:
  std::string NextNumber(const char* country) {
    return CaseNumber(country, 26, static_cast<uint32_t>(++cases_)).ToString();
  }

  TestService service_;
  uint64_t cases_ = 0;
};

// 1,200 pairs of destination and month, each with a case, and one destination with one more month.
class MonthsCountTest : public ::testing::Test {
 protected:
  static constexpr int kDestinations = 25;
  static constexpr int kMonths = 48;
  static constexpr int kLast = 7;  // The destination of the last month's case.

  static void SetUpTestSuite() {
    node_ = std::make_unique<CountingNode>();
    for (int destination = 0; destination < kDestinations; ++destination) {
      for (int ago = 0; ago < kMonths; ++ago) File(destination, ago);
    }
    File(kLast, -1);
  }
  static void TearDownTestSuite() { node_.reset(); }
  static void File(int destination, int ago) {
    node_->File([=](IntakeEvent& filed) {
      filed.dimensions->destination = Destination(destination);
      filed.occurred_at = FiledAgo(ago);
    });
  }

  // "2026-11" and the months before it.
  static std::string Month(int ago) {
    return absl::FormatTime("%E4Y-%m", FiledAgo(ago), absl::UTCTimeZone());
  }
  static absl::Time FiledAgo(int months) {
    return absl::FromCivil(absl::CivilMonth(2026, 11) - months, absl::UTCTimeZone());
  }
  static v1::CountCasesRequest Asked(std::string from, std::string to) {
    v1::CountCasesRequest request;
    request.set_row(v1::DIMENSION_DESTINATION);
    request.set_column(v1::DIMENSION_MONTH_FILED);
    request.set_from_month(std::move(from));
    request.set_to_month(std::move(to));
    return request;
  }

  static inline std::unique_ptr<CountingNode> node_;
};

TEST_F(MonthsCountTest, MonthsThatAreAskedForAreCountedWholeHoweverManyThereAre) {
  for (const auto& [oldest, newest] : {std::pair(30, 30), std::pair(0, 0), std::pair(47, 47),
                                       std::pair(13, 2), std::pair(47, 40)}) {
    Counts wanted;
    for (int destination = 0; destination < kDestinations; ++destination) {
      for (int ago = newest; ago <= oldest; ++ago) {
        wanted[{Destination(destination), Month(ago)}] = 1;
      }
    }
    const auto counted = node_->Count(Asked(Month(oldest), Month(newest)));
    EXPECT_FALSE(counted.truncated()) << oldest;
    EXPECT_EQ(CasesOf(counted), wanted) << oldest;
    v1::CountCasesRequest turned = Asked(Month(oldest), Month(newest));
    turned.set_row(v1::DIMENSION_MONTH_FILED);
    turned.set_column(v1::DIMENSION_DESTINATION);
    EXPECT_EQ(CasesOf(node_->Count(turned)).size(), wanted.size()) << oldest;
  }
}

TEST_F(MonthsCountTest, ARangeThatIsOpenAtOneEndIsCountedWhole) {
  auto counted = node_->Count(Asked(Month(2), ""));
  EXPECT_FALSE(counted.truncated());
  EXPECT_EQ(CasesOf(counted).size(), 3u * kDestinations + 1);
  counted = node_->Count(Asked("", Month(45)));
  EXPECT_FALSE(counted.truncated());
  EXPECT_EQ(CasesOf(counted).size(), 3u * kDestinations);
  EXPECT_TRUE(CasesOf(node_->Count(Asked(Month(-5), ""))).empty());
}

TEST_F(MonthsCountTest, AMonthOfWhichMostDestinationsHaveNoneIsCountedWhole) {
  const auto counted = node_->Count(Asked(Month(-1), Month(-1)));
  EXPECT_FALSE(counted.truncated());
  EXPECT_EQ(CasesOf(counted), (Counts{{{Destination(kLast), Month(-1)}, 1}}));
}

TEST_F(MonthsCountTest, MonthsAloneAreCountedWhole) {
  v1::CountCasesRequest request;
  request.set_row(v1::DIMENSION_MONTH_FILED);
  auto counted = node_->Count(request);
  EXPECT_FALSE(counted.truncated());
  EXPECT_THAT(counted.cells(), SizeIs(kMonths + 1));
  for (const v1::Cell& cell : counted.cells()) {
    EXPECT_EQ(cell.cases(), cell.row() == Month(-1) ? 1u : kDestinations) << cell.row();
  }
  request.set_from_month(Month(4));
  request.set_to_month(Month(3));
  EXPECT_EQ(CasesOf(node_->Count(request)),
            (Counts{{{Month(4), ""}, kDestinations}, {{Month(3), ""}, kDestinations}}));
}

TEST(CountTest, OfWhatIsCountedAloneEachRowIsWholeHoweverManyDestinationsThereAre) {
  constexpr int kTens = 10;
  constexpr int kDestinations = 12;
  CountingNode node;
  for (int destination = 0; destination < kDestinations; ++destination) {
    for (int ten = 0; ten < kTens; ++ten) {
      node.File([=](IntakeEvent& filed) {
        filed.dimensions->destination = Destination(destination);
        filed.dimensions->agency_keys = TenAgencies(ten);
      });
    }
  }
  v1::CountCasesRequest request;
  request.set_row(v1::DIMENSION_AGENCY);
  const auto counted = node.Count(request);
  EXPECT_FALSE(counted.truncated());
  EXPECT_THAT(counted.cells(), SizeIs(10 * kTens));
  for (const v1::Cell& cell : counted.cells()) {
    EXPECT_EQ(cell.cases(), static_cast<uint64_t>(kDestinations)) << cell.row();
    EXPECT_EQ(cell.workers(), static_cast<uint64_t>(kDestinations)) << cell.row();
    EXPECT_EQ(cell.column(), "");
  }
}

// The widest of what is added up from its pair with the category.
TEST(CountTest, AChannelAloneIsCountedWholeWithEveryCategoryThereIs) {
  constexpr int kChannels = 13;
  CountingNode node;
  std::vector<std::string_view> categories(std::begin(kCategoryCodes), std::end(kCategoryCodes));
  categories.push_back("");
  for (int channel = 0; channel < kChannels; ++channel) {
    for (const std::string_view category : categories) {
      const auto differs = [=](auto& event) {
        event.dimensions->channel = "CHANNEL_" + std::to_string(channel);
        event.dimensions->primary_category = category;
      };
      node.File(differs);
      node.Receive(differs);
    }
  }
  v1::CountCasesRequest request;
  request.set_row(v1::DIMENSION_CHANNEL);
  const auto counted = node.Count(request, Role::kAuditor);
  EXPECT_FALSE(counted.truncated());
  EXPECT_THAT(counted.cells(), SizeIs(kChannels));
  for (const v1::Cell& cell : counted.cells()) {
    EXPECT_EQ(cell.cases(), 2 * categories.size()) << cell.row();
  }
}

TEST(CountTest, OfATableThatIsCutOffEachCellThatIsShownIsWhole) {
  Counts all;
  CountingNode node;
  for (int destination = 0; destination < 15; ++destination) {
    for (int ten = 0; ten < 7; ++ten) {
      const auto differs = [&](auto& event) {
        event.dimensions->destination = Destination(destination);
        event.dimensions->agency_keys = TenAgencies(ten);
        for (const std::string& key : TenAgencies(ten)) ++all[{Destination(destination), key}];
      };
      node.File(differs);
      if (destination % 5 == 4) node.Receive(differs);
    }
  }
  v1::CountCasesRequest request;
  request.set_row(v1::DIMENSION_DESTINATION);
  request.set_column(v1::DIMENSION_AGENCY);
  const auto counted = node.Count(request, Role::kAuditor);
  EXPECT_TRUE(counted.truncated());
  const Counts shown = CasesOf(counted);
  EXPECT_GT(shown.size(), 500u) << "what can be said is said";
  for (const auto& [values, cases] : shown) {
    EXPECT_EQ(cases, all[values]) << values.first << " " << values.second;
  }
  EXPECT_EQ(counted.total_cases(), node.cases());
}

}  // namespace
}  // namespace redress::status
