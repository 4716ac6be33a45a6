// The fold under every order of arrival: two nodes act on what each has, facts travel at random
// speed, and the laws of the shared state must hold at every moment.
#include <algorithm>
#include <cstdlib>
#include <utility>
#include <vector>

#include "gtest/gtest.h"
#include "rapidcheck.h"
#include "services/referral/domain/fact_log.h"
#include "services/referral/domain/fact_samples.h"
#include "services/referral/domain/fold.h"

namespace redress::referral {
namespace {

using samples::Answers;
using samples::At;
using samples::Member;
using samples::Of;

// A wrong winner in one pair of the crossing table shows in about one of 300 plays, so rapidcheck's
// usual 100 would miss it more often than not. RC_PARAMS in the environment still overrides.
const int kMorePlays = setenv("RC_PARAMS", "max_success=300", /*overwrite=*/0);

// One node: the log of facts it holds, and what it has shown so far.
struct Node {
  Side side;
  uint32_t members = 1;  // Disclosed.
  FactLog log;
  int strongest = 0;

  std::span<const Fact> Own() const { return side == Side::kHome ? log.home() : log.destination(); }

  // What every reader may count on, checked after each change.
  void Check() {
    const FoldedReferral folded = log.Folded();
    RC_ASSERT(folded.waiting_facts == 0u);
    ReferralState state = ReferralState::kNone;
    for (const FoldStep& step : folded.steps) {
      RC_ASSERT(step.before == state);
      RC_ASSERT(step.loss != Loss::kOutOfRules);
      if (step.lost()) RC_ASSERT(step.after == step.before);
      if (step.lost()) RC_ASSERT(step.lost_to.has_value());
      state = step.after;
    }
    RC_ASSERT(folded.state == state);
    RC_ASSERT(NeedsReason(state) == !folded.reason.empty());
    RC_ASSERT(folded.clock_stopped() ==
              (StopsReceiverClock(state) || state == ReferralState::kForwarded));
    RC_ASSERT(folded.open_question.has_value() == (state == ReferralState::kInfoRequested));
    RC_ASSERT(folded.proposal_open == (state == ReferralState::kSolutionProposed));
    // A late fact never lowers an outcome that was shown here.
    RC_ASSERT(OutcomeStrength(state) >= strongest);
    strongest = OutcomeStrength(state);
  }
};

// An answer of one member who has not accepted the open proposal yet.
FactDetails SomeAnswer(const FoldedReferral& folded, uint32_t members, uint32_t choice) {
  std::vector<MemberId> left;
  for (uint32_t i = 1; i <= members; ++i) {
    auto found = folded.members.find(Member(i));
    const bool done = found != folded.members.end() && found->second.agreed;
    if (!done) left.push_back(Member(i));
  }
  if (left.empty()) left.push_back(Member(1));
  const bool accepts = choice % 4 != 0;
  return Answers(folded.proposals, {{left[choice % left.size()], accepts}},
                 static_cast<uint32_t>(left.size()) - (accepts ? 1 : 0));
}

// Writes the `choice`-th fact that the rules allow this node now; nullopt when none is.
std::optional<Fact> Act(Node& node, uint32_t choice, absl::Time now) {
  const FoldedReferral folded = node.log.Folded();
  std::vector<Fact> possible;
  auto consider = [&](FactKind kind) {
    Fact fact = Of(kind, now);
    if (kind == FactKind::kProposalAnswered)
      fact.details = SomeAnswer(folded, node.members, choice / 7);
    if (kind == FactKind::kInformationProvided) {
      fact.details = InformationAnswerDetails{.question_number = folded.questions};
    }
    absl::StatusOr<Fact> next = NextFact(folded, std::move(fact), /*open_balance=*/true);
    if (next.ok()) possible.push_back(*std::move(next));
  };
  if (node.side == Side::kHome) {
    for (FactKind kind : kHomeFactKinds) consider(kind);
  } else {
    for (FactKind kind : kDestinationFactKinds) consider(kind);
  }
  if (possible.empty()) return std::nullopt;
  Fact fact = possible[choice % possible.size()];
  // What ends a referral, or leads away from it, is seldom enough that other things happen too.
  const bool ends = fact.kind == FactKind::kRecallRequested || fact.kind == FactKind::kDeclined ||
                    fact.kind == FactKind::kResolved || fact.kind == FactKind::kUnresolved ||
                    fact.kind == FactKind::kForwardRequested;
  if (ends && choice / 16 % 6 != 0) return std::nullopt;
  RC_ASSERT(CheckFact(fact).ok());
  RC_ASSERT(node.log.Take(fact) == Taken::kNew);
  node.Check();
  return fact;
}

// Hands the next fact of `from` to `to`, as a link that keeps the order of a referral does.
bool Hand(const Node& from, Node& to) {
  const size_t there =
      from.side == Side::kHome ? to.log.home().size() : to.log.destination().size();
  if (there == from.Own().size()) return false;
  RC_ASSERT(to.log.Take(from.Own()[there]) == Taken::kNew);
  to.Check();
  return true;
}

// Plays `choices`: who acts, what, and which facts travel.
std::pair<Node, Node> Play(const std::vector<uint32_t>& choices) {
  const uint32_t members = choices.empty() ? 1 : 1 + choices.front() % 3;
  Node home = {.side = Side::kHome, .members = members};
  Node destination = {.side = Side::kDestination};
  RC_ASSERT(Act(home, 0, At(0)).has_value());
  RC_ASSERT(Hand(home, destination));
  int hour = 0;
  for (uint32_t choice : choices) {
    ++hour;
    const uint32_t what = choice / 16;
    switch (choice % 16) {
      case 0:
      case 1:
        Hand(home, destination);
        break;
      case 2:
      case 3:
      case 4:
        Hand(destination, home);
        break;
      case 5:
      case 6:
      case 7:
      case 8:
      case 9:
        Act(home, what, At(hour));
        break;
      default:
        Act(destination, what, At(hour));
    }
  }
  return {std::move(home), std::move(destination)};
}

TEST(FoldPropertyTest, TwoNodesThatActAtOnceAgreeOnceTheyAreQuiet) {
  int ended = 0;
  int crossed = 0;
  const bool passed = rc::check("both nodes fold to the same", [&] {
    auto choices = *rc::gen::resize(
        400, rc::gen::container<std::vector<uint32_t>>(rc::gen::inRange(0u, 1'000'000u)));
    auto [home, destination] = Play(choices);
    while (Hand(home, destination) || Hand(destination, home)) {
    }
    const FoldedReferral folded = home.log.Folded();
    RC_ASSERT(folded == destination.log.Folded());
    if (IsEnded(folded.state)) ++ended;
    for (const FoldStep& step : folded.steps) crossed += step.lost() ? 1 : 0;
  });
  EXPECT_TRUE(passed);
  // The generator is worth something only if it reaches ends and crossings.
  EXPECT_GT(ended, 20);
  EXPECT_GT(crossed, 20);
}

TEST(FoldPropertyTest, AnyOrderOfArrivalWithRepetitionsFoldsToTheSame) {
  EXPECT_TRUE(rc::check("arrival order does not matter", [] {
    auto choices = *rc::gen::resize(
        200, rc::gen::container<std::vector<uint32_t>>(rc::gen::inRange(0u, 1'000'000u)));
    auto [home, destination] = Play(choices);
    std::vector<Fact> all(home.log.home().begin(), home.log.home().end());
    all.insert(all.end(), destination.log.destination().begin(),
               destination.log.destination().end());
    const FoldedReferral expected = Fold(home.log.home(), destination.log.destination());

    std::vector<std::pair<uint32_t, size_t>> order;
    for (size_t i = 0; i < all.size(); ++i) {
      order.emplace_back(*rc::gen::inRange(0u, 1'000'000u), i);
      order.emplace_back(*rc::gen::inRange(0u, 1'000'000u), i);  // Each fact arrives twice.
    }
    std::sort(order.begin(), order.end());
    FactLog log;
    std::vector<bool> seen(all.size());
    for (const auto& [at, index] : order) {
      const Taken taken = log.Take(all[index]);
      RC_ASSERT((taken == Taken::kDuplicate) == seen[index]);
      seen[index] = true;
      const FoldedReferral so_far = log.Folded();
      for (const FoldStep& step : so_far.steps) {
        if (step.before == step.after) continue;
        const Fact& fact = step.fact.side == Side::kHome ? log.home()[step.fact.number - 1]
                                                         : log.destination()[step.fact.number - 1];
        RC_ASSERT(FindTransition(step.before, VerbOf(fact)).has_value());
      }
    }
    RC_ASSERT(log.early() == 0u);
    RC_ASSERT(log.Folded() == expected);
  }));
}

TEST(FoldPropertyTest, FactsOfAPeerThatKeepsToNoRuleStillReachOnlyStatesOfTheTable) {
  EXPECT_TRUE(rc::check("any lists fold", [] {
    auto fill = [](const auto& kinds, uint32_t most) {
      std::vector<Fact> facts;
      const uint32_t count = *rc::gen::inRange(0u, most);
      for (uint32_t i = 0; i < count; ++i) {
        Fact fact = Of(kinds[*rc::gen::inRange<size_t>(0, kinds.size())]);
        fact.number = i + 1;
        fact.seen = *rc::gen::inRange(0u, 6u);
        facts.push_back(std::move(fact));
      }
      return facts;
    };
    const std::vector<Fact> home = fill(kHomeFactKinds, 12);
    const std::vector<Fact> destination = fill(kDestinationFactKinds, 12);
    const FoldedReferral folded = Fold(home, destination);
    RC_ASSERT(folded.steps.size() + folded.waiting_facts == home.size() + destination.size());
    for (const FoldStep& step : folded.steps) {
      const Fact& fact = step.fact.side == Side::kHome ? home[step.fact.number - 1]
                                                       : destination[step.fact.number - 1];
      const std::optional<Transition> cell = FindTransition(step.before, VerbOf(fact));
      if (step.before != step.after) RC_ASSERT(cell.has_value());
      RC_ASSERT(step.lost() || cell.has_value());
    }
  }));
}

}  // namespace
}  // namespace redress::referral
