#ifndef REDRESS_SERVICES_REFERRAL_DOMAIN_CASE_CODES_H_
#define REDRESS_SERVICES_REFERRAL_DOMAIN_CASE_CODES_H_

#include <string_view>

#include "services/platform/codes/code_list.h"

namespace redress::referral {

// Codes of complaints that the directory speaks about, and the kinds of bodies. Intake has the same
// lists of sectors and categories; services share protos and not code, and both follow the list in
// protos/redress/intake/v1/complaint.proto.

inline constexpr std::string_view kBodyKindCodes[] = {"TRADE_UNION",   "RESOURCE_CENTRE",
                                                      "NGO",           "LABOUR_MINISTRY",
                                                      "LABOUR_OFFICE", "PROVINCIAL_DEPARTMENT",
                                                      "EMBASSY",       "ANTI_TRAFFICKING",
                                                      "REGIONAL",      "COURT",
                                                      "OTHER"};
inline constexpr CodeList kBodyKinds(kBodyKindCodes);

inline constexpr std::string_view kSectorCodes[] = {
    "AGRICULTURE", "PLANTATION",   "FISHING",       "SEAFOOD_PROCESSING",
    "AQUAFARMING", "CONSTRUCTION", "MANUFACTURING", "DOMESTIC_WORK",
    "CARE",        "HOSPITALITY",  "TOURISM",       "TRANSPORT",
    "MINING",      "OTHER",        "UNSPECIFIED"};
inline constexpr CodeList kSectors(kSectorCodes);

inline constexpr std::string_view kCategoryCodes[] = {"WAGE_NONPAYMENT",
                                                      "WAGE_UNDERPAYMENT",
                                                      "WAGE_BELOW_MINIMUM",
                                                      "UNLAWFUL_DEDUCTION",
                                                      "OVERTIME_OR_BENEFIT_UNPAID",
                                                      "UNLAWFUL_TERMINATION",
                                                      "NO_CONTRACT",
                                                      "CONTRACT_SUBSTITUTION",
                                                      "CONTRACT_BREACH",
                                                      "EXCESSIVE_HOURS_NO_REST",
                                                      "CONFINEMENT",
                                                      "PHYSICAL_VIOLENCE",
                                                      "SEXUAL_ABUSE",
                                                      "AUTHORITY_HARASSMENT",
                                                      "DOCUMENT_RETENTION",
                                                      "DEPLOYMENT_DELAY",
                                                      "RECRUITMENT_FRAUD",
                                                      "OVERCHARGED_FEES",
                                                      "UNLICENSED_RECRUITMENT",
                                                      "MISSING_PERSON",
                                                      "FORCED_CONTRACT_EXTENSION",
                                                      "REPATRIATION_WANTED",
                                                      "DETAINED_OR_DEPORTED",
                                                      "INJURY_OR_ILLNESS",
                                                      "DEATH_REMAINS",
                                                      "PERMIT_OR_DOCUMENT_PROBLEM",
                                                      "SOCIAL_SECURITY",
                                                      "FREEDOM_OF_ASSOCIATION",
                                                      "HOUSING_CONDITIONS",
                                                      "RETALIATION",
                                                      "COMPENSATION_DISPUTE",
                                                      "CHILD_LABOUR",
                                                      "FORCED_LABOUR",
                                                      "TRAFFICKING",
                                                      "OTHER"};
inline constexpr CodeList kCategories(kCategoryCodes);

}  // namespace redress::referral

#endif  // REDRESS_SERVICES_REFERRAL_DOMAIN_CASE_CODES_H_
