#ifndef REDRESS_SERVICES_PLATFORM_CODES_CASE_CODES_H_
#define REDRESS_SERVICES_PLATFORM_CODES_CASE_CODES_H_

#include <string_view>

#include "services/platform/codes/code_list.h"

namespace redress {

// The lists of codes about a case that more than one service accepts, as
// protos/redress/intake/v1/complaint.proto describes them. What one service alone accepts stands in
// its own domain.
//
// Codes are stored and sent as they stand here. A code may be added; none is ever renamed, since
// cases and published tables hold it.

// Economic sector of the work.
inline constexpr std::string_view kSectorCodes[] = {
    "AGRICULTURE", "PLANTATION",   "FISHING",       "SEAFOOD_PROCESSING",
    "AQUAFARMING", "CONSTRUCTION", "MANUFACTURING", "DOMESTIC_WORK",
    "CARE",        "HOSPITALITY",  "TOURISM",       "TRANSPORT",
    "MINING",      "OTHER",        "UNSPECIFIED"};
inline constexpr CodeList kSectors(kSectorCodes);

// What it is about; OTHER keeps the source's own code.
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

// Sought when filing, obtained when closing.
inline constexpr std::string_view kRemedyCodes[] = {
    "WAGES_PAID",         "COMPENSATION", "FEES_REFUNDED",    "DOCUMENTS_RETURNED", "DEPLOYED",
    "PERSON_LOCATED",     "REPATRIATED",  "EMPLOYER_CHANGED", "MEDICAL_CARE",       "SHELTER",
    "CONTRACT_CORRECTED", "REINSTATED",   "INFORMATION_ONLY"};
inline constexpr CodeList kRemedies(kRemedyCodes);

// On the respondent; never mixed with what the worker got.
inline constexpr std::string_view kSanctionCodes[] = {
    "NONE", "WARNING", "FINE", "LICENCE_SUSPENDED", "LICENCE_REVOKED", "DEPOSIT_USED", "PRISON"};
inline constexpr CodeList kSanctions(kSanctionCodes);

// Of an evidence file.
inline constexpr std::string_view kEvidenceKindCodes[] = {
    "CONTRACT", "PAYSLIP", "BANK",          "RECEIPT", "PASSPORT_COPY", "MESSAGES",
    "PHOTO",    "MEDICAL", "POLICE_REPORT", "WITNESS", "OTHER"};
inline constexpr CodeList kEvidenceKinds(kEvidenceKindCodes);

// 24 hours, 72 hours, 7 days to accept.
inline constexpr std::string_view kUrgencyCodes[] = {"EMERGENCY", "URGENT", "NORMAL"};
inline constexpr CodeList kUrgencies(kUrgencyCodes);

// How a worker's will reached the person who records it.
inline constexpr std::string_view kInstructionHowCodes[] = {
    "IN_PERSON", "PHONE", "LETTER", "E_MAIL", "SMS", "MESSAGING", "THROUGH_REPRESENTATIVE"};
inline constexpr CodeList kInstructionHows(kInstructionHowCodes);

}  // namespace redress

#endif  // REDRESS_SERVICES_PLATFORM_CODES_CASE_CODES_H_
