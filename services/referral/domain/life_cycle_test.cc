#include "services/referral/domain/life_cycle.h"

#include <map>
#include <set>
#include <string>
#include <utility>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "services/platform/status/refusal.h"

namespace redress::referral {
namespace {

using ::testing::Contains;
using ::testing::HasSubstr;
using ::testing::Not;
using S = ReferralState;
using V = Verb;

struct Expected {
  S next;
  bool owed = false;
  bool before_arrival = false;
};

constexpr S kBack = S::kNone;  // In this test: the state before.

std::set<S> AllBut(std::set<S> left_out) {
  std::set<S> states;
  for (S state : kAllReferralStates) {
    if (!left_out.contains(state)) states.insert(state);
  }
  return states;
}

class Table {
 public:
  void Row(std::set<S> from, V verb, S to, bool owed = false) {
    for (S state : from) cells_[{state, verb}] = {to, owed};
  }
  void Same(std::set<S> from, V verb, bool owed = false) {
    for (S state : from) cells_[{state, verb}] = {state, owed};
  }
  void BeforeArrival(S from, V verb, S to) { cells_[{from, verb}] = {to, false, true}; }
  const Expected* Find(S state, V verb) const {
    auto found = cells_.find({state, verb});
    return found == cells_.end() ? nullptr : &found->second;
  }

