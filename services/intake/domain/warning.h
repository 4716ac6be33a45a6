#ifndef REDRESS_SERVICES_INTAKE_DOMAIN_WARNING_H_
#define REDRESS_SERVICES_INTAKE_DOMAIN_WARNING_H_

#include <string>

namespace redress::intake {

// Something a person should know about what was just done; never a reason for refusal.
struct Warning {
  std::string code;         // "AWARD_EXCEEDS_CLAIM"
  std::string field;        // Path; empty when it concerns none.
  std::string description;  // One sentence without personal data.

  friend bool operator==(const Warning&, const Warning&) = default;
};

}  // namespace redress::intake

#endif  // REDRESS_SERVICES_INTAKE_DOMAIN_WARNING_H_
