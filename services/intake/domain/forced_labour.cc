#include "services/intake/domain/forced_labour.h"

#include <algorithm>
#include <string_view>
#include <utility>

#include "services/intake/domain/suggestion_rules.h"

namespace redress::intake {
namespace {

using Reasons = std::vector<SuggestionReason>;

constexpr std::string_view kVulnerability = "ABUSE_OF_VULNERABILITY";

// Collects what points to each indicator; an indicator without a reason is left out.
class Collector {
 public:
  explicit Collector(const Complaint& complaint) : complaint_(complaint) {}

  Reasons& Begin(std::string_view indicator) {
    suggestions_.push_back({std::string(indicator), {}});
    return suggestions_.back().reasons;
  }

  // Starts an indicator from categories and circumstances; facts of members are added to the
  // answer, which holds until the next Begin.
  Reasons& From(std::string_view indicator, std::initializer_list<std::string_view> categories,
                std::initializer_list<std::string_view> circumstances) {
    Reasons& reasons = Begin(indicator);
    AddCategoryReasons(complaint_, categories, reasons);
    AddCircumstanceReasons(complaint_, circumstances, reasons);
    return reasons;
  }

  std::vector<IndicatorSuggestion> Found() && {
    std::erase_if(suggestions_, [](const auto& one) { return one.reasons.empty(); });
    return std::move(suggestions_);
  }

 private:
  const Complaint& complaint_;
  std::vector<IndicatorSuggestion> suggestions_;
};

}  // namespace

std::vector<IndicatorSuggestion> SuggestIndicators(const Complaint& complaint,
                                                   const MemberFacts& members) {
  Collector collect(complaint);
  AddMemberReason("members.complainant.birth_date", "BORN_LESS_THAN_18_YEARS_AGO", members.minors,
                  collect.From(kVulnerability, {"CHILD_LABOUR"}, {"CHILD_INVOLVED"}));
  collect.From("DECEPTION", {"CONTRACT_SUBSTITUTION", "RECRUITMENT_FRAUD", "TRAFFICKING"},
               {"DECEIVED"});
  collect.From("RESTRICTION_OF_MOVEMENT", {"CONFINEMENT"}, {"CANNOT_LEAVE"});
  collect.From("ISOLATION", {}, {"ISOLATED"});
  collect.From("PHYSICAL_AND_SEXUAL_VIOLENCE", {"PHYSICAL_VIOLENCE", "SEXUAL_ABUSE"}, {});
  collect.From("INTIMIDATION_AND_THREATS", {"RETALIATION", "AUTHORITY_HARASSMENT"},
               {"THREATENED", "THREAT_OF_RETALIATION"});
  Reasons& papers = collect.From("RETENTION_OF_IDENTITY_DOCUMENTS", {"DOCUMENT_RETENTION"}, {});
  AddMemberReason("members.complainant.identity_documents.held_by", "EMPLOYER",
                  members.papers_with_employer, papers);
  AddMemberReason("members.complainant.identity_documents.held_by", "AGENCY",
                  members.papers_with_agency, papers);
  // Wages withheld, not merely low: an underpayment alone is a wage claim like any other.
  collect.From("WITHHOLDING_OF_WAGES", {"WAGE_NONPAYMENT"}, {});
  collect.From("DEBT_BONDAGE", {"OVERCHARGED_FEES"}, {"DEBT_TO_RECRUITER"});
  collect.From("ABUSIVE_WORKING_AND_LIVING_CONDITIONS", {"HOUSING_CONDITIONS"},
               {"ABUSIVE_CONDITIONS", "NO_FOOD_OR_SHELTER"});
  collect.From("EXCESSIVE_OVERTIME", {"EXCESSIVE_HOURS_NO_REST"}, {"EXCESSIVE_OVERTIME"});
  std::vector<IndicatorSuggestion> found = std::move(collect).Found();

  // Being without papers makes a person open to abuse; it is abuse only when something else is.
  if (found.empty() || members.irregular == 0) return found;
  if (found.front().indicator != kVulnerability) {
    found.insert(found.begin(), {std::string(kVulnerability), {}});
  }
  AddMemberReason("members.complainant.migration_status", "IRREGULAR_OR_EXPIRED", members.irregular,
                  found.front().reasons);
  return found;
}

std::vector<Warning> IndicatorWarnings(const std::vector<IndicatorSuggestion>& suggested,
                                       const std::vector<std::string>& confirmed) {
  std::string left_out;
  for (const IndicatorSuggestion& one : suggested) {
    if (std::find(confirmed.begin(), confirmed.end(), one.indicator) != confirmed.end()) continue;
    if (!left_out.empty()) left_out += ", ";
    left_out += one.indicator;
  }
  if (left_out.empty()) return {};
  return {{"INDICATORS_NOT_CONFIRMED", "forced_labour_indicators",
           "the facts also point to " + left_out}};
}

}  // namespace redress::intake