 private:
  std::map<std::pair<S, V>, Expected> cells_;
};

// The life cycle once more, row by row as it is written down for people.
Table WrittenTable() {
  Table table;
  const std::set<S> undecided = {S::kDelivered, S::kAcknowledged, S::kNoResponse};
  const std::set<S> askable = {S::kDelivered, S::kAcknowledged, S::kNoResponse, S::kAccepted,
                               S::kInProgress};
  const std::set<S> open = {S::kSent,     S::kDelivered,       S::kAcknowledged, S::kNoResponse,
                            S::kAccepted, S::kInfoRequested,   S::kForwarded,    S::kInProgress,
                            S::kOnHold,   S::kSolutionProposed};
  const std::set<S> in_hand = {S::kAccepted, S::kInfoRequested, S::kInProgress, S::kOnHold,
                               S::kSolutionProposed};
  table.Row({S::kNone}, V::kRefer, S::kSent);
  table.Row({S::kSent, S::kUndelivered}, V::kDeliver, S::kDelivered);
  table.Row({S::kRecallRequested}, V::kDeliver, S::kRecallRequested);
  table.Row({S::kSent}, V::kGiveUp, S::kUndelivered);
  table.BeforeArrival(S::kRecallRequested, V::kGiveUp, S::kRecalled);
  table.Row({S::kUndelivered}, V::kRequeue, S::kSent);
  table.Row({S::kDelivered, S::kNoResponse}, V::kAcknowledge, S::kAcknowledged);
  table.Row(undecided, V::kAccept, S::kAccepted);
  table.Row({S::kDelivered, S::kAcknowledged, S::kNoResponse, S::kAccepted, S::kInfoRequested,
             S::kInProgress, S::kOnHold},
            V::kDecline, S::kDeclined);
  table.Row({S::kDelivered, S::kAcknowledged}, V::kExpireResponse, S::kNoResponse);
  table.Row(askable, V::kRequestInformation, S::kInfoRequested);
  table.Row({S::kInfoRequested}, V::kProvideInformation, kBack);
  table.Row({S::kInfoRequested}, V::kExpireInformation, kBack);
  table.Row(askable, V::kForward, S::kForwarded);
  table.Row({S::kForwarded}, V::kRefuseForward, kBack);
  table.Row({S::kForwarded}, V::kSendForward, S::kForwarded);
  table.Row({S::kForwarded}, V::kTransfer, S::kTransferred);
  table.Row({S::kAccepted}, V::kStart, S::kInProgress);
  table.Row({S::kAccepted, S::kInProgress}, V::kRecordStep, S::kInProgress);
  table.Row({S::kInProgress}, V::kHold, S::kOnHold);
  table.Row({S::kOnHold}, V::kResume, S::kInProgress);
  table.Row({S::kAccepted, S::kInProgress}, V::kPropose, S::kSolutionProposed);
  table.Row({S::kSolutionProposed}, V::kWithdrawProposal, S::kInProgress);
  table.Row({S::kSolutionProposed}, V::kAnswerProposal, S::kSolutionProposed);
  table.Row({S::kSolutionProposed}, V::kAnswerProposalAllAccepted, S::kResolved);
  table.Row({S::kSolutionProposed}, V::kAnswerProposalRefused, S::kInProgress);
  table.Row({S::kAccepted, S::kInProgress, S::kOnHold, S::kSolutionProposed}, V::kConcludeResolved,
            S::kResolved);
  table.Row(in_hand, V::kConcludeUnresolved, S::kUnresolved);
  table.Same({S::kResolved, S::kUnresolved}, V::kRecordStep, /*owed=*/true);
  table.Same(in_hand, V::kRecordMoney);
  table.Same({S::kResolved, S::kUnresolved}, V::kRecordMoney, /*owed=*/true);
  table.Row(open, V::kRecall, S::kRecallRequested);
  table.Row({S::kRecallRequested}, V::kConfirmRecall, S::kRecalled);
  table.Same({S::kDeclined, S::kNoResponse, S::kUndelivered, S::kUnresolved}, V::kReRefer);
  table.Same(open, V::kUpdateDisclosure);
  table.Same(AllBut({S::kSent, S::kUndelivered, S::kDeclined, S::kTransferred, S::kRecallRequested,
                     S::kRecalled}),
             V::kUploadEvidence);
  return table;
}

TEST(LifeCycleTest, EveryPairOfStateAndVerbIsAsWrittenDown) {
  const Table table = WrittenTable();
  std::set<S> states(kAllReferralStates.begin(), kAllReferralStates.end());
  states.insert(S::kNone);
  int pairs = 0;
  for (S state : states) {
    for (V verb : kAllVerbs) {
      SCOPED_TRACE(std::string(ReferralStateName(state)) + " × " + std::string(VerbName(verb)));
      ++pairs;
      const Expected* expected = table.Find(state, verb);
      const std::optional<Transition> found = FindTransition(state, verb);
      ASSERT_EQ(found.has_value(), expected != nullptr);
      if (expected == nullptr) continue;
      EXPECT_EQ(found->to_state_before, expected->next == kBack);
      EXPECT_EQ(found->next, expected->next);
      EXPECT_EQ(found->needs_open_balance, expected->owed);
      EXPECT_EQ(found->only_before_arrival, expected->before_arrival);
    }
  }
  EXPECT_EQ(pairs, 18 * 32);
}

TEST(LifeCycleTest, MoveAgreesWithTheTableForEveryPairAndSide) {
  for (S state : kAllReferralStates) {
    for (V verb : kAllVerbs) {
      for (Side side : {Side::kHome, Side::kDestination}) {
        SCOPED_TRACE(std::string(ReferralStateName(state)) + " × " + std::string(VerbName(verb)));
        const Position position = {state, S::kAcknowledged, side, /*open_balance=*/true};
        const absl::StatusOr<S> moved = Move(position, verb);
        const std::optional<Transition> cell = FindTransition(state, verb);
        ASSERT_EQ(moved.ok(), cell.has_value() && SideMay(side, verb));
        if (moved.ok()) {
          EXPECT_EQ(*moved, cell->to_state_before ? S::kAcknowledged : cell->next);
        } else if (!SideMay(side, verb)) {
          EXPECT_EQ(GetRefusal(moved.status())->reason, "WRONG_SIDE");
        }
      }
    }
  }
}

TEST(LifeCycleTest, ARefusalSaysWhatIsPossibleInstead) {
  const absl::StatusOr<S> moved =
      Move({.state = S::kDelivered, .local_side = Side::kDestination}, V::kHold);
  ASSERT_FALSE(moved.ok());
  EXPECT_EQ(moved.status().code(), absl::StatusCode::kFailedPrecondition);
  const std::optional<Refusal> refusal = GetRefusal(moved.status());
  ASSERT_TRUE(refusal);
  EXPECT_EQ(refusal->reason, "TRANSITION_NOT_ALLOWED");
  EXPECT_EQ(refusal->metadata.at("state"), "DELIVERED");
  EXPECT_EQ(refusal->metadata.at("verb"), "HOLD");
  EXPECT_EQ(refusal->metadata.at("allowed"),
            "ACKNOWLEDGE,ACCEPT,DECLINE,REQUEST_INFORMATION,FORWARD,UPLOAD_EVIDENCE");
}

TEST(LifeCycleTest, WhileAQuestionWaitsOnlyUnresolvedCanBeConcluded) {
  const Position position = {S::kInfoRequested, S::kInProgress, Side::kDestination, false};
  EXPECT_EQ(GetRefusal(Move(position, V::kConcludeResolved).status())->reason,
            "ONLY_UNRESOLVED_ALLOWED");
  EXPECT_EQ(*Move(position, V::kConcludeUnresolved), S::kUnresolved);
}

TEST(LifeCycleTest, ARecalledReferralIsGivenUpOnlyWhereItHasNotArrived) {
  const Position on_its_way = {S::kRecallRequested, S::kSent, Side::kHome};
  EXPECT_EQ(*Move(on_its_way, V::kGiveUp), S::kRecalled);
  Position arrived = on_its_way;
  arrived.arrived = true;
  EXPECT_EQ(GetRefusal(Move(arrived, V::kGiveUp).status())->reason, "TRANSITION_NOT_ALLOWED");
}

TEST(LifeCycleTest, AfterTheEndStepsAndMoneyGoOnOnlyWhileABalanceIsOpen) {
  for (S state : {S::kResolved, S::kUnresolved}) {
    for (V verb : {V::kRecordStep, V::kRecordMoney}) {
      EXPECT_EQ(*Move({state, S::kNone, Side::kDestination, true}, verb), state);
      EXPECT_EQ(
          GetRefusal(Move({state, S::kNone, Side::kDestination, false}, verb).status())->reason,
          "NO_OPEN_BALANCE");
    }
    EXPECT_THAT(AllowedVerbs(state, Side::kDestination, true), Contains(V::kRecordStep));
    EXPECT_THAT(AllowedVerbs(state, Side::kDestination, false), Not(Contains(V::kRecordStep)));
  }
}

TEST(ReferralStateTest, NamesReadBackToTheSameState) {
  for (S state : kAllReferralStates) EXPECT_EQ(ParseReferralState(ReferralStateName(state)), state);
  EXPECT_EQ(ParseReferralState("NONE"), std::nullopt);
  EXPECT_EQ(ParseReferralState("sent"), std::nullopt);
}

TEST(ReferralStateTest, AStateIsOpenOrEndedOrUndelivered) {
  for (S state : kAllReferralStates) {
    EXPECT_EQ(IsOpen(state) + IsEnded(state) + (state == S::kUndelivered), 1)
        << ReferralStateName(state);
  }
}

}  // namespace
}  // namespace redress::referral
