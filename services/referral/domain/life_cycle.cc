#include "services/referral/domain/life_cycle.h"

#include <string>

#include "fmt/format.h"
#include "services/platform/status/refusal.h"

namespace redress::referral {
namespace {

using S = ReferralState;
using V = Verb;

Transition To(ReferralState state) { return {.next = state}; }
Transition Back() { return {.to_state_before = true}; }
Transition BeforeArrival(ReferralState state) {
  return {.next = state, .only_before_arrival = true};
}
Transition WhileOwed(ReferralState state) { return {.next = state, .needs_open_balance = true}; }

// Delivered, and the receiver has neither taken nor refused it.
bool AwaitsDecision(S state) {
  return state == S::kDelivered || state == S::kAcknowledged || state == S::kNoResponse;
}

// The receiver has taken it and not ended it.
bool InHand(S state) {
  return state == S::kAccepted || state == S::kInfoRequested || state == S::kInProgress ||
         state == S::kOnHold || state == S::kSolutionProposed;
}

bool Concluded(S state) { return state == S::kResolved || state == S::kUnresolved; }

std::optional<Transition> HomeCell(S state, V verb) {
  switch (verb) {
    case V::kRefer:
      if (state == S::kNone) return To(S::kSent);
      return std::nullopt;
    case V::kRequeue:
      if (state == S::kUndelivered) return To(S::kSent);
      return std::nullopt;
    case V::kProvideInformation:
    case V::kExpireInformation:
      if (state == S::kInfoRequested) return Back();
      return std::nullopt;
    case V::kAnswerProposal:
      if (state == S::kSolutionProposed) return To(S::kSolutionProposed);
      return std::nullopt;
    case V::kAnswerProposalAllAccepted:
      if (state == S::kSolutionProposed) return To(S::kResolved);
      return std::nullopt;
    case V::kAnswerProposalRefused:
      if (state == S::kSolutionProposed) return To(S::kInProgress);
      return std::nullopt;
    case V::kRecall:
      if (IsOpen(state) && state != S::kRecallRequested) return To(S::kRecallRequested);
      return std::nullopt;
    case V::kRefuseForward:
      if (state == S::kForwarded) return Back();
      return std::nullopt;
    case V::kSendForward:
      if (state == S::kForwarded) return To(S::kForwarded);
      return std::nullopt;
    case V::kTransfer:
      if (state == S::kForwarded) return To(S::kTransferred);
      return std::nullopt;
    case V::kUpdateDisclosure:
      if (IsOpen(state) && state != S::kRecallRequested) return To(state);
      return std::nullopt;
    case V::kReRefer:
      if (AllowsReReferral(state)) return To(state);
      return std::nullopt;
    case V::kGiveUp:
      if (state == S::kSent) return To(S::kUndelivered);
      // Recalled on its way and never there: nobody abroad has anything to give back.
      if (state == S::kRecallRequested) return BeforeArrival(S::kRecalled);
      return std::nullopt;
    case V::kExpireResponse:
      if (state == S::kDelivered || state == S::kAcknowledged) return To(S::kNoResponse);
      return std::nullopt;
    default:
      return std::nullopt;
  }
}

std::optional<Transition> ReceiverWorkCell(S state, V verb) {
  switch (verb) {
    case V::kStart:
      if (state == S::kAccepted) return To(S::kInProgress);
      return std::nullopt;
    case V::kRecordStep:
      if (state == S::kAccepted || state == S::kInProgress) return To(S::kInProgress);
      if (Concluded(state)) return WhileOwed(state);
      return std::nullopt;
    case V::kHold:
      if (state == S::kInProgress) return To(S::kOnHold);
      return std::nullopt;
    case V::kResume:
      if (state == S::kOnHold) return To(S::kInProgress);
      return std::nullopt;
    case V::kPropose:
      if (state == S::kAccepted || state == S::kInProgress) return To(S::kSolutionProposed);
      return std::nullopt;
    case V::kWithdrawProposal:
      if (state == S::kSolutionProposed) return To(S::kInProgress);
      return std::nullopt;
    case V::kConcludeResolved:
      // Not while a question waits: what would be resolved is not known yet.
      if (InHand(state) && state != S::kInfoRequested) return To(S::kResolved);
      return std::nullopt;
    case V::kConcludeUnresolved:
      if (InHand(state)) return To(S::kUnresolved);
      return std::nullopt;
    case V::kRecordMoney:
      if (InHand(state)) return To(state);
      if (Concluded(state)) return WhileOwed(state);
      return std::nullopt;
    case V::kUploadEvidence:
      if (AwaitsDecision(state) || InHand(state) || Concluded(state) || state == S::kForwarded) {
        return To(state);
      }
      return std::nullopt;
    default:
      return std::nullopt;
  }
}

std::optional<Transition> DestinationCell(S state, V verb) {
  switch (verb) {
    case V::kDeliver:
      if (state == S::kSent || state == S::kUndelivered) return To(S::kDelivered);
      // The recall overtook the last page: arrival is recorded, nobody is shown anything.
      if (state == S::kRecallRequested) return To(S::kRecallRequested);
      return std::nullopt;
    case V::kConfirmRecall:
      if (state == S::kRecallRequested) return To(S::kRecalled);
      return std::nullopt;
    case V::kAcknowledge:
      if (state == S::kDelivered || state == S::kNoResponse) return To(S::kAcknowledged);
      return std::nullopt;
    case V::kAccept:
      if (AwaitsDecision(state)) return To(S::kAccepted);
      return std::nullopt;
    case V::kDecline:
      if (AwaitsDecision(state) || (InHand(state) && state != S::kSolutionProposed)) {
        return To(S::kDeclined);
      }
      return std::nullopt;
    case V::kRequestInformation:
      if (AwaitsDecision(state) || state == S::kAccepted || state == S::kInProgress) {
        return To(S::kInfoRequested);
      }
      return std::nullopt;
    case V::kForward:
      if (AwaitsDecision(state) || state == S::kAccepted || state == S::kInProgress) {
        return To(S::kForwarded);
      }
      return std::nullopt;
    default:
      return ReceiverWorkCell(state, verb);
  }
}

std::string JoinNames(const std::vector<Verb>& verbs) {
  std::string names;
  std::string_view last;
  for (Verb verb : verbs) {
    const std::string_view name = VerbName(verb);
    if (name == last) continue;  // Ways of one verb stand side by side.
    if (!names.empty()) names += ',';
    names += name;
    last = name;
  }
  return names;
}

absl::Status RefuseTransition(const Position& position, Verb verb) {
  const std::string state(ReferralStateName(position.state));
  const std::string name(VerbName(verb));
  return RefusePrecondition(
      "TRANSITION_NOT_ALLOWED", fmt::format("{} is not possible in state {}", name, state),
      {{"state", state},
       {"verb", name},
       {"allowed",
        JoinNames(AllowedVerbs(position.state, position.local_side, position.open_balance))}});
}

}  // namespace

Mover MoverOf(Verb verb) {
  switch (verb) {
    case V::kRefer:
    case V::kRequeue:
    case V::kProvideInformation:
    case V::kAnswerProposal:
    case V::kAnswerProposalAllAccepted:
    case V::kAnswerProposalRefused:
    case V::kRecall:
    case V::kRefuseForward:
    case V::kSendForward:
    case V::kUpdateDisclosure:
    case V::kReRefer:
      return Mover::kHome;
    case V::kGiveUp:
    case V::kExpireResponse:
    case V::kExpireInformation:
    case V::kTransfer:
      return Mover::kHomeClock;
    case V::kDeliver:
    case V::kConfirmRecall:
      return Mover::kDestinationNode;
    case V::kRecordMoney:
      return Mover::kEither;
    default:
      return Mover::kDestination;
  }
}

bool SideMay(Side side, Verb verb) {
  switch (MoverOf(verb)) {
    case Mover::kHome:
    case Mover::kHomeClock:
      return side == Side::kHome;
    case Mover::kDestination:
    case Mover::kDestinationNode:
      return side == Side::kDestination;
    case Mover::kEither:
      return true;
  }
  return false;
}

std::optional<Transition> FindTransition(ReferralState state, Verb verb) {
  if (state == S::kNone && verb != V::kRefer) return std::nullopt;
  return SideMay(Side::kHome, verb) && verb != V::kRecordMoney ? HomeCell(state, verb)
                                                               : DestinationCell(state, verb);
}

std::vector<Verb> AllowedVerbs(ReferralState state, Side side, bool open_balance) {
  std::vector<Verb> allowed;
  for (Verb verb : kAllVerbs) {
    if (!SideMay(side, verb)) continue;
    const std::optional<Transition> transition = FindTransition(state, verb);
    if (!transition || (transition->needs_open_balance && !open_balance)) continue;
    allowed.push_back(verb);
  }
  return allowed;
}

absl::StatusOr<ReferralState> Move(const Position& position, Verb verb) {
  if (!SideMay(position.local_side, verb)) {
    const std::string side(SideName(OtherSide(position.local_side)));
    return RefusePrecondition("WRONG_SIDE",
                              fmt::format("{} belongs to the {} side", VerbName(verb), side),
                              {{"side", side}});
  }
  const std::optional<Transition> transition = FindTransition(position.state, verb);
  if (!transition) {
    if (verb == V::kConcludeResolved && position.state == S::kInfoRequested) {
      return RefusePrecondition("ONLY_UNRESOLVED_ALLOWED",
                                "a question waits for its answer; only UNRESOLVED can be concluded",
                                {{"state", std::string(ReferralStateName(position.state))}});
    }
    return RefuseTransition(position, verb);
  }
  if (transition->needs_open_balance && !position.open_balance) {
    return RefusePrecondition("NO_OPEN_BALANCE", "concluded, and nothing is owed any more",
                              {{"state", std::string(ReferralStateName(position.state))}});
  }
  if (transition->only_before_arrival && position.arrived) return RefuseTransition(position, verb);
  if (transition->to_state_before) return position.state_before;
  return transition->next;
}

}  // namespace redress::referral
