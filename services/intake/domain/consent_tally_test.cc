#include "services/intake/domain/consent_tally.h"

#include <rapidcheck.h>

#include <string>
#include <vector>

#include "fmt/format.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "services/intake/domain/testing/sample_filing.h"
#include "services/platform/ids/random.h"

namespace redress::intake {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::SizeIs;

ConsentBit To(std::string receiver, std::string expires_on = "", std::string status = "GRANTED") {
  return {"REFERRAL",
          std::move(receiver),
          std::move(status),
          {FieldGroup::kMoney},
          std::move(expires_on)};
}

ConsentTally Of(const std::vector<std::vector<ConsentBit>>& members) {
  ConsentTally tally;
  for (const std::vector<ConsentBit>& bits : members) tally.Add(bits, kSampleToday);
  return tally;
}

TEST(ConsentTallyTest, EachReceiverHasTheMembersWhoNamedItMostFirst) {
  const ConsentTally tally = Of({{To("my:tenaganita"), To("my:mtuc")}, {To("my:mtuc")}, {}});
  EXPECT_THAT(tally.ReceiversOn(kSampleToday),
              ElementsAre(ReceiverConsents{"my:mtuc", 2}, ReceiverConsents{"my:tenaganita", 1}));
  EXPECT_EQ(tally.MembersOn(kSampleToday), 2u);
}

TEST(ConsentTallyTest, OnlyAConsentToAReferralThatWasGivenCounts) {
  const ConsentTally tally = Of({{To("my:mtuc", "", "REFUSED")},
                                 {To("my:mtuc", "", "WITHDRAWN")},
                                 {{"EMBASSY", "", "GRANTED", {}, ""}},
                                 {{"FILING", "", "GRANTED", {}, ""}}});
  EXPECT_EQ(tally, ConsentTally());
}

TEST(ConsentTallyTest, AConsentCountsUpToItsLastDayWithoutAnybodysDoing) {
  const ConsentTally tally =
      Of({{To("my:mtuc", "2026-11-24")}, {To("my:mtuc", "2026-11-22"), To("my:jtksm")}});
  EXPECT_EQ(tally.ReceiversOn(kSampleToday)[0], (ReceiverConsents{"my:mtuc", 2}));
  EXPECT_EQ(tally.ReceiversOn({2026, 11, 23})[1], (ReceiverConsents{"my:mtuc", 1}));
  EXPECT_THAT(tally.ReceiversOn({2026, 11, 25}), ElementsAre(ReceiverConsents{"my:jtksm", 1}));
  EXPECT_EQ(tally.MembersOn({2026, 11, 24}), 2u);
  EXPECT_EQ(tally.MembersOn({2026, 11, 25}), 1u);
}

TEST(ConsentTallyTest, WhatHasRunOutIsNeitherAddedNorTakenOut) {
  ConsentTally tally = Of({{To("my:mtuc", "2026-11-21")}});
  EXPECT_EQ(tally, ConsentTally());
  const std::vector<ConsentBit> ends = {To("my:mtuc", "2026-11-23")};
  tally.Add(ends, kSampleToday);
  tally.Add({To("my:mtuc")}, kSampleToday);
  tally.Remove(ends, {2026, 11, 24});
  EXPECT_EQ(tally.MembersOn({2026, 11, 24}), 1u);
  tally.Add({To("my:mtuc")}, {2026, 11, 24});
  EXPECT_THAT(tally.any, SizeIs(1)) << "the next who counts clears away what has run out";
}

TEST(ConsentTallyTest, WhoIsTakenOutLeavesNothingBehind) {
  const std::vector<ConsentBit> one = {To("my:mtuc", "2027-01-01"), To("my:jtksm")};
  ConsentTally tally = Of({one});
  tally.Remove(one, kSampleToday);
  EXPECT_EQ(tally, ConsentTally());
  tally.Remove(one, kSampleToday);
  EXPECT_EQ(tally, ConsentTally());
}

TEST(ConsentTallyTest, TooManyEndsAreJoinedToEarlierOnesAndTooManyReceiversLeftOut) {
  ConsentTally tally;
  for (int day = 0; day < 365; ++day) {
    tally.Add({To("my:mtuc", AddDays(kSampleToday, day).ToString())}, kSampleToday);
  }
  ASSERT_THAT(tally.receivers[0].last_days, SizeIs(ConsentTally::kMostLastDays));
  EXPECT_EQ(tally.MembersOn(kSampleToday), 365u);
  const uint32_t half = tally.MembersOn(AddDays(kSampleToday, 182));
  EXPECT_LE(half, 183u);
  EXPECT_GE(half, 120u);

  ConsentTally wide;
  for (int i = 0; i < 100; ++i) wide.Add({To(fmt::format("my:body-{}", i))}, kSampleToday);
  EXPECT_THAT(wide.ReceiversOn(kSampleToday), SizeIs(ConsentTally::kMostReceivers));
  EXPECT_EQ(wide.MembersOn(kSampleToday), 100u);
}

TEST(ConsentTallyTest, WhoeverComesAndGoesItNeverSaysTooMuch) {
  EXPECT_TRUE(rc::check("never more than there are, and all of them where there is room", [] {
    const int spread = *rc::gen::element(30, 400);
    ConsentTally tally;
    std::vector<std::vector<ConsentBit>> members;
    Date today = kSampleToday;
    const int steps = *rc::gen::inRange(1, 300);
    SeededRandom random(*rc::gen::arbitrary<uint64_t>());
    for (int i = 0; i < steps; ++i) {
      const uint64_t drawn = random.Next();
      if (drawn % 8 == 0) today = AddDays(today, 1);
      if (drawn % 3 == 0 && !members.empty()) {
        const auto gone = members.begin() + static_cast<ptrdiff_t>(drawn / 8 % members.size());
        tally.Remove(*gone, today);
        members.erase(gone);
      } else {
        const int days = static_cast<int>(drawn / 8 % static_cast<uint64_t>(spread));
        members.push_back({To("my:mtuc", AddDays(kSampleToday, days).ToString())});
        tally.Add(members.back(), today);
      }
    }
    for (int later = 0; later < spread; ++later) {
      const Date day = AddDays(today, later);
      uint32_t truth = 0;
      for (const auto& bits : members) truth += HasConsent(bits, kReferralPurpose, day) ? 1 : 0;
      const auto shown = tally.ReceiversOn(day);
      const uint32_t counted = shown.empty() ? 0 : shown[0].members;
      RC_ASSERT(counted <= truth);
      RC_ASSERT(tally.MembersOn(day) == counted);
      if (spread <= 30) RC_ASSERT(counted == truth);
    }
  }));
}

}  // namespace
}  // namespace redress::intake
