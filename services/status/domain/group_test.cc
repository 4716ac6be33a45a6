// What one of a group, and an attaché for some of it, is shown of the others: nothing.
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "services/status/domain/case_view.h"
#include "services/status/domain/reader.h"
#include "services/status/domain/testing/folded_case.h"
#include "services/status/domain/testing/sample_events.h"

namespace redress::status {
namespace {

using testing::CaseStory;
using ::testing::ElementsAre;
using ::testing::Field;
using testing::Folded;
using ::testing::IsEmpty;
using ::testing::SizeIs;

const std::string kSecond = std::string(testing::kCase) + "/R2";

// Two Cambodians who agreed to attachés, and three Vietnamese who did not; the former in the first
// referral, the latter in the second.
class GroupTest : public ::testing::Test {
 protected:
  GroupTest() {
    IntakeEvent filed = story_.Filed(0, 5, 2);
    for (int i = 2; i < 5; ++i) filed.members[static_cast<size_t>(i)].nationality = "VN";
    filed.dimensions->member_counts = {{"FEMALE", "KH", "REGULAR", "AGENCY", 2},
                                       {"FEMALE", "VN", "REGULAR", "AGENCY", 3}};
    folded_.Take(filed);
    folded_.Take(story_.Screened(1));
    folded_.Take(story_.Sent(2));
    folded_.Take(story_.Disclosed(2, 2));
    folded_.Take(InSecond(story_.Sent(3)));
    ReferralEvent others = InSecond(story_.Disclosed(3, 5));
    others.members.erase(others.members.begin(), others.members.begin() + 2);
    folded_.Take(others);
  }

  static ReferralEvent InSecond(ReferralEvent event) {
    event.referral_id = kSecond;
    event.receiver_body_id = "my:other-union";
    event.holder_body_id = "my:other-union";
    return event;
  }
  std::vector<TimelineEntry> ShownTo(const Scope& scope) const {
    std::vector<TimelineEntry> shown;
    for (const TimelineEntry& entry : folded_.timeline()) {
      if (IsShown(entry, scope, folded_.row())) shown.push_back(entry);
    }
    return shown;
  }

