#ifndef REDRESS_SERVICES_INTAKE_DOMAIN_SUGGESTION_RULES_H_
#define REDRESS_SERVICES_INTAKE_DOMAIN_SUGGESTION_RULES_H_

#include <cstdint>
#include <initializer_list>
#include <string_view>
#include <vector>

#include "services/intake/domain/suggestion.h"

namespace redress::intake {

// The three kinds of fact that urgency and indicators are told from, for use inside this folder.
// Each adds a reason per fact found.

// Categories, primary and secondary.
void AddCategoryReasons(const Complaint& complaint, std::initializer_list<std::string_view> codes,
                        std::vector<SuggestionReason>& reasons);
// complaint.circumstances.
void AddCircumstanceReasons(const Complaint& complaint,
                            std::initializer_list<std::string_view> codes,
                            std::vector<SuggestionReason>& reasons);
// A fact of members, when it holds for any.
void AddMemberReason(std::string_view field, std::string_view code, uint32_t member_count,
                     std::vector<SuggestionReason>& reasons);

}  // namespace redress::intake

#endif  // REDRESS_SERVICES_INTAKE_DOMAIN_SUGGESTION_RULES_H_
