#ifndef REDRESS_SERVICES_INTAKE_DOMAIN_COMPLAINT_H_
#define REDRESS_SERVICES_INTAKE_DOMAIN_COMPLAINT_H_

#include <cstdint>
#include <string>
#include <vector>

#include "services/intake/domain/claim.h"
#include "services/intake/domain/person.h"

namespace redress::intake {

// A complaint as it is filed: the same names and shape as redress/intake/v1/complaint.proto, whose
// comments say what each field holds, so that converting is only copying. Plain values; not trusted
// before ValidateFiling (validate_complaint.h) has passed. Codes are those of code_lists.h.

// Group complaints hold up to this many members over all calls.
inline constexpr uint32_t kMaxGroupMembers = 10'000;
inline constexpr size_t kMaxMembersPerCall = 200;

struct Category {
  std::string code;
  std::string source_category_code;
  std::string other_text;

  friend bool operator==(const Category&, const Category&) = default;
};

struct Corridor {
  std::string origin;
  std::vector<std::string> transit;
  std::string destination;

  friend bool operator==(const Corridor&, const Corridor&) = default;
};

// What is the same for everybody in the case.
struct Complaint {
  std::string kind;
  std::string scope;
  std::string channel;
  std::string migration_stage;
  Corridor corridor;
  Period incident;
  std::string sector;
  Category primary_category;
  std::vector<Category> secondary_categories;
  std::vector<std::string> remedies_sought;
  std::string narrative;
  std::string sensitive_narrative;
  std::string narrative_language;
  std::vector<Respondent> respondents;
  std::vector<ContractClause> contract_clauses;
  std::vector<std::string> circumstances;
  std::string heard_of_us;
  std::string own_reference;
  std::string earlier_case_number;
  std::string received_on;
  std::string assisting_organisation;
  std::string province;
  std::string district;
  uint32_t affected_people = 0;

  friend bool operator==(const Complaint&, const Complaint&) = default;
};

// All that one filing holds.
struct ComplaintFiling {
  Complaint complaint;
  std::vector<GroupMember> members;
  std::vector<Consent> consents;  // Given by every member in the same words.

  friend bool operator==(const ComplaintFiling&, const ComplaintFiling&) = default;
};

// Puts the consents that every member gave before each member's own, so that the member's own goes
// before for the same receiver and purpose, and empties the common list. What is stored has
// consents per member only.
void SpreadConsents(ComplaintFiling& filing);

}  // namespace redress::intake

#endif  // REDRESS_SERVICES_INTAKE_DOMAIN_COMPLAINT_H_
