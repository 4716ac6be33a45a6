#include "services/status/domain/codes.h"

namespace redress::status {

std::string_view CaseStateName(CaseState state) {
  switch (state) {
    case CaseState::kFiled:
      return "FILED";
    case CaseState::kOpen:
      return "OPEN";
    case CaseState::kInadmissible:
      return "INADMISSIBLE";
    case CaseState::kWithdrawn:
      return "WITHDRAWN";
    case CaseState::kClosedResolved:
      return "CLOSED_RESOLVED";
    case CaseState::kClosedUnresolved:
      return "CLOSED_UNRESOLVED";
    case CaseState::kUnknown:
      break;
  }
  return "UNKNOWN";
}

std::string_view ReferralStateName(ReferralState state) {
  static constexpr std::string_view kNames[] = {"NONE",
                                                "SENT",
                                                "DELIVERED",
                                                "UNDELIVERED",
                                                "ACKNOWLEDGED",
                                                "NO_RESPONSE",
                                                "ACCEPTED",
                                                "DECLINED",
                                                "INFO_REQUESTED",
                                                "FORWARDED",
                                                "TRANSFERRED",
                                                "IN_PROGRESS",
                                                "ON_HOLD",
                                                "SOLUTION_PROPOSED",
                                                "RESOLVED",
                                                "UNRESOLVED",
                                                "RECALL_REQUESTED",
                                                "RECALLED"};
  const auto index = static_cast<size_t>(state);
  return index < std::size(kNames) ? kNames[index] : "UNKNOWN";
}

bool IsOpen(CaseState state) { return state == CaseState::kFiled || state == CaseState::kOpen; }

bool IsEnded(ReferralState state) {
  switch (state) {
    case ReferralState::kDeclined:
    case ReferralState::kTransferred:
    case ReferralState::kResolved:
    case ReferralState::kUnresolved:
    case ReferralState::kRecalled:
      return true;
    default:
      return false;
  }
}

bool ImpliesShown(ReferralState state) {
  switch (state) {
    case ReferralState::kNone:
    case ReferralState::kSent:
    case ReferralState::kUndelivered:
    case ReferralState::kRecallRequested:
    case ReferralState::kRecalled:
      return false;
    default:
      return true;
  }
}

}  // namespace redress::status
