#ifndef REDRESS_SERVICES_REFERRAL_DOMAIN_CODES_H_
#define REDRESS_SERVICES_REFERRAL_DOMAIN_CODES_H_

#include <string_view>

#include "absl/status/status.h"
#include "services/platform/codes/case_codes.h"
#include "services/platform/codes/code_list.h"
#include "services/platform/status/field_violations.h"
#include "services/referral/domain/fact.h"

namespace redress::referral {

// The code lists that referrals and the directory add to those of complaints
// (platform/codes/case_codes.h). They are the field's, not the machine's: code never branches on
// one, except where a rule below says so.

inline constexpr std::string_view kBodyKindCodes[] = {"TRADE_UNION",   "RESOURCE_CENTRE",
                                                      "NGO",           "LABOUR_MINISTRY",
                                                      "LABOUR_OFFICE", "PROVINCIAL_DEPARTMENT",
                                                      "EMBASSY",       "ANTI_TRAFFICKING",
                                                      "REGIONAL",      "COURT",
                                                      "OTHER"};
inline constexpr CodeList kBodyKinds(kBodyKindCodes);

inline constexpr std::string_view kDeclineReasonCodes[] = {
    "OUT_OF_MANDATE",           "NO_CAPACITY",    "NOT_COVERED_BY_AGREEMENT", "MEMBERSHIP_REQUIRED",
    "CONFLICT_OF_INTEREST",     "DUPLICATE",      "INSUFFICIENT_INFORMATION", "TIME_BARRED",
    "UNABLE_TO_CONTACT_WORKER", "WORKER_REFUSED", "UNSAFE_TO_PROCEED",        "OTHER"};
inline constexpr CodeList kDeclineReasons(kDeclineReasonCodes);

inline constexpr std::string_view kHoldReasonCodes[] = {"WAITING_FOR_WORKER",
                                                        "WAITING_FOR_RESPONDENT",
                                                        "WAITING_FOR_AUTHORITY",
                                                        "WAITING_FOR_COURT",
                                                        "WORKER_ASKED",
                                                        "SAFETY",
                                                        "OTHER"};
inline constexpr CodeList kHoldReasons(kHoldReasonCodes);

inline constexpr std::string_view kUnresolvedReasonCodes[] = {
    "RESPONDENT_REFUSED", "RESPONDENT_NOT_FOUND",  "WORKER_LOST_CONTACT",
    "WORKER_REFUSED",     "INSUFFICIENT_EVIDENCE", "TIME_BARRED",
    "COURT_DISMISSED",    "SETTLED_PRIVATELY",     "OTHER"};
inline constexpr CodeList kUnresolvedReasons(kUnresolvedReasonCodes);

inline constexpr std::string_view kRecallReasonCodes[] = {"WITHDRAWN", "CONSENT_REVOKED",
                                                          "WRONG_RECEIVER", "CASE_CLOSED"};
inline constexpr CodeList kRecallReasons(kRecallReasonCodes);

inline constexpr std::string_view kWithdrawProposalReasonCodes[] = {
    "RESPONDENT_WITHDREW", "CORRECTION", "CIRCUMSTANCES_CHANGED", "OTHER"};
inline constexpr CodeList kWithdrawProposalReasons(kWithdrawProposalReasonCodes);

// Given by home when it does not send the child of a forward.
inline constexpr std::string_view kForwardRefusalReasonCodes[] = {
    "CONSENT_MISSING",        "FORWARD_LOOP",      "RECEIVER_INACTIVE",
    "RECEIVER_IS_RESPONDENT", "AGREEMENT_MISSING", "OTHER"};
inline constexpr CodeList kForwardRefusalReasons(kForwardRefusalReasonCodes);

// Given by clocks. GIVE_UP_AGE_PASSED with UNDELIVERED; with NO_RESPONSE whether the link had
// delivered all it held (the silence is the receiver's) or was silent itself.
inline constexpr std::string_view kGiveUpAgePassed = "GIVE_UP_AGE_PASSED";
inline constexpr std::string_view kLinkDrained = "LINK_DRAINED";
inline constexpr std::string_view kLinkSilent = "LINK_SILENT";
inline constexpr std::string_view kSilenceReasonCodes[] = {kGiveUpAgePassed, kLinkDrained,
                                                           kLinkSilent};
inline constexpr CodeList kSilenceReasons(kSilenceReasonCodes);

inline constexpr std::string_view kStepKindCodes[] = {
    "NEGOTIATION", "MEDIATION",   "INSPECTION", "VISIT",          "LABOUR_COURT", "APPEAL",
    "CRIMINAL",    "ENFORCEMENT", "HEARING",    "WORKER_CONTACT", "OTHER"};
inline constexpr CodeList kStepKinds(kStepKindCodes);

inline constexpr std::string_view kHearingPartyCodes[] = {"WORKER",  "REPRESENTATIVE", "RESPONDENT",
                                                          "WITNESS", "INTERPRETER",    "ATTACHE"};
inline constexpr CodeList kHearingParties(kHearingPartyCodes);

inline constexpr std::string_view kPayerCodes[] = {"EMPLOYER",  "AGENCY", "DEPOSIT",
                                                   "INSURANCE", "COURT",  "OTHER"};
inline constexpr CodeList kPayers(kPayerCodes);

// True for IRREGULAR_STATUS, UNDOCUMENTED, MIGRATION_STATUS and their like: any code one of whose
// words is IRREGULAR, UNDOCUMENTED, ILLEGAL, IMMIGRATION, OVERSTAY(ED), UNAUTHORISED …, or that
// speaks of migration, visa, permit or legal status or of lacking documents. What a person wrote in
// a note is not judged: a word list would refuse the honest and miss the others.
bool IsIrregularStatusReason(std::string_view code);

// The list a kind's reason must be in; nullptr when the kind has no reason.
const CodeList* ReasonsOf(FactKind kind);

// A reason as a person gave it, for `kind`: a code outside the list, or OTHER without a note, is a
// fault of "reason" or "note". A reason that RefuseIrregularStatus answers is none: it is refused
// for what it says and not for its form.
void CheckReason(FactKind kind, std::string_view reason, std::string_view note,
                 FieldViolations& violations);

// FAILED_PRECONDITION, IRREGULAR_STATUS_IS_NO_REASON: nobody is refused for being without papers.
absl::Status RefuseIrregularStatus(std::string_view reason);

// A step's kind and its notices' parties, under "step.".
void CheckStepCodes(const StepDetails& step, FieldViolations& violations);

// Remedies (at least one for each member when `remedy_required`), amounts (not negative, one per
// currency) under `field`, e.g. "proposal". Currencies are checked where money is parsed.
void CheckTermsCodes(const GroupTerms& terms, bool remedy_required, std::string_view field,
                     FieldViolations& violations);

}  // namespace redress::referral

#endif  // REDRESS_SERVICES_REFERRAL_DOMAIN_CODES_H_
