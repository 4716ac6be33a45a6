#include "services/intake/domain/suggestion_rules.h"

#include <algorithm>
#include <string>

namespace redress::intake {

void AddCategoryReasons(const Complaint& complaint, std::initializer_list<std::string_view> codes,
                        std::vector<SuggestionReason>& reasons) {
  for (std::string_view code : codes) {
    if (complaint.primary_category.code == code) {
      reasons.push_back({"complaint.primary_category", std::string(code)});
    }
    for (const Category& category : complaint.secondary_categories) {
      if (category.code != code) continue;
      reasons.push_back({"complaint.secondary_categories", std::string(code)});
    }
  }
}

void AddCircumstanceReasons(const Complaint& complaint,
                            std::initializer_list<std::string_view> codes,
                            std::vector<SuggestionReason>& reasons) {
  const auto& found = complaint.circumstances;
  for (std::string_view code : codes) {
    if (std::find(found.begin(), found.end(), code) == found.end()) continue;
    reasons.push_back({"complaint.circumstances", std::string(code)});
  }
}

void AddMemberReason(std::string_view field, std::string_view code, uint32_t member_count,
                     std::vector<SuggestionReason>& reasons) {
  if (member_count == 0) return;
  reasons.push_back({std::string(field), std::string(code), member_count});
}

}  // namespace redress::intake
