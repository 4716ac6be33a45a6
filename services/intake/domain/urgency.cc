#include "services/intake/domain/urgency.h"

#include <utility>

#include "services/intake/domain/suggestion_rules.h"

namespace redress::intake {
namespace {

constexpr std::string_view kEmergency = "EMERGENCY";
constexpr std::string_view kUrgent = "URGENT";
constexpr std::string_view kNormal = "NORMAL";

std::vector<SuggestionReason> EmergencyReasons(const Complaint& complaint,
                                               const MemberFacts& members) {
  std::vector<SuggestionReason> reasons;
  AddCategoryReasons(complaint,
                     {"PHYSICAL_VIOLENCE", "SEXUAL_ABUSE", "CONFINEMENT", "MISSING_PERSON",
                      "CHILD_LABOUR", "INJURY_OR_ILLNESS", "TRAFFICKING"},
                     reasons);
  AddCircumstanceReasons(complaint,
                         {"LIFE_AT_RISK", "NEEDS_MEDICAL_CARE", "IMMINENT_DEPORTATION",
                          "CHILD_INVOLVED", "CANNOT_LEAVE"},
                         reasons);
  AddMemberReason("members.complainant.birth_date", "BORN_LESS_THAN_18_YEARS_AGO", members.minors,
                  reasons);
  return reasons;
}

std::vector<SuggestionReason> UrgentReasons(const Complaint& complaint,
                                            const MemberFacts& members) {
  std::vector<SuggestionReason> reasons;
  AddCategoryReasons(complaint, {"DOCUMENT_RETENTION", "DETAINED_OR_DEPORTED", "RETALIATION"},
                     reasons);
  AddCircumstanceReasons(complaint, {"NO_FOOD_OR_SHELTER", "DETAINED", "THREAT_OF_RETALIATION"},
                         reasons);
  AddMemberReason("members.complainant.identity_documents.held_by", "EMPLOYER",
                  members.papers_with_employer, reasons);
  AddMemberReason("members.complainant.identity_documents.held_by", "AGENCY",
                  members.papers_with_agency, reasons);
  AddMemberReason("members.complainant.where_now", "DETAINED", members.detained, reasons);
  AddMemberReason("members.complainant.migration_status_expires_on", "PERMIT_EXPIRES_WITHIN_7_DAYS",
                  members.permit_expires_soon, reasons);
  return reasons;
}

// Higher is more urgent.
int Rank(std::string_view urgency) {
  if (urgency == kEmergency) return 2;
  return urgency == kUrgent ? 1 : 0;
}

}  // namespace

UrgencySuggestion SuggestUrgency(const Complaint& complaint, const MemberFacts& members) {
  std::vector<SuggestionReason> reasons = EmergencyReasons(complaint, members);
  if (!reasons.empty()) return {std::string(kEmergency), std::move(reasons)};
  reasons = UrgentReasons(complaint, members);
  if (!reasons.empty()) return {std::string(kUrgent), std::move(reasons)};
  return {std::string(kNormal), {}};
}

std::vector<Warning> UrgencyWarnings(const UrgencySuggestion& suggestion,
                                     std::string_view confirmed) {
  if (Rank(confirmed) >= Rank(suggestion.urgency)) return {};
  return {{"URGENCY_BELOW_SUGGESTION", "urgency",
           "the facts suggest " + suggestion.urgency + ", " + std::string(confirmed) +
               " was confirmed"}};
}

}  // namespace redress::intake
