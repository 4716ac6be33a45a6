#include "services/referral/domain/clocks.h"

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "services/referral/domain/fact_samples.h"

namespace redress::referral {
namespace {

using samples::At;
using samples::Of;
using samples::Story;
using ::testing::ElementsAre;
using ::testing::IsEmpty;
using K = FactKind;

Story Sent() { return Story().Then(Of(K::kSent, At(0))); }
Story Delivered() { return Sent().Then(Of(K::kDelivered, At(2))); }

ClockRules Normal() { return RulesFor("NORMAL", ClockConfig(), {}); }

std::vector<ClockKind> Kinds(const std::vector<DueClock>& due) {
  std::vector<ClockKind> kinds;
  for (const DueClock& clock : due) kinds.push_back(clock.key.kind);
  return kinds;
}

std::vector<DueClock> Due(const Story& story, absl::Time now, const LinkView& link = {},
                          const std::set<ClockKey>& fired = {}) {
  return DueClocks(story.Folded(), Normal(), link, fired, now);
}

TEST(ClockRulesTest, UrgencySetsTheTimeToAcceptAndAnAgreementMayChangeIt) {
  EXPECT_EQ(RulesFor("EMERGENCY", {}, {}).accept, absl::Hours(24));
  EXPECT_EQ(RulesFor("URGENT", {}, {}).accept, absl::Hours(72));
  EXPECT_EQ(RulesFor("NORMAL", {}, {}).accept, absl::Hours(168));
  EXPECT_EQ(RulesFor("URGENT", {}, {.accept_urgent = absl::Hours(48)}).accept, absl::Hours(48));
}

TEST(ClockRulesTest, AnAgreementChangesEveryClockAndTheCalendarOfNoEmergency) {
  ClockConfig config;
  config.calendar.name = "KH-WORKDAYS";
  config.calendar.weekly_off[6] = true;
  AgreementClocks agreement = {.information = absl::Hours(1),
                               .proposal = absl::Hours(2),
                               .resolution = absl::Hours(3),
                               .relay_warning = absl::Hours(4),
                               .delivery_warning = absl::Hours(5),
                               .give_up = absl::Hours(6),
                               .calendar = BusinessCalendar{.name = "MY-WORKDAYS"}};
  const ClockRules rules = RulesFor("NORMAL", config, agreement);
  EXPECT_EQ(rules.information, absl::Hours(1));
  EXPECT_EQ(rules.proposal, absl::Hours(2));
  EXPECT_EQ(rules.resolution, absl::Hours(3));
  EXPECT_EQ(rules.relay_warning, absl::Hours(4));
  EXPECT_EQ(rules.delivery_warning, absl::Hours(5));
  EXPECT_EQ(rules.give_up, absl::Hours(6));
  EXPECT_EQ(rules.calendar, *agreement.calendar);
  EXPECT_EQ(RulesFor("NORMAL", config, {}).calendar, config.calendar);
  EXPECT_EQ(RulesFor("EMERGENCY", config, agreement).calendar, BusinessCalendar());
}

TEST(ClocksTest, WhileItIsOnItsWayThreeClocksRun) {
  const std::vector<RunningClock> clocks = RunningClocks(Sent().Folded(), Normal());
  EXPECT_THAT(clocks, ElementsAre(RunningClock{{ClockKind::kRelayWarning, 1}, At(12)},
                                  RunningClock{{ClockKind::kDeliveryWarning, 1}, At(24)},
                                  RunningClock{{ClockKind::kGiveUp, 1}, At(168)}));
}

TEST(ClocksTest, WarningsComeOnceAndTheRelayWarningOnlyWhileNothingLeft) {
  EXPECT_THAT(Due(Sent(), At(11)), IsEmpty());
  EXPECT_THAT(Kinds(Due(Sent(), At(13))), ElementsAre(ClockKind::kRelayWarning));
  EXPECT_THAT(Due(Sent(), At(13), {.relayed = true}), IsEmpty());
  EXPECT_THAT(Kinds(Due(Sent(), At(25), {}, {{ClockKind::kRelayWarning, 1}})),
              ElementsAre(ClockKind::kDeliveryWarning));
}

TEST(ClocksTest, GivingUpWritesUndeliveredAndARequeueStartsAllAnew) {
  const std::vector<DueClock> due = Due(Sent(), At(168));
  ASSERT_EQ(due.size(), 3u);
  EXPECT_EQ(due[2].action, ClockAction::kWriteFact);
  EXPECT_EQ(due[2].fact->kind, K::kUndelivered);
  EXPECT_EQ(due[2].fact->reason, "GIVE_UP_AGE_PASSED");

  Story again = Sent();
  again.Then(Of(K::kUndelivered, At(168))).Then(Of(K::kRequeued, At(200)));
  EXPECT_EQ(RunningClocks(again.Folded(), Normal()).back(),
            (RunningClock{{ClockKind::kGiveUp, 3}, At(200 + 168)}));
}

TEST(ClocksTest, ARecalledReferralIsGivenUpAtTheSameAgeUnlessItHasArrived) {
  Story on_its_way = Sent();
  on_its_way.Then(Of(K::kRecallRequested, At(5)));
  EXPECT_THAT(RunningClocks(on_its_way.Folded(), Normal()),
              ElementsAre(RunningClock{{ClockKind::kGiveUp, 1}, At(168)}));
  Story there = Delivered();
  there.Then(Of(K::kRecallRequested, At(5)));
  EXPECT_THAT(RunningClocks(there.Folded(), Normal()), IsEmpty());
}

TEST(ClocksTest, NoResponseWaitsUntilTheLinkIsDrainedOrSilentAndSaysWhich) {
  const Story story = Delivered();
  const absl::Time due = At(2 + 168);
  EXPECT_THAT(Due(story, due, {.drained = false, .peer_heard_at = due - absl::Hours(1)}),
              IsEmpty());
  const std::vector<DueClock> drained = Due(story, due, {.drained = true});
  ASSERT_EQ(drained.size(), 1u);
  EXPECT_EQ(drained[0].fact->reason, "LINK_DRAINED");
  EXPECT_EQ(std::get<SilenceDetails>(drained[0].fact->details).due_at, due);
  const std::vector<DueClock> silent =
      Due(story, due, {.drained = false, .peer_heard_at = due - absl::Hours(24)});
  ASSERT_EQ(silent.size(), 1u);
  EXPECT_EQ(silent[0].fact->reason, "LINK_SILENT");
}

TEST(ClocksTest, TheNextLookIsTheNextDueTimeOrSoonWhileOneIsHeldBack) {
  const FoldedReferral folded = Delivered().Folded();
  EXPECT_EQ(NextLook(folded, Normal(), {}, {}, At(3)), At(170));
  EXPECT_EQ(NextLook(folded, Normal(), {.peer_heard_at = At(170)}, {}, At(171)), At(172));
  EXPECT_EQ(NextLook(folded, Normal(), {.peer_heard_at = At(147)}, {}, At(170) + absl::Minutes(30)),
            At(171));
  EXPECT_EQ(NextLook(Delivered().Then(K::kDeclined).Folded(), Normal(), {}, {}, At(3)),
            absl::InfiniteFuture());
}

TEST(ClocksTest, AQuestionStopsTheTimeToAcceptUntilItIsAnswered) {
  Story story = Delivered();
  story.Then(Of(K::kInformationRequested, At(10)));
  EXPECT_THAT(RunningClocks(story.Folded(), Normal()),
              ElementsAre(RunningClock{{ClockKind::kInformation, 1}, At(10 + 7 * 24)}));
  story.Then(Of(K::kInformationProvided, At(60)));
  EXPECT_THAT(RunningClocks(story.Folded(), Normal()),
              ElementsAre(RunningClock{{ClockKind::kAccept, 1}, At(2 + 168 + 50)}));
}

TEST(ClocksTest, AnUnansweredQuestionGoesBackWithTheClockRunning) {
  Story story = Delivered();
  story.Then(Of(K::kInformationRequested, At(10)));
  const std::vector<DueClock> due = Due(story, At(10 + 7 * 24));
  ASSERT_EQ(due.size(), 1u);
  EXPECT_EQ(due[0].fact->kind, K::kInformationOverdue);
}

TEST(ClocksTest, AHoldMovesTheTimeToAnOutcome) {
  Story story = Delivered();
  story.Then(Of(K::kAccepted, At(5))).Then(Of(K::kStarted, At(6))).Then(Of(K::kHeld, At(7)));
  EXPECT_THAT(RunningClocks(story.Folded(), Normal()), IsEmpty());
  story.Then(Of(K::kResumed, At(107)));
  EXPECT_THAT(RunningClocks(story.Folded(), Normal()),
              ElementsAre(RunningClock{{ClockKind::kResolution, 1}, At(5 + 70 * 24 + 100)}));
}

TEST(ClocksTest, MembersAreRemindedOncePerProposal) {
  Story story = Delivered();
  story.Then(Of(K::kAccepted, At(5))).Then(Of(K::kSolutionProposed, At(6)));
  const std::vector<DueClock> due = Due(story, At(6 + 168));
  ASSERT_EQ(due.size(), 1u);
  EXPECT_EQ(due[0].action, ClockAction::kRemind);
  EXPECT_THAT(Due(story, At(6 + 168), {}, {due[0].key}), IsEmpty());
}

}  // namespace
}  // namespace redress::referral
