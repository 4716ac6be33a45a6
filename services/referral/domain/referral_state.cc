#include "services/referral/domain/referral_state.h"

namespace redress::referral {

std::string_view SideName(Side side) { return side == Side::kHome ? "HOME" : "DESTINATION"; }

std::string_view ReferralStateName(ReferralState state) {
  switch (state) {
    case ReferralState::kNone:
      return "NONE";
    case ReferralState::kSent:
      return "SENT";
    case ReferralState::kDelivered:
      return "DELIVERED";
    case ReferralState::kUndelivered:
      return "UNDELIVERED";
    case ReferralState::kAcknowledged:
      return "ACKNOWLEDGED";
    case ReferralState::kNoResponse:
      return "NO_RESPONSE";
    case ReferralState::kAccepted:
      return "ACCEPTED";
    case ReferralState::kDeclined:
      return "DECLINED";
    case ReferralState::kInfoRequested:
      return "INFO_REQUESTED";
    case ReferralState::kForwarded:
      return "FORWARDED";
    case ReferralState::kTransferred:
      return "TRANSFERRED";
    case ReferralState::kInProgress:
      return "IN_PROGRESS";
    case ReferralState::kOnHold:
      return "ON_HOLD";
    case ReferralState::kSolutionProposed:
      return "SOLUTION_PROPOSED";
    case ReferralState::kResolved:
      return "RESOLVED";
    case ReferralState::kUnresolved:
      return "UNRESOLVED";
    case ReferralState::kRecallRequested:
      return "RECALL_REQUESTED";
    case ReferralState::kRecalled:
      return "RECALLED";
  }
  return "NONE";
}

std::optional<ReferralState> ParseReferralState(std::string_view name) {
  for (ReferralState state : kAllReferralStates) {
    if (ReferralStateName(state) == name) return state;
  }
  return std::nullopt;
}

bool IsOpen(ReferralState state) {
  switch (state) {
    case ReferralState::kSent:
    case ReferralState::kDelivered:
    case ReferralState::kAcknowledged:
    case ReferralState::kNoResponse:
    case ReferralState::kAccepted:
    case ReferralState::kInfoRequested:
    case ReferralState::kForwarded:
    case ReferralState::kInProgress:
    case ReferralState::kOnHold:
    case ReferralState::kSolutionProposed:
    case ReferralState::kRecallRequested:
      return true;
    case ReferralState::kNone:
    case ReferralState::kUndelivered:
    case ReferralState::kDeclined:
    case ReferralState::kTransferred:
    case ReferralState::kResolved:
    case ReferralState::kUnresolved:
    case ReferralState::kRecalled:
      return false;
  }
  return false;
}

bool IsEnded(ReferralState state) { return OutcomeStrength(state) > 0; }

bool NeedsReason(ReferralState state) {
  switch (state) {
    case ReferralState::kUndelivered:
    case ReferralState::kNoResponse:
    case ReferralState::kDeclined:
    case ReferralState::kForwarded:
    case ReferralState::kTransferred:
    case ReferralState::kOnHold:
    case ReferralState::kUnresolved:
    case ReferralState::kRecallRequested:
    case ReferralState::kRecalled:
      return true;
    default:
      return false;
  }
}

bool StopsReceiverClock(ReferralState state) {
  return state == ReferralState::kInfoRequested || state == ReferralState::kOnHold;
}

bool AllowsReReferral(ReferralState state) {
  return state == ReferralState::kDeclined || state == ReferralState::kNoResponse ||
         state == ReferralState::kUndelivered || state == ReferralState::kUnresolved;
}

int OutcomeStrength(ReferralState state) {
  switch (state) {
    case ReferralState::kResolved:
      return 5;
    case ReferralState::kUnresolved:
      return 4;
    case ReferralState::kDeclined:
      return 3;
    case ReferralState::kTransferred:
      return 2;
    case ReferralState::kRecalled:
      return 1;
    default:
      return 0;
  }
}

}  // namespace redress::referral
