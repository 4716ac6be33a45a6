#include "services/intake/domain/case_life_cycle.h"

#include <map>
#include <string>
#include <utility>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "services/intake/domain/testing/sample_filing.h"
#include "services/platform/status/refusal.h"

namespace redress::intake {
namespace {

using enum CaseState;
using ::testing::HasSubstr;

// The table of the life cycle, written a second time by hand: what is not here must be refused.
const std::map<std::pair<CaseState, CaseVerb>, CaseState>& Expected() {
  static const auto* const expected = new std::map<std::pair<CaseState, CaseVerb>, CaseState>{
      {{kFiled, CaseVerb::kAdmit}, kOpen},
      {{kFiled, CaseVerb::kFindInadmissible}, kInadmissible},
      {{kFiled, CaseVerb::kAmend}, kFiled},
      {{kFiled, CaseVerb::kAddMembers}, kFiled},
      {{kFiled, CaseVerb::kWithdraw}, kWithdrawn},
      {{kFiled, CaseVerb::kRecordMoney}, kFiled},
      {{kOpen, CaseVerb::kAmend}, kOpen},
      {{kOpen, CaseVerb::kAddMembers}, kOpen},
      {{kOpen, CaseVerb::kWithdraw}, kWithdrawn},
      {{kOpen, CaseVerb::kCloseResolved}, kClosedResolved},
      {{kOpen, CaseVerb::kCloseUnresolved}, kClosedUnresolved},
      {{kOpen, CaseVerb::kRecordMoney}, kOpen},
      {{kOpen, CaseVerb::kRequestApproval}, kOpen},
      {{kOpen, CaseVerb::kDisclose}, kOpen},
      {{kInadmissible, CaseVerb::kReopen}, kOpen},
      {{kInadmissible, CaseVerb::kContest}, kFiled},
      {{kWithdrawn, CaseVerb::kReopen}, kWithdrawn},
      {{kWithdrawn, CaseVerb::kUndoWithdrawal}, kWithdrawn},
      {{kClosedResolved, CaseVerb::kReopen}, kOpen},
      {{kClosedResolved, CaseVerb::kRecordMoney}, kClosedResolved},
      {{kClosedUnresolved, CaseVerb::kReopen}, kOpen},
      {{kClosedUnresolved, CaseVerb::kRecordMoney}, kClosedUnresolved},
  };
  return *expected;
}

TEST(CaseLifeCycleTest, EveryPairOfStateAndVerbIsAllowedOrRefusedAsTheTableSays) {
  int pairs = 0;
  for (CaseState state : kCaseStates) {
    for (CaseVerb verb : kCaseVerbs) {
      ++pairs;
      SCOPED_TRACE(std::string(CaseStateName(state)) + " × " + std::string(CaseVerbName(verb)));
      const auto next = NextState(state, verb, "KH-26-0000417-X");
      const auto expected = Expected().find({state, verb});
      if (expected != Expected().end()) {
        ASSERT_TRUE(next.ok());
        EXPECT_EQ(*next, expected->second);
        continue;
      }
      EXPECT_EQ(next.status().code(), absl::StatusCode::kFailedPrecondition);
      const auto refusal = GetRefusal(next.status());
      ASSERT_TRUE(refusal.has_value());
      EXPECT_EQ(refusal->metadata.at("state"), CaseStateName(state));
      if (verb == CaseVerb::kDisclose || verb == CaseVerb::kRequestApproval) {
        EXPECT_EQ(refusal->reason, "CASE_NOT_OPEN");
        EXPECT_EQ(refusal->metadata.at("case_number"), "KH-26-0000417-X");
      } else {
        EXPECT_EQ(refusal->reason, "TRANSITION_NOT_ALLOWED");
        EXPECT_EQ(refusal->metadata.at("verb"), CaseVerbName(verb));
      }
    }
  }
  EXPECT_EQ(pairs, 6 * 13);
}

TEST(CaseLifeCycleTest, AWithdrawalIsUndoneToTheStateBeforeWithinSevenDays) {
  const absl::Time now = absl::FromUnixSeconds(1'790'000'000);
  for (CaseState before : {kFiled, kOpen}) {
    const WithdrawalMark mark = MarkWithdrawal(before, now, LifeCycleRules());
    EXPECT_EQ(mark.undo_until, now + absl::Hours(168));
    EXPECT_EQ(*UndoWithdrawal(mark, now), before);
    EXPECT_EQ(*UndoWithdrawal(mark, mark.undo_until), before);
    const auto late = UndoWithdrawal(mark, mark.undo_until + absl::Nanoseconds(1));
    EXPECT_EQ(GetRefusal(late.status())->reason, "COOLING_OFF_OVER");
    EXPECT_THAT(GetRefusal(late.status())->metadata.at("ended_at"), HasSubstr("2026-09-"));
  }
}

TEST(CaseLifeCycleTest, AWithdrawnCaseIsReopenedToTheStateBeforeAndAnyOtherEndToOpen) {
  const absl::Time now = absl::FromUnixSeconds(1'790'000'000);
  for (CaseState before : {kFiled, kOpen}) {
    const WithdrawalMark mark = MarkWithdrawal(before, now, LifeCycleRules());
    EXPECT_EQ(*ReopenedState(kWithdrawn, mark, "KH-26-0000417-X"), before);
    // A withdrawal that was undone long ago has no say in it.
    for (CaseState end : {kInadmissible, kClosedResolved, kClosedUnresolved}) {
      EXPECT_EQ(*ReopenedState(end, mark, "KH-26-0000417-X"), kOpen);
    }
  }
  EXPECT_EQ(ReopenedState(kWithdrawn, std::nullopt, "").status().code(),
            absl::StatusCode::kDataLoss);
  for (CaseState going_on : {kFiled, kOpen}) {
    EXPECT_EQ(GetRefusal(ReopenedState(going_on, std::nullopt, "").status())->reason,
              "TRANSITION_NOT_ALLOWED");
  }
}

TEST(CaseLifeCycleTest, WhatIsOpenOrOwedKeepsACaseFromClosing) {
  ClosingFacts facts;
  EXPECT_TRUE(CheckCanClose(facts, SampleCodes()).ok());
  facts.open_balances = {{"MYR", 0}};
  EXPECT_TRUE(CheckCanClose(facts, SampleCodes()).ok());

  facts.open_balances = {{"MYR", 12'000'000}, {"USD", 5}};
  facts.members_with_open_balance = 30;
  const auto unpaid = GetRefusal(CheckCanClose(facts, SampleCodes()));
  EXPECT_EQ(unpaid->reason, "AWARD_UNPAID");
  EXPECT_EQ(unpaid->metadata.at("balances"), "MYR 120000.00,USD 0.05");
  EXPECT_EQ(unpaid->metadata.at("member_count"), "30");

  facts.open_disclosure_referral_ids = {"KH-26-0000417-X/R1"};
  EXPECT_EQ(GetRefusal(CheckCanClose(facts, SampleCodes()))->reason, "DISCLOSURE_OPEN");
  facts.open_referral_ids = {"KH-26-0000417-X/R1", "KH-26-0000417-X/R2"};
  const auto open = GetRefusal(CheckCanClose(facts, SampleCodes()));
  EXPECT_EQ(open->reason, "REFERRAL_STILL_OPEN");
  EXPECT_EQ(open->metadata.at("referral_ids"), "KH-26-0000417-X/R1,KH-26-0000417-X/R2");
}

TEST(CaseLifeCycleTest, ListsOfIdsAreCutAfterTwenty) {
  const std::string joined = JoinIds(std::vector<std::string>(30, "x"));
  EXPECT_EQ(std::count(joined.begin(), joined.end(), 'x'), 20);
}

}  // namespace
}  // namespace redress::intake
