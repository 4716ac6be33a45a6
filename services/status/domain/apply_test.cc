#include "services/status/domain/apply.h"

#include <rapidcheck.h>

#include <set>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "services/status/domain/case_view.h"
#include "services/status/domain/cells.h"
#include "services/status/domain/reader.h"
#include "services/status/domain/testing/folded_case.h"
#include "services/status/domain/testing/sample_events.h"
#include "services/status/domain/time_band.h"

namespace redress::status {
namespace {

using testing::CaseStory;
using testing::Day;
using ::testing::ElementsAre;
using testing::Folded;
using ::testing::IsEmpty;
using testing::Logs;
using ::testing::SizeIs;
using testing::WholeStory;

TEST(ApplyTest, AFiledCaseWaitsForItsScreening) {
  CaseStory story;
  Folded folded;
  folded.Take(story.Filed(0, 5, 2));
  const CaseView view = See(folded.row(), {ScopeKind::kHome, ""});
  EXPECT_EQ(view.case_state, CaseState::kFiled);
  EXPECT_EQ(view.due_kind, DueKind::kScreening);
  EXPECT_EQ(view.due_at, Day(7));
  EXPECT_EQ(view.holder_body_id, testing::kDesk);
  EXPECT_EQ(view.member_count, 5u);
  EXPECT_EQ(view.workers, 5u);
  EXPECT_EQ(view.nationality, "KH");
  EXPECT_EQ(folded.row().embassy.at("KH").tally.members, 2);
  EXPECT_THAT(folded.happened(), ElementsAre("CASE_FILED"));
}

TEST(ApplyTest, TheHolderIsWhoMustActNext) {
  using enum ReferralState;
  CaseStory story;
  Folded folded;
  const auto holder = [&folded] {
    return See(folded.row(), {ScopeKind::kHome, ""}).holder_body_id;
  };
  folded.Take(story.Filed(0, 1));
  EXPECT_EQ(holder(), testing::kDesk);
  folded.Take(story.Screened(1));
  EXPECT_EQ(holder(), testing::kMinistry);
  folded.Take(story.Sent(2));
  folded.Take(story.Fact(3, "DELIVERED", kSent, kDelivered));
  EXPECT_EQ(holder(), testing::kMinistry);
  folded.Take(story.Fact(4, "ACCEPTED", kDelivered, kAccepted));
  EXPECT_EQ(holder(), testing::kUnion);
  folded.Take(story.Fact(5, "DECLINED", kAccepted, kDeclined));
  EXPECT_EQ(holder(), testing::kMinistry);
}

TEST(ApplyTest, TheClockThatRunsOutFirstIsShown) {
  using enum ReferralState;
  CaseStory story;
  Folded folded;
  folded.Take(story.Filed(0, 1));
  folded.Take(story.Screened(1));
  EXPECT_EQ(See(folded.row(), {ScopeKind::kHome, ""}).due_kind, DueKind::kNone);
  folded.Take(story.Sent(2));
  EXPECT_EQ(See(folded.row(), {ScopeKind::kHome, ""}).due_kind, DueKind::kDelivery);
  folded.Take(story.Fact(3, "DELIVERED", kSent, kDelivered));
  EXPECT_EQ(See(folded.row(), {ScopeKind::kHome, ""}).due_kind, DueKind::kAcceptance);
  folded.Take(story.Fact(4, "ACCEPTED", kDelivered, kAccepted));
  EXPECT_EQ(See(folded.row(), {ScopeKind::kHome, ""}).due_kind, DueKind::kResolution);
  folded.Take(story.Fact(5, "RESOLVED", kAccepted, kResolved));
  EXPECT_EQ(See(folded.row(), {ScopeKind::kHome, ""}).due_kind, DueKind::kNone);
}

TEST(ApplyTest, AnswersAndMoneyAreCountedByMember) {
  Folded folded;
  const Logs logs = WholeStory();
  for (const IntakeEvent& event : logs.intake) folded.Take(event);
  for (const ReferralEvent& event : logs.referral) folded.Take(event);
  const Tally wanted{
      .members = 5, .withdrawn = 1, .disclosed = 5, .agreed = 5, .unpaid = 3, .paid = 2};
  EXPECT_EQ(folded.row().tally, wanted);
  // Members 1, 2 and 4 agree to attachés by now; of them 1 was paid.
  const EmbassyPart& part = folded.row().embassy.at("KH");
  EXPECT_EQ(part.tally.members, 3);
  EXPECT_EQ(part.tally.paid, 1);
  ASSERT_THAT(part.totals, SizeIs(1));
  EXPECT_EQ(part.totals[0].owed, 30'000);
  EXPECT_EQ(part.totals[0].balance, 20'000);
  EXPECT_TRUE(folded.row().referrals.at(0).in_step);
  EXPECT_EQ(folded.row().referrals.at(0).accepted_count, 5u);
}

TEST(ApplyTest, AWithdrawnMemberSeesThatAndTheOthersDoNot) {
  CaseStory story;
  Folded folded;
  folded.Take(story.Filed(0, 3));
  folded.Take(story.Screened(1));
  folded.Take(story.Withdrawn(2, {CaseStory::Member(1)}));
  EXPECT_EQ(SeeMember(folded.row(), folded.member(1)).case_state, CaseState::kWithdrawn);
  EXPECT_EQ(SeeMember(folded.row(), folded.member(0)).case_state, CaseState::kOpen);
  EXPECT_EQ(See(folded.row(), {ScopeKind::kHome, ""}).case_state, CaseState::kOpen);
}

TEST(ApplyTest, WhatIsReopenedToBeScreenedIsReviewedAnewAndAnUndoneWithdrawalGoesOn) {
  for (const std::string kind : {"REOPEN", "CONTEST", "UNDO_WITHDRAWAL"}) {
    CaseStory story;
    Folded folded;
    folded.Take(story.Filed(0, 1));
    IntakeEvent event = story.Withdrawn(2, {});
    folded.Take(event);
    event.kind = IntakeKind::kReopened;
    event.state = CaseState::kFiled;
    event.detail = kind;
    event.occurred_at = Day(20);
    folded.Take(event);
    const CaseView view = See(folded.row(), {ScopeKind::kHome, ""});
    EXPECT_EQ(view.due_kind, DueKind::kScreening) << kind;
    EXPECT_EQ(view.due_at, kind == "UNDO_WITHDRAWAL" ? Day(7) : Day(27)) << kind;
  }
}

TEST(ApplyTest, AReversedEntryCountsNoMore) {
  CaseStory story;
  Folded folded;
  folded.Take(story.Filed(0, 1));
  const IntakeEvent agreed = story.Money(1, "AGREED", 0, 1);
  folded.Take(agreed);
  EXPECT_EQ(folded.row().tally.unpaid, 1);
  IntakeEvent reversal = story.Money(2, "REVERSAL", 0, 1);
  reversal.entries[0].reverses_entry_id = agreed.entries[0].entry_id;
  folded.Take(reversal);
  EXPECT_EQ(folded.row().tally.unpaid, 0);
  EXPECT_THAT(folded.member(0).money, IsEmpty());
}

TEST(ApplyTest, AnEventOfManyMembersIsTakenByParts) {
  CaseStory story;
  const IntakeEvent filed = story.Filed(0, 230, 230);
  EXPECT_THAT(Split(filed), SizeIs(3));
  Folded folded;
  folded.Take(filed);
  folded.Take(story.Sent(1));
  folded.Take(story.Disclosed(1, 230));
  EXPECT_EQ(folded.row().tally.members, 230);
  EXPECT_EQ(folded.row().tally.disclosed, 230);
  EXPECT_EQ(folded.row().referrals.at(0).member_count, 230u);
  EXPECT_THAT(folded.happened(), ElementsAre("CASE_FILED"));
}

TEST(ApplyTest, ACaseOfThisNodeIsShownToNobodyBeforeIntakeTellsOfIt) {
  CaseStory story;
  story.Filed(0, 2);
  Folded folded;
  folded.Take(story.Sent(2));
  EXPECT_THAT(ScopesOf(folded.row()), IsEmpty());
}

TEST(ApplyTest, AtTheDestinationAReferralIsAllThereIs) {
  using enum ReferralState;
  CaseStory story;
  story.Filed(0, 4);
  Folded folded("my");
  folded.Take(story.Sent(2, false));
  folded.Take(story.Disclosed(2, 4, false));
  EXPECT_THAT(ScopesOf(folded.row()), ElementsAre(Scope{ScopeKind::kIncoming, ""}));
  folded.Take(story.Fact(3, "DELIVERED", kSent, kDelivered, false));
  EXPECT_THAT(ScopesOf(folded.row()), ElementsAre(Scope{ScopeKind::kIncoming, ""},
                                                  Scope{ScopeKind::kReceiver, testing::kUnion}));
  const CaseView view = See(folded.row(), {ScopeKind::kReceiver, testing::kUnion});
  EXPECT_EQ(view.case_state, CaseState::kUnknown);
  EXPECT_EQ(view.member_count, 4u);
  EXPECT_EQ(view.dimensions.province, "");
  EXPECT_EQ(view.filed_at, Day(0));
}

TEST(ApplyTest, WhatIsRecalledBeforeItWasDeliveredIsNeverShownToTheReceiver) {
  using enum ReferralState;
  CaseStory story;
  story.Filed(0, 1);
  Folded folded("my");
  folded.Take(story.Sent(2, false));
  folded.Take(story.Fact(3, "RECALL_REQUESTED", kSent, kRecallRequested, false));
  folded.Take(story.Fact(3, "DELIVERED", kRecallRequested, kRecallRequested, false));
  folded.Take(story.Fact(3, "RECALLED", kRecallRequested, kRecalled, false));
  EXPECT_THAT(ScopesOf(folded.row()), ElementsAre(Scope{ScopeKind::kIncoming, ""}));
}

TEST(ApplyTest, OfALoopbackReferralOnlyHomesSideIsTaken) {
  CaseStory story;
  Folded folded;
  folded.Take(story.Filed(0, 1));
  const CaseRow before = folded.row();
  ReferralEvent other_side = story.Sent(1, false);
  folded.Take(other_side);
  EXPECT_EQ(folded.row(), before);
}

// Everything that can be seen, in whatever order the logs were read.
void ExpectSame(const Folded& a, const Folded& b) {
  RC_ASSERT(a.row() == b.row());
  RC_ASSERT(a.members() == b.members());
  for (const Scope& scope : ScopesOf(a.row())) {
    RC_ASSERT(CellsOf(scope, See(a.row(), scope)) == CellsOf(scope, See(b.row(), scope)));
  }
  std::set<std::string> places_a;
  std::set<std::string> places_b;
  for (const TimelineEntry& entry : a.timeline()) {
    places_a.insert(absl::FormatTime(entry.place.occurred_at) + entry.what);
  }
  for (const TimelineEntry& entry : b.timeline()) {
    places_b.insert(absl::FormatTime(entry.place.occurred_at) + entry.what);
  }
  RC_ASSERT(places_a == places_b);
}

TEST(ApplyPropertyTest, AnyInterleavingOfTheTwoLogsGivesTheSameRows) {
  const Logs logs = WholeStory();
  Folded wanted;
  for (const IntakeEvent& event : logs.intake) wanted.Take(event);
  for (const ReferralEvent& event : logs.referral) wanted.Take(event);
  const bool held = rc::check("the order of the logs makes no difference", [&] {
    Folded folded;
    size_t intake = 0;
    size_t referral = 0;
    while (intake < logs.intake.size() || referral < logs.referral.size()) {
      const bool left = intake < logs.intake.size();
      const bool take_intake =
          left && (referral == logs.referral.size() || *rc::gen::arbitrary<bool>());
      if (take_intake) {
        folded.Take(logs.intake[intake++]);
      } else {
        folded.Take(logs.referral[referral++]);
      }
    }
    ExpectSame(folded, wanted);
  });
  EXPECT_TRUE(held);
}

TEST(TimeBandTest, BandsAreCalendarMonths) {
  const absl::Time filed =
      absl::FromCivil(absl::CivilSecond(2026, 1, 31, 9, 0, 0), absl::UTCTimeZone());
  const auto at = [](int year, int month, int day) {
    return absl::FromCivil(absl::CivilSecond(year, month, day, 0, 0, 0), absl::UTCTimeZone());
  };
  EXPECT_EQ(EndOfBand(filed, 0), at(2026, 3, 1));
  EXPECT_EQ(BandOf(filed, at(2026, 2, 28)), 0u);
  EXPECT_EQ(BandOf(filed, at(2026, 3, 1)), 1u);
  EXPECT_EQ(BandOf(filed, at(2027, 1, 31)), 4u);
  EXPECT_EQ(BandOf(filed, at(2027, 2, 1)), 5u);
  EXPECT_EQ(EndOfBand(filed, kLastBand), absl::InfiniteFuture());
  EXPECT_EQ(BandName(0, true), "OPEN_UP_TO_1_MONTH");
  EXPECT_EQ(BandName(5, false), "OVER_12_MONTHS");
}

Cell::Sum Myr(const std::map<CellKey, Cell>& cells, const Scope& scope, const char* sex) {
  const Cell& cell =
      cells.at({scope, Dimension::kSex, Dimension::kCategory, sex, "WAGE_UNDERPAYMENT"});
  const auto sum = cell.sums.find("MYR");
  return sum == cell.sums.end() ? Cell::Sum() : sum->second;
}

TEST(CellsTest, TheMoneyOfAMixedGroupIsEachMembersOwn) {
  const Logs logs = WholeStory();
  Folded folded;
  for (const IntakeEvent& event : logs.intake) folded.Take(event);
  for (const ReferralEvent& event : logs.referral) folded.Take(event);
  const Scope home{ScopeKind::kHome, ""};
  const auto cells = CellsOf(home, See(folded.row(), home));
  // Three women and two men are owed 100.00 each; two women have received it; a man withdrew.
  EXPECT_EQ(Myr(cells, home, "FEMALE"), (Cell::Sum{30'000, 20'000}));
  EXPECT_EQ(Myr(cells, home, "MALE"), (Cell::Sum{10'000, 0}));
  EXPECT_EQ(
      cells.at({home, Dimension::kNationality, Dimension::kCategory, "KH", "WAGE_UNDERPAYMENT"})
          .sums.at("MYR"),
      (Cell::Sum{40'000, 20'000}));
}

TEST(CellsTest, AMemberWhoIsCountedOtherwiseTakesTheMoneyAlong) {
  CaseStory story;
  Folded folded;
  IntakeEvent filed = story.Filed(0, 2);
  folded.Take(filed);
  folded.Take(story.Money(1, "AWARDED", 0, 2));
  IntakeEvent amended = filed;
  amended.kind = IntakeKind::kAmended;
  amended.members.resize(1);
  amended.members[0].sex = "OTHER";
  amended.dimensions->member_counts = {{"MALE", "KH", "REGULAR", "AGENCY", 1},
                                       {"OTHER", "KH", "REGULAR", "AGENCY", 1}};
  folded.Take(amended);
  const Scope home{ScopeKind::kHome, ""};
  const auto cells = CellsOf(home, See(folded.row(), home));
  EXPECT_EQ(Myr(cells, home, "OTHER"), (Cell::Sum{10'000, 0}));
  EXPECT_EQ(Myr(cells, home, "MALE"), (Cell::Sum{10'000, 0}));
}

TEST(CellsTest, AReceiversMoneyIsInACellBySexOnlyWhenAllMembersAreOfOne) {
  using enum ReferralState;
  for (const int members : {1, 2}) {
    CaseStory story;
    story.Filed(0, members);
    Folded folded("my");
    folded.Take(story.Sent(2, false));
    ReferralEvent money = story.Fact(3, "DELIVERED", kSent, kDelivered, false);
    money.kind = ReferralKind::kMoney;
    CurrencyTotal total;
    total.currency = "MYR";
    total.owed = 10'000 * members;
    money.totals = {total};
    folded.Take(money);
    const Scope receiver{ScopeKind::kReceiver, testing::kUnion};
    const auto cells = CellsOf(receiver, See(folded.row(), receiver));
    EXPECT_EQ(cells.at({receiver, Dimension::kNone, Dimension::kNone, "", ""}).sums.at("MYR"),
              (Cell::Sum{10'000 * members, 0}));
    EXPECT_EQ(Myr(cells, receiver, "FEMALE"), (Cell::Sum{members == 1 ? 10'000 : 0, 0}));
  }
}

TEST(CellsTest, ACaseCountsOnceInEveryPairThatIsKept) {
  CaseStory story;
  Folded folded;
  folded.Take(story.Filed(0, 5));
  const Scope home{ScopeKind::kHome, ""};
  const auto cells = CellsOf(home, See(folded.row(), home));
  EXPECT_EQ(cells.at({home, Dimension::kNone, Dimension::kNone, "", ""}).cases, 1);
  const auto& women =
      cells.at({home, Dimension::kSex, Dimension::kCategory, "FEMALE", "WAGE_UNDERPAYMENT"});
  EXPECT_EQ(women.cases, 1);
  EXPECT_EQ(women.workers, 3);
  EXPECT_EQ(
      cells.at({home, Dimension::kDestination, Dimension::kReferralState, "MY", "NONE"}).workers,
      5);
  EXPECT_FALSE(IsKept(Dimension::kSex, Dimension::kNationality));
  EXPECT_TRUE(IsKept(Dimension::kSex, Dimension::kAssistingOrganisation));
  EXPECT_TRUE(IsKept(Dimension::kMonthFiled, Dimension::kDestination));
  EXPECT_THAT(
      CellsOf(testing::kCase[0] == 'K' ? AttacheScope("KH", "MY") : home, See(folded.row(), home)),
      IsEmpty());
}

}  // namespace
}  // namespace redress::status
