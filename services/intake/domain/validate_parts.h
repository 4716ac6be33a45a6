#ifndef REDRESS_SERVICES_INTAKE_DOMAIN_VALIDATE_PARTS_H_
#define REDRESS_SERVICES_INTAKE_DOMAIN_VALIDATE_PARTS_H_

#include <vector>

#include "services/intake/domain/complaint.h"
#include "services/intake/domain/field_checker.h"

namespace redress::intake {

// The parts that validate_complaint.h is made of, one per message of the protos, for use inside
// this folder. Each notes all faults below `path`.

void CheckRespondent(FieldChecker& check, const FieldPath& path, const Respondent& respondent);
void CheckContractClause(FieldChecker& check, const FieldPath& path, const ContractClause& clause);
// Returns the claimed amount when it is right.
std::optional<MoneyAmount> CheckClaimLine(FieldChecker& check, const FieldPath& path,
                                          const ClaimLine& line);
void CheckFeeLine(FieldChecker& check, const FieldPath& path, const FeeLine& line);

void CheckComplainant(FieldChecker& check, const FieldPath& path, const Complainant& complainant);
void CheckRepresentative(FieldChecker& check, const FieldPath& path,
                         const Representative& representative);
void CheckConsent(FieldChecker& check, const FieldPath& path, const Consent& consent);

void CheckCategory(FieldChecker& check, const FieldPath& path, const Category& category);
// A primary category and others: none twice, none equal to the primary.
void CheckCategories(FieldChecker& check, const FieldPath& primary_path, const Category& primary,
                     const FieldPath& secondary_path, const std::vector<Category>& secondary);

}  // namespace redress::intake

#endif  // REDRESS_SERVICES_INTAKE_DOMAIN_VALIDATE_PARTS_H_
