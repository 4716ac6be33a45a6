#ifndef REDRESS_SERVICES_INTAKE_DOMAIN_FORCED_LABOUR_H_
#define REDRESS_SERVICES_INTAKE_DOMAIN_FORCED_LABOUR_H_

#include <string>
#include <vector>

#include "services/intake/domain/suggestion.h"
#include "services/intake/domain/warning.h"

namespace redress::intake {

// One of the ILO's eleven indicators of forced labour and the facts that point to it.
struct IndicatorSuggestion {
  std::string indicator;
  std::vector<SuggestionReason> reasons;  // At least one.

  friend bool operator==(const IndicatorSuggestion&, const IndicatorSuggestion&) = default;
};

// The indicators that the facts point to, in the ILO's order. They flag a case for a person to look
// at; they never decide. Irregular status alone is no indicator: it counts as vulnerability only
// beside another indicator.
std::vector<IndicatorSuggestion> SuggestIndicators(const Complaint& complaint,
                                                   const MemberFacts& members);

// INDICATORS_NOT_CONFIRMED when a person leaves out some that the facts suggest.
std::vector<Warning> IndicatorWarnings(const std::vector<IndicatorSuggestion>& suggested,
                                       const std::vector<std::string>& confirmed);

}  // namespace redress::intake

#endif  // REDRESS_SERVICES_INTAKE_DOMAIN_FORCED_LABOUR_H_
