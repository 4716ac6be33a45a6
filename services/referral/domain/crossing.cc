#include "services/referral/domain/crossing.h"

namespace redress::referral {

Crossing CrossingOf(FactKind home, FactKind destination) {
  if (destination == FactKind::kRecalled && home != FactKind::kUndelivered) {
    return Crossing::kNeverCross;
  }
  switch (home) {
    case FactKind::kSent:
    case FactKind::kForwardRefused:
    case FactKind::kForwardSent:
    case FactKind::kTransferred:
      return Crossing::kNeverCross;
    case FactKind::kProposalAnswered:
      if (destination == FactKind::kProposalWithdrawn || destination == FactKind::kUnresolved) {
        return Crossing::kHomeFirst;
      }
      return Crossing::kDestinationFirst;
    default:
      return Crossing::kDestinationFirst;
  }
}

std::string_view CrossingName(Crossing crossing) {
  switch (crossing) {
    case Crossing::kDestinationFirst:
      return "DESTINATION_FIRST";
    case Crossing::kHomeFirst:
      return "HOME_FIRST";
    case Crossing::kNeverCross:
      return "NEVER_CROSS";
  }
  return "UNKNOWN";
}

}  // namespace redress::referral
