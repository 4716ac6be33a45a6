#ifndef REDRESS_SERVICES_INTAKE_DOMAIN_URGENCY_H_
#define REDRESS_SERVICES_INTAKE_DOMAIN_URGENCY_H_

#include <string>
#include <string_view>
#include <vector>

#include "services/intake/domain/suggestion.h"
#include "services/intake/domain/warning.h"

namespace redress::intake {

struct UrgencySuggestion {
  std::string urgency;                    // EMERGENCY, URGENT, NORMAL.
  std::vector<SuggestionReason> reasons;  // What speaks for it; empty with NORMAL.

  friend bool operator==(const UrgencySuggestion&, const UrgencySuggestion&) = default;
};

// How urgent the facts make it look; a person confirms or decides otherwise. The inter-agency
// referral form's list: EMERGENCY for violence, sexual abuse, confinement, a missing person, a
// child, medical need, imminent deportation, trafficking, a life at risk; URGENT for documents
// retained, detention, no food or shelter, a permit expiring within 7 days, threat of retaliation.
// Errs on the side of haste: an injury years old is suggested as an emergency too, since only a
// person can tell.
UrgencySuggestion SuggestUrgency(const Complaint& complaint, const MemberFacts& members);

// URGENCY_BELOW_SUGGESTION when a person confirms less than the facts suggest.
std::vector<Warning> UrgencyWarnings(const UrgencySuggestion& suggestion,
                                     std::string_view confirmed);

}  // namespace redress::intake

#endif  // REDRESS_SERVICES_INTAKE_DOMAIN_URGENCY_H_
