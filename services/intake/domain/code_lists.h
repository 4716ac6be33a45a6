#ifndef REDRESS_SERVICES_INTAKE_DOMAIN_CODE_LISTS_H_
#define REDRESS_SERVICES_INTAKE_DOMAIN_CODE_LISTS_H_

#include <string_view>

#include "services/platform/codes/case_codes.h"
#include "services/platform/codes/code_list.h"

namespace redress::intake {

// The closed lists of codes that intake alone accepts, in the order in which forms show them; those
// that referral accepts too are in platform/codes/case_codes.h.
//
// Codes are stored and sent as they stand here. A code may be added; none is ever renamed, since
// cases and published tables hold it.

// --- Complaint: head and corridor. ---

// How much is asked for: advice, or action.
inline constexpr std::string_view kComplaintKindCodes[] = {"INQUIRY", "COMPLAINT"};
inline constexpr CodeList kComplaintKinds(kComplaintKindCodes);

// One worker, or several with own amounts, consent and outcome each.
inline constexpr std::string_view kScopeCodes[] = {"INDIVIDUAL", "GROUP"};
inline constexpr CodeList kScopes(kScopeCodes);

// How it came in.
inline constexpr std::string_view kChannelCodes[] = {
    "IN_PERSON",    "PHONE",  "WEB",      "E_MAIL",  "SMS",        "MESSAGING",
    "SOCIAL_MEDIA", "LETTER", "OUTREACH", "EMBASSY", "OPEN_HOUSE", "OTHER"};
inline constexpr CodeList kChannels(kChannelCodes);

// When in the migration it happened.
inline constexpr std::string_view kMigrationStageCodes[] = {"BEFORE", "DURING", "AFTER"};
inline constexpr CodeList kMigrationStages(kMigrationStageCodes);

// Facts that urgency and indicators are suggested from.
inline constexpr std::string_view kCircumstanceCodes[] = {
    "LIFE_AT_RISK",       "NEEDS_MEDICAL_CARE",
    "NO_FOOD_OR_SHELTER", "IMMINENT_DEPORTATION",
    "DETAINED",           "THREAT_OF_RETALIATION",
    "THREATENED",         "CHILD_INVOLVED",
    "CANNOT_LEAVE",       "ISOLATED",
    "DECEIVED",           "DEBT_TO_RECRUITER",
    "EXCESSIVE_OVERTIME", "ABUSIVE_CONDITIONS"};
inline constexpr CodeList kCircumstances(kCircumstanceCodes);

// How the worker heard of the place that filed.
inline constexpr std::string_view kHeardOfUsCodes[] = {
    "FRIEND_OR_FAMILY", "UNION",        "NGO",      "AUTHORITY", "EMBASSY",
    "RADIO_OR_TV",      "SOCIAL_MEDIA", "TRAINING", "OTHER"};
inline constexpr CodeList kHeardOfUs(kHeardOfUsCodes);

// The ILO's eleven. They flag a case for a person; they never decide.
inline constexpr std::string_view kForcedLabourIndicatorCodes[] = {
    "ABUSE_OF_VULNERABILITY",
    "DECEPTION",
    "RESTRICTION_OF_MOVEMENT",
    "ISOLATION",
    "PHYSICAL_AND_SEXUAL_VIOLENCE",
    "INTIMIDATION_AND_THREATS",
    "RETENTION_OF_IDENTITY_DOCUMENTS",
    "WITHHOLDING_OF_WAGES",
    "DEBT_BONDAGE",
    "ABUSIVE_WORKING_AND_LIVING_CONDITIONS",
    "EXCESSIVE_OVERTIME"};
inline constexpr CodeList kForcedLabourIndicators(kForcedLabourIndicatorCodes);

// --- People. ---

inline constexpr std::string_view kSexCodes[] = {"FEMALE", "MALE", "OTHER", "UNKNOWN"};
inline constexpr CodeList kSexes(kSexCodes);

inline constexpr std::string_view kAgeBandCodes[] = {"UNDER_15", "15_17", "18_24",      "25_34",
                                                     "35_44",    "45_54", "55_AND_OVER"};
inline constexpr CodeList kAgeBands(kAgeBandCodes);

inline constexpr std::string_view kLiteracyCodes[] = {"READS_WELL", "READS_A_LITTLE",
                                                      "DOES_NOT_READ", "UNKNOWN"};
inline constexpr CodeList kLiteracies(kLiteracyCodes);

inline constexpr std::string_view kDocumentTypeCodes[] = {
    "PASSPORT",          "NATIONAL_ID", "TRAVEL_DOCUMENT", "WORK_PERMIT", "BORDER_PASS",
    "BIRTH_CERTIFICATE", "OTHER"};
inline constexpr CodeList kDocumentTypes(kDocumentTypeCodes);

// Who has the paper in hand.
inline constexpr std::string_view kDocumentHolderCodes[] = {"WORKER", "EMPLOYER", "AGENCY",
                                                            "AUTHORITY", "LOST"};
inline constexpr CodeList kDocumentHolders(kDocumentHolderCodes);

// Never a reason to refuse anything.
inline constexpr std::string_view kMigrationStatusCodes[] = {"REGULAR", "IRREGULAR", "PENDING",
                                                             "EXPIRED", "UNKNOWN"};
inline constexpr CodeList kMigrationStatuses(kMigrationStatusCodes);

inline constexpr std::string_view kMigrationChannelCodes[] = {"AGREEMENT", "AGENCY",   "BROKER",
                                                              "DIRECT",    "RELATIVE", "UNKNOWN"};
inline constexpr CodeList kMigrationChannels(kMigrationChannelCodes);

inline constexpr std::string_view kWhereaboutsCodes[] = {"DESTINATION", "TRANSIT", "HOME",
                                                         "DETAINED",    "SHELTER", "UNKNOWN"};
inline constexpr CodeList kWhereabouts(kWhereaboutsCodes);

inline constexpr std::string_view kContactMethodCodes[] = {
    "PHONE", "SMS", "MESSAGING", "E_MAIL", "LETTER", "IN_PERSON", "THROUGH_THIRD_PERSON", "NONE"};
inline constexpr CodeList kContactMethods(kContactMethodCodes);

inline constexpr std::string_view kWeekdayCodes[] = {"MONDAY", "TUESDAY",  "WEDNESDAY", "THURSDAY",
                                                     "FRIDAY", "SATURDAY", "SUNDAY"};
inline constexpr CodeList kWeekdays(kWeekdayCodes);

// Of a representative to the worker.
inline constexpr std::string_view kRelationshipCodes[] = {
    "SPOUSE", "PARENT", "CHILD", "SIBLING", "OTHER_RELATIVE",
    "FRIEND", "LAWYER", "UNION", "NGO",     "OTHER"};
inline constexpr CodeList kRelationships(kRelationshipCodes);

// What a representative acts on.
inline constexpr std::string_view kAuthorityCodes[] = {"ORAL", "WRITTEN", "POWER_OF_ATTORNEY",
                                                       "HEIR"};
inline constexpr CodeList kAuthorities(kAuthorityCodes);

// --- Consent. ---

inline constexpr std::string_view kConsentPurposeCodes[] = {"FILING", "REFERRAL", "EMBASSY"};
inline constexpr CodeList kConsentPurposes(kConsentPurposeCodes);

inline constexpr std::string_view kConsentStatusCodes[] = {"GRANTED", "REFUSED", "WITHDRAWN",
                                                           "EXPIRED"};
inline constexpr CodeList kConsentStatuses(kConsentStatusCodes);

// What a person can record; the others follow from it.
inline constexpr std::string_view kRecordableConsentStatusCodes[] = {"GRANTED", "REFUSED"};
inline constexpr CodeList kRecordableConsentStatuses(kRecordableConsentStatusCodes);

inline constexpr std::string_view kConsentHowCodes[] = {"SIGNED", "THUMBPRINT", "ORAL_WITNESSED",
                                                        "RECORDED"};
inline constexpr CodeList kConsentHows(kConsentHowCodes);

// --- Respondents, contract, money, evidence. ---

inline constexpr std::string_view kRespondentKindCodes[] = {
    "EMPLOYER", "LICENSED_AGENCY", "UNLICENSED_BROKER", "LABOUR_CONTRACTOR", "AUTHORITY", "OTHER"};
inline constexpr CodeList kRespondentKinds(kRespondentKindCodes);

inline constexpr std::string_view kLicenceStatusCodes[] = {"VALID",   "EXPIRED", "SUSPENDED",
                                                           "REVOKED", "NONE",    "UNKNOWN"};
inline constexpr CodeList kLicenceStatuses(kLicenceStatusCodes);

inline constexpr std::string_view kConductCodes[] = {"FRAUDULENT", "ABUSIVE", "NEGLIGENT"};
inline constexpr CodeList kConducts(kConductCodes);

// Of a contract, promised against actual.
inline constexpr std::string_view kClauseCodes[] = {"EMPLOYER",    "JOB",
                                                    "SITE",        "WAGE",
                                                    "HOURS",       "OVERTIME",
                                                    "REST_DAYS",   "DEDUCTIONS",
                                                    "INSURANCE",   "PASSPORT_HOLDER",
                                                    "TERMINATION", "REPATRIATION_PAYER",
                                                    "OTHER"};
inline constexpr CodeList kClauses(kClauseCodes);

// What an amount of a clause is for.
inline constexpr std::string_view kPerUnitCodes[] = {"HOUR", "DAY",   "WEEK",    "MONTH",
                                                     "YEAR", "PIECE", "CONTRACT"};
inline constexpr CodeList kPerUnits(kPerUnitCodes);

inline constexpr std::string_view kClaimTypeCodes[] = {
    "WAGES",      "OVERTIME", "DEDUCTION", "BENEFIT", "LEAVE",        "SEVERANCE", "COMPENSATION",
    "FEE_REFUND", "DEPOSIT",  "INSURANCE", "MEDICAL", "REPATRIATION", "OTHER"};
inline constexpr CodeList kClaimTypes(kClaimTypeCodes);

inline constexpr std::string_view kFeeTypeCodes[] = {
    "TRANSPORT",   "MEDICAL",       "TRAINING", "VISA",
    "WORKER_CARD", "ACCOMMODATION", "BROKER",   "PASSPORT_OR_DOCUMENT",
    "OTHER"};
inline constexpr CodeList kFeeTypes(kFeeTypeCodes);

// Of a ledger entry; what each means is in money_ledger.h.
inline constexpr std::string_view kMoneyKindCodes[] = {
    "CLAIMED",      "OFFERED",  "AGREED",      "AWARDED", "DUE", "PAID", "PAID_TO_INTERMEDIARY",
    "DEPOSIT_USED", "RECEIVED", "WRITTEN_OFF", "REVERSAL"};
inline constexpr CodeList kMoneyKinds(kMoneyKindCodes);

// --- Reasons and decisions. ---

inline constexpr std::string_view kInadmissibleReasonCodes[] = {
    "NOT_A_LABOUR_MATTER", "OUT_OF_JURISDICTION",      "DUPLICATE", "INSUFFICIENT_INFORMATION",
    "TIME_BARRED",         "UNABLE_TO_CONTACT_WORKER", "OTHER"};
inline constexpr CodeList kInadmissibleReasons(kInadmissibleReasonCodes);

inline constexpr std::string_view kWithdrawalReasonCodes[] = {"VOLUNTARY", "SETTLED_PRIVATELY",
                                                              "PRESSURE"};
inline constexpr CodeList kWithdrawalReasons(kWithdrawalReasonCodes);

inline constexpr std::string_view kUnresolvedReasonCodes[] = {
    "NO_COMPETENT_BODY",        "EVIDENCE_LACKING", "RESPONDENT_NOT_FOUND",
    "RESPONDENT_INSOLVENT",     "CLAIM_REJECTED",   "TIME_BARRED",
    "UNABLE_TO_CONTACT_WORKER", "WORKER_REFUSED",   "OTHER"};
inline constexpr CodeList kUnresolvedReasons(kUnresolvedReasonCodes);

// How a disclosure's referral ended.
inline constexpr std::string_view kSettleOutcomeCodes[] = {
    "RESOLVED", "UNRESOLVED", "DECLINED", "RECALLED", "TRANSFERRED", "UNDELIVERED", "ABANDONED"};
inline constexpr CodeList kSettleOutcomes(kSettleOutcomeCodes);

inline constexpr std::string_view kApprovalDecisionCodes[] = {"APPROVED", "REFUSED"};
inline constexpr CodeList kApprovalDecisions(kApprovalDecisionCodes);

}  // namespace redress::intake

#endif  // REDRESS_SERVICES_INTAKE_DOMAIN_CODE_LISTS_H_
