#include "services/referral/domain/fold.h"

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "services/platform/status/refusal.h"
#include "services/referral/domain/crossing.h"
#include "services/referral/domain/fact_samples.h"

namespace redress::referral {
namespace {

using samples::Answers;
using samples::At;
using samples::Member;
using samples::Of;
using samples::Story;
using ::testing::ElementsAre;
using ::testing::IsEmpty;
using K = FactKind;
using S = ReferralState;

Story Delivered() { return Story().Then(K::kSent).Then(K::kDelivered); }
Story InProgress() { return Delivered().Then(K::kAccepted).Then(K::kStarted); }
Story Proposed() { return InProgress().Then(K::kSolutionProposed); }

const FoldStep& StepOf(const FoldedReferral& folded, Side side, uint32_t number) {
  for (const FoldStep& step : folded.steps) {
    if (step.fact == FactRef{side, number}) return step;
  }
  ADD_FAILURE() << "no such step";
  static const FoldStep none;
  return none;
}

TEST(FoldTest, NothingFoldsToNothing) { EXPECT_EQ(Story().Folded(), FoldedReferral()); }

TEST(FoldTest, TheStoryOfAReferralThatSucceeds) {
  Story story = Delivered();
  story.Then(K::kAcknowledged).Then(K::kAccepted).Then(K::kInformationRequested);
  EXPECT_EQ(story.Folded().state, S::kInfoRequested);
  EXPECT_EQ(story.Folded().state_before, S::kAccepted);
  story.Then(K::kInformationProvided);
  EXPECT_EQ(story.Folded().state, S::kAccepted);
  story.Then(K::kStepRecorded);
  EXPECT_EQ(story.Folded().state, S::kInProgress);
  story.Then(K::kSolutionProposed);
  story.Then(Of(K::kProposalAnswered, Answers(1, {{Member(1), true}, {Member(2), true}}, 1)));
  EXPECT_EQ(story.Folded().state, S::kSolutionProposed);
  story.Then(Of(K::kProposalAnswered, Answers(1, {{Member(3), true}}, 0)));

  const FoldedReferral folded = story.Folded();
  EXPECT_EQ(folded.state, S::kResolved);
  EXPECT_EQ(EtagOf(folded), "4.6");
  EXPECT_EQ(folded.focal_point_id, "my:mtuc/f1");
  EXPECT_TRUE(folded.accepted);
  EXPECT_EQ(folded.members.size(), 3u);
  EXPECT_THAT(
      folded.obligations,
      ElementsAre(EvidenceObligation{EvidenceKind::kSubmission, {Side::kHome, 1}, false},
                  EvidenceObligation{EvidenceKind::kDelivery, {Side::kDestination, 1}},
                  EvidenceObligation{EvidenceKind::kRetrieval, {Side::kDestination, 2}},
                  EvidenceObligation{EvidenceKind::kDecision, {Side::kDestination, 3}, true},
                  EvidenceObligation{EvidenceKind::kOutcome, {Side::kHome, 4}, true}));
}

TEST(FoldTest, ALateAcceptanceWinsOverNoResponse) {
  Story story = Delivered();
  story.Then(K::kNoResponse);
  EXPECT_EQ(story.Folded().state, S::kNoResponse);
  EXPECT_EQ(story.Folded().reason, "LINK_DRAINED");
  story.Seeing(1, K::kAccepted);
  const FoldedReferral folded = story.Folded();
  EXPECT_EQ(folded.state, S::kAccepted);
  EXPECT_EQ(folded.reason, "");
  const FoldStep& lost = StepOf(folded, Side::kHome, 2);
  EXPECT_EQ(lost.loss, Loss::kCrossed);
  EXPECT_EQ(lost.lost_to, (FactRef{Side::kDestination, 2}));
}

TEST(FoldTest, AnOutcomeOrADeclineWinsOverARecallAndErasureFollowsAllTheSame) {
  for (K end : {K::kResolved, K::kUnresolved, K::kDeclined}) {
    Story story = InProgress();
    story.Then(K::kRecallRequested).Seeing(1, end);
    const FoldedReferral folded = story.Folded();
    EXPECT_TRUE(IsEnded(folded.state));
    EXPECT_NE(folded.state, S::kRecalled);
    EXPECT_TRUE(StepOf(folded, Side::kHome, 2).lost());
    EXPECT_TRUE(folded.recalled_for_erasure);
    EXPECT_EQ(folded.obligations.back(),
              (EvidenceObligation{EvidenceKind::kErasure, {Side::kHome, 2}}));
  }
}

TEST(FoldTest, WhatWasDoneBeforeTheRecallArrivedStands) {
  Story story = InProgress();
  story.Then(K::kRecallRequested).Seeing(1, K::kStepRecorded).Seeing(1, K::kHeld);
  FoldedReferral folded = story.Folded();
  EXPECT_EQ(folded.state, S::kRecallRequested);
  EXPECT_EQ(folded.state_before, S::kOnHold);
  EXPECT_FALSE(folded.clock_stopped());
  story.Then(K::kRecalled);
  folded = story.Folded();
  EXPECT_EQ(folded.state, S::kRecalled);
  EXPECT_EQ(folded.reason, "CONSENT_REVOKED");
}

TEST(FoldTest, ARecallBeforeDeliveryTakesEffectWhetherOrNotDeliveryIsRecorded) {
  EXPECT_EQ(Story().Then(K::kSent).Then(K::kRecallRequested).Then(K::kRecalled).Folded().state,
            S::kRecalled);
  EXPECT_EQ(Story()
                .Then(K::kSent)
                .Then(K::kRecallRequested)
                .Then(K::kDelivered)
                .Then(K::kRecalled)
                .Folded()
                .state,
            S::kRecalled);
}

TEST(FoldTest, WhatArrivedWinsOverGivingUp) {
  Story story = Story().Then(K::kSent).Then(K::kUndelivered).Then(K::kRequeued);
  story.Seeing(1, K::kDelivered);
  const FoldedReferral folded = story.Folded();
  EXPECT_EQ(folded.state, S::kDelivered);
  EXPECT_TRUE(StepOf(folded, Side::kHome, 2).lost());
  EXPECT_TRUE(StepOf(folded, Side::kHome, 3).lost());
}

TEST(FoldTest, ADeclineWinsOverTheAnswerItCrossed) {
  Story story = Delivered();
  story.Then(K::kInformationRequested).Then(K::kInformationProvided).Seeing(1, K::kDeclined);
  EXPECT_EQ(story.Folded().state, S::kDeclined);
  EXPECT_EQ(story.Folded().reason, "OUT_OF_MANDATE");
}

TEST(FoldTest, TheLastAcceptanceWinsOverAWithdrawalItCrossed) {
  Story story = Proposed();
  story.Then(Of(K::kProposalAnswered, Answers(1, {{Member(1), true}}, 0)));
  story.Seeing(1, K::kProposalWithdrawn).Seeing(1, K::kDeclined);
  const FoldedReferral folded = story.Folded();
  EXPECT_EQ(folded.state, S::kResolved);
  EXPECT_TRUE(StepOf(folded, Side::kDestination, 5).lost());
  EXPECT_TRUE(StepOf(folded, Side::kDestination, 6).lost());
}

TEST(FoldTest, AnOlderLosingFactOfHomeDoesNotLetTheWithdrawalOvertakeTheAcceptance) {
  Story story = Delivered();
  story.Then(K::kNoResponse).Seeing(1, K::kAccepted).Seeing(1, K::kSolutionProposed);
  story.Seeing(3, Of(K::kProposalAnswered, Answers(1, {{Member(1), true}}, 0)));
  ASSERT_EQ(story.Folded().state, S::kResolved);
  story.Seeing(1, K::kProposalWithdrawn);
  EXPECT_EQ(story.Folded().state, S::kResolved);
}

TEST(FoldTest, AWithdrawnProposalLeavesNobodyAgreedAndARefusedOneKeepsThoseWhoAccepted) {
  Story withdrawn = Proposed();
  withdrawn.Then(Of(K::kProposalAnswered, Answers(1, {{Member(1), true}}, 2)));
  withdrawn.Seeing(1, K::kProposalWithdrawn);
  EXPECT_EQ(withdrawn.Folded().state, S::kInProgress);
  EXPECT_FALSE(withdrawn.Folded().members.at(Member(1)).agreed);

  Story refused = Proposed();
  refused.Then(Of(K::kProposalAnswered, Answers(1, {{Member(1), true}, {Member(2), false}}, 2)));
  EXPECT_EQ(refused.Folded().state, S::kInProgress);
  EXPECT_TRUE(refused.Folded().members.at(Member(1)).agreed);
  EXPECT_FALSE(refused.Folded().members.at(Member(2)).agreed);
}

TEST(FoldTest, AConclusionWinsOverAnswersItCrossedAndKeepsThem) {
  Story story = Proposed();
  story.Then(Of(K::kProposalAnswered, Answers(1, {{Member(1), true}}, 0)));
  story.Seeing(1, K::kResolved);
  const FoldedReferral folded = story.Folded();
  EXPECT_EQ(folded.state, S::kResolved);
  EXPECT_TRUE(folded.outcome.has_value());
  EXPECT_TRUE(folded.members.at(Member(1)).agreed);
}

TEST(FoldTest, AnAnswerToAnOlderProposalMovesNothing) {
  Story story = Proposed();
  story.Then(K::kProposalWithdrawn);
  Fact second = Of(K::kSolutionProposed);
  std::get<ProposalDetails>(second.details).proposal_number = 2;
  story.Then(second).Then(Of(K::kProposalAnswered, Answers(1, {{Member(1), true}}, 0)));
  const FoldedReferral folded = story.Folded();
  EXPECT_EQ(folded.state, S::kSolutionProposed);
  EXPECT_EQ(folded.steps.back().loss, Loss::kOutOfRules);
}

TEST(FoldTest, ARefusedForwardLeadsBackWithTheReasonOfTheStateBefore) {
  Story story = Delivered();
  story.Then(K::kNoResponse).Then(K::kForwardRequested);
  EXPECT_EQ(story.Folded().reason, "OUT_OF_MANDATE");
  story.Then(K::kForwardRefused);
  EXPECT_EQ(story.Folded().state, S::kNoResponse);
  EXPECT_EQ(story.Folded().reason, "LINK_DRAINED");
}

TEST(FoldTest, AForwardEndsAsTransferredWhenTheChildIsDelivered) {
  Story story = Delivered();
  story.Then(K::kForwardRequested).Then(K::kForwardSent);
  EXPECT_EQ(story.Folded().state, S::kForwarded);
  EXPECT_EQ(story.Folded().child->ToString(), ReferralId(CaseNumber("KH", 26, 417), 2).ToString());
  story.Then(K::kTransferred);
  EXPECT_EQ(story.Folded().state, S::kTransferred);
  EXPECT_EQ(story.Folded().reason, "OUT_OF_MANDATE");
}

TEST(FoldTest, AFactAgainstTheRulesMovesNothingAndIsMarked) {
  Story story = Delivered();
  story.Then(K::kHeld);
  const FoldedReferral folded = story.Folded();
  EXPECT_EQ(folded.state, S::kDelivered);
  EXPECT_EQ(folded.steps.back().loss, Loss::kOutOfRules);
  EXPECT_EQ(folded.destination_facts, 2u);
}

TEST(FoldTest, FactsBehindAGapOrAnUnknownFactWait) {
  Story story = InProgress();
  story.destination.erase(story.destination.begin() + 1);
  EXPECT_EQ(story.Folded().state, S::kDelivered);
  EXPECT_EQ(story.Folded().waiting_facts, 1u);

  Story ahead = Delivered();
  ahead.Seeing(9, K::kAccepted);
  EXPECT_EQ(ahead.Folded().state, S::kDelivered);
  EXPECT_EQ(ahead.Folded().waiting_facts, 1u);
}

TEST(FoldTest, StopsCountNoEarlierThanThePreviousFactAndNoLaterThanArrivalAndFiveMinutes) {
  Story story = Delivered();
  Fact early = Of(K::kAccepted, At(-5));  // Its clock was set back after the delivery at 0.
  Fact ahead = Of(K::kInformationRequested, At(100));
  ahead.recorded_at = At(10);
  story.Then(early).Then(ahead);
  Fact answer = Of(K::kInformationProvided, At(30));
  story.Then(answer);
  const FoldedReferral folded = story.Folded();
  EXPECT_EQ(folded.accepted_at, At(0));
  EXPECT_THAT(folded.stops, ElementsAre(ClockStop{At(10) + absl::Minutes(5), At(30)}));
}

TEST(FoldTest, ALateAcknowledgementRestartsTheTimeToAccept) {
  Story story = Delivered();
  story.Then(K::kNoResponse).Then(Of(K::kAcknowledged, At(200)));
  EXPECT_EQ(story.Folded().state, S::kAcknowledged);
  EXPECT_EQ(story.Folded().accept_clock_from, At(200));
  EXPECT_EQ(story.Folded().accept_clock_round, 2u);
}

TEST(NextFactTest, NumbersAndWhatWasSeenAreFilledIn) {
  const FoldedReferral folded = Delivered().Folded();
  const absl::StatusOr<Fact> fact = NextFact(folded, Of(K::kAccepted, At(-1)), false);
  ASSERT_TRUE(fact.ok());
  EXPECT_EQ(fact->number, 2u);
  EXPECT_EQ(fact->seen, 1u);
  EXPECT_EQ(fact->occurred_at, At(0));
}

TEST(FoldTest, ARecallOfWhatNeverArrivedEndsWhenItIsGivenUp) {
  Story story = Story().Then(K::kSent).Then(Of(K::kRecallRequested)).Then(Of(K::kUndelivered));
  EXPECT_EQ(story.Folded().state, S::kRecalled);
  EXPECT_EQ(story.Folded().reason, Of(K::kRecallRequested).reason);
}

TEST(FoldTest, WhatArrivedAfterAllBeforeItsRecallWasGivenUpStaysRecalled) {
  Story story = Story().Then(K::kSent).Then(K::kRecallRequested);
  story.Then(K::kUndelivered);
  EXPECT_EQ(story.Folded().state, S::kRecalled);
  story.Seeing(2, K::kDelivered);
  EXPECT_EQ(story.Folded().state, S::kRecalled);
  story.Seeing(2, K::kRecalled);
  const FoldedReferral folded = story.Folded();
  EXPECT_EQ(folded.state, S::kRecalled);
  EXPECT_EQ(folded.steps.back().kind, K::kUndelivered);
  EXPECT_TRUE(folded.steps.back().lost());
}

TEST(NextFactTest, QuestionsAndProposalsAreNumberedAndAnswersHeldAgainstThem) {
  Story story = Delivered();
  Fact question = Of(K::kInformationRequested);
  std::get<InformationRequestDetails>(question.details).question_number = 0;
  absl::StatusOr<Fact> asked = NextFact(story.Folded(), question, false);
  ASSERT_TRUE(asked.ok());
  EXPECT_EQ(std::get<InformationRequestDetails>(asked->details).question_number, 1u);
  story.Then(*asked);
  EXPECT_EQ(GetRefusal(NextFact(story.Folded(),
                                Of(K::kInformationProvided, InformationAnswerDetails{2}), false)
                           .status())
                ->reason,
            "QUESTION_NOT_OPEN");
  EXPECT_EQ(GetRefusal(NextFact(Proposed().Folded(),
                                Of(K::kProposalAnswered, Answers(2, {{Member(1), true}}, 1)), false)
                           .status())
                ->reason,
            "PROPOSAL_NOT_CURRENT");
}

TEST(CrossingTest, OnlyWorkersAnswersEverGoBeforeADestinationsFact) {
  int home_first = 0;
  for (K home : kHomeFactKinds) {
    for (K destination : kDestinationFactKinds) {
      const Crossing crossing = CrossingOf(home, destination);
      if (crossing == Crossing::kHomeFirst) {
        ++home_first;
        EXPECT_EQ(home, K::kProposalAnswered);
        EXPECT_TRUE(destination == K::kProposalWithdrawn || destination == K::kUnresolved);
      }
      const bool never = home == K::kSent || home == K::kForwardRefused ||
                         home == K::kForwardSent || home == K::kTransferred ||
                         (destination == K::kRecalled && home != K::kUndelivered);
      EXPECT_EQ(crossing == Crossing::kNeverCross, never);
    }
  }
  EXPECT_EQ(home_first, 2);
}

TEST(CheckFactTest, EveryKindHasASampleThatIsAccepted) {
  for (const auto& kinds :
       {std::vector<K>(kHomeFactKinds.begin(), kHomeFactKinds.end()),
        std::vector<K>(kDestinationFactKinds.begin(), kDestinationFactKinds.end())}) {
    for (K kind : kinds) {
      Fact fact = Of(kind);
      fact.number = 1;
      EXPECT_TRUE(CheckFact(fact).ok()) << FactKindName(kind) << ": " << CheckFact(fact);
      fact.reason = FactNeedsReason(kind) ? "" : "OTHER";
      EXPECT_FALSE(CheckFact(fact).ok()) << FactKindName(kind);
    }
  }
}

TEST(CheckFactTest, WrongDetailsAreNamed) {
  Fact fact = Of(K::kAccepted, FactDetails(HoldDetails{}));
  fact.number = 1;
  EXPECT_FALSE(CheckFact(fact).ok());
  fact = Of(K::kDeclined);
  fact.number = 1;
  fact.reason = "IRREGULAR_STATUS";
  EXPECT_FALSE(CheckFact(fact).ok());
}

}  // namespace
}  // namespace redress::referral