  const Scope attache_ = AttacheScope("KH", "MY");
  CaseStory story_;
  Folded folded_;
};

TEST_F(GroupTest, AnAttacheSeesTheReferralsOfOwnNationalsWhoAgreedAndCountsThem) {
  const CaseView view = See(folded_.row(), attache_);
  ASSERT_THAT(view.referrals, ElementsAre(Field(&ReferralRow::referral_id, testing::kReferral)));
  EXPECT_EQ(view.referrals[0].member_count, 2u);
  EXPECT_EQ(view.latest_referral()->referral_id, testing::kReferral);
  EXPECT_NE(view.holder_body_id, "my:other-union");
}

TEST_F(GroupTest, AnAttacheSeesNothingThatHappensInTheReferralsOfOthers) {
  using enum ReferralState;
  folded_.Take(story_.Fact(4, "DELIVERED", kSent, kDelivered));
  folded_.Take(InSecond(story_.Fact(5, "DELIVERED", kSent, kDelivered)));
  for (const TimelineEntry& entry : ShownTo(attache_)) EXPECT_NE(entry.referral_id, kSecond);
  EXPECT_THAT(ShownTo(attache_),
              ::testing::Contains(Field(&TimelineEntry::referral_id, testing::kReferral)));
}

TEST_F(GroupTest, AMemberSeesTheHolderOfItsOwnReferralOnly) {
  EXPECT_EQ(SeeMember(folded_.row(), folded_.member(2)).holder_body_id, "my:other-union");
  EXPECT_NE(SeeMember(folded_.row(), folded_.member(0)).holder_body_id, "my:other-union");
}

// While the first of several parts is taken in, those who are known yet are not all.
TEST(LargeGroupTest, SomeOfACaseThatIsTakenInByPartsAreNotAllOfIt) {
  CaseStory story;
  const std::vector<IntakeEvent> parts = Split(story.Filed(0, 150, 150));
  ASSERT_THAT(parts, SizeIs(2));
  CaseRows rows;
  rows.row = NewCase({"kh", testing::Day(0)}, testing::kCase);
  for (const std::string& id : MembersOf(parts[0])) rows.members[id] = NewMember(id);
  Apply({"kh", testing::Day(0)}, parts[0], rows);
  EXPECT_THAT(See(rows.row, AttacheScope("KH", "MY")).money, IsEmpty());
}

TEST(LargeGroupTest, WhomAnEventOfSeveralPartsConcernsIsNamedInItsEntry) {
  CaseStory story;
  Folded folded;
  folded.Take(story.Filed(0, 150));
  std::vector<std::string> most;
  for (int i = 1; i < 150; ++i) most.push_back(CaseStory::Member(i));
  folded.Take(story.Withdrawn(1, most));
  const TimelineEntry& withdrawn = folded.timeline().back();
  EXPECT_EQ(withdrawn.what, "CASE_WITHDRAWN");
  EXPECT_EQ(withdrawn.member_count, 149u);
  EXPECT_FALSE(IsShownToMember(withdrawn, folded.member(0)));
  EXPECT_TRUE(IsShownToMember(withdrawn, folded.member(149)));
}

TEST(LargeGroupTest, WhatConcernsMoreThanAreNamedIsShownOnlyInTheReferralThatTheyAreIn) {
  MemberRow member = NewMember("A");
  member.referral_ids = {testing::kReferral};
  TimelineEntry entry;
  entry.member_count = kMaxTimelineMembers + 1;
  EXPECT_FALSE(IsShownToMember(entry, member));
  entry.referral_id = testing::kReferral;
  EXPECT_TRUE(IsShownToMember(entry, member));
}

// Seventeen kinds of currency in the first part and one more in the second: no line is in the
// place of another.
TEST(LargeGroupTest, EachKindOfMoneyOfAnEventHasALineWithItsSum) {
  CaseStory story;
  Folded folded;
  folded.Take(story.Filed(0, 120));
  IntakeEvent money = story.Money(1, "AWARDED", 0, 120);
  for (size_t i = 0; i < 17; ++i)
    money.entries[i].currency = {'A', 'A', static_cast<char>('A' + i)};
  money.entries[119].currency = "ZZZ";
  folded.Take(money);
  std::map<std::string, TimelineEntry> lines;
  std::set<uint8_t> places;
  for (const TimelineEntry& entry : folded.timeline()) {
    if (entry.what != "MONEY_RECORDED") continue;
    EXPECT_TRUE(places.insert(entry.place.index).second);
    lines[entry.currency] = entry;
  }
  EXPECT_THAT(lines, SizeIs(19));
  EXPECT_THAT(places, SizeIs(19));
  EXPECT_EQ(lines["MYR"].minor_units, 102 * 10'000);
  EXPECT_EQ(lines["MYR"].member_count, 102u);
}

TEST(LargeGroupTest, OfMoreKindsOfMoneyThanHaveAPlaceTheFirstHaveLines) {
  CaseStory story;
  Folded folded;
  folded.Take(story.Filed(0, 1));
  IntakeEvent money = story.Money(1, "AWARDED", 0, 1);
  for (size_t i = 1; i < kMaxEntriesOfEvent + 10; ++i) {
    money.entries.push_back(money.entries[0]);
    money.entries.back().entry_id += std::to_string(i);
    money.entries.back().currency = "C" + std::to_string(i);
  }
  folded.Take(money);
  std::set<uint8_t> places;
  for (const TimelineEntry& entry : folded.timeline()) {
    if (entry.what != "MONEY_RECORDED") continue;
    EXPECT_TRUE(places.insert(entry.place.index).second);
  }
  EXPECT_THAT(places, SizeIs(kMaxEntriesOfEvent));
  EXPECT_THAT(folded.member(0).money, SizeIs(kMaxEntriesOfEvent + 10)) << "the sums hold them all";
}

TEST(LedgerTest, AnEntryThatIsPostedAgainOrTakesBackWhatWasNeverPostedChangesNothing) {
  CaseStory story;
  Folded folded;
  folded.Take(story.Filed(0, 1));
  const IntakeEvent awarded = story.Money(1, "AWARDED", 0, 1);
  folded.Take(awarded);
  folded.Take(awarded);
  IntakeEvent reversal = story.Money(2, "REVERSAL", 0, 1);
  reversal.entries[0].reverses_entry_id = "another";
  folded.Take(reversal);
  ASSERT_THAT(folded.member(0).money, SizeIs(1));
  EXPECT_EQ(folded.member(0).money[0].owed, 10'000);
}

}  // namespace
}  // namespace redress::status
