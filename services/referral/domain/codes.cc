#include "services/referral/domain/codes.h"

#include <set>
#include <string>

#include "fmt/format.h"
#include "services/platform/status/refusal.h"

namespace redress::referral {
namespace {

constexpr std::string_view kStatusWordCodes[] = {"IRREGULAR",   "UNDOCUMENTED", "ILLEGAL",
                                                 "IMMIGRATION", "OVERSTAY",     "OVERSTAYED",
                                                 "OVERSTAYER",  "UNAUTHORISED", "UNAUTHORIZED"};
constexpr CodeList kStatusWords(kStatusWordCodes);

constexpr std::string_view kStatusPhrases[] = {
    "MIGRATION_STATUS", "VISA_STATUS",    "PERMIT_STATUS", "LEGAL_STATUS",      "NO_PERMIT",
    "NO_VISA",          "PERMIT_EXPIRED", "VISA_EXPIRED",  "WITHOUT_DOCUMENTS", "NO_DOCUMENTS"};

void CheckMemberTerms(const MemberTerms& terms, bool remedy_required, const std::string& field,
                      FieldViolations& violations) {
  if (terms.remedies.empty() && remedy_required) {
    violations.Add(field + ".remedies",
                   fmt::format("is empty; accepted: {}", kRemedies.Accepted()));
  }
  for (size_t i = 0; i < terms.remedies.size(); ++i) {
    if (!kRemedies.Contains(terms.remedies[i])) {
      violations.AddValue(fmt::format("{}.remedies[{}]", field, i), terms.remedies[i],
                          kRemedies.Accepted());
    }
  }
  std::set<std::string> currencies;
  for (size_t i = 0; i < terms.amounts.size(); ++i) {
    const MoneyAmount& amount = terms.amounts[i];
    if (amount.minor_units < 0) {
      violations.Add(fmt::format("{}.amounts[{}].amount", field, i), "must not be negative");
    }
    if (!currencies.insert(amount.currency).second) {
      violations.AddValue(fmt::format("{}.amounts[{}].currency_code", field, i), amount.currency,
                          "each currency once");
    }
  }
}

}  // namespace

bool IsIrregularStatusReason(std::string_view code) {
  for (std::string_view phrase : kStatusPhrases) {
    if (code.find(phrase) != std::string_view::npos) return true;
  }
  while (!code.empty()) {
    const size_t end = code.find('_');
    if (kStatusWords.Contains(code.substr(0, end))) return true;
    if (end == std::string_view::npos) break;
    code.remove_prefix(end + 1);
  }
  return false;
}

const CodeList* ReasonsOf(FactKind kind) {
  switch (kind) {
    case FactKind::kUndelivered:
    case FactKind::kNoResponse:
      return &kSilenceReasons;
    case FactKind::kDeclined:
    case FactKind::kForwardRequested:
      return &kDeclineReasons;
    case FactKind::kHeld:
      return &kHoldReasons;
    case FactKind::kUnresolved:
      return &kUnresolvedReasons;
    case FactKind::kProposalWithdrawn:
      return &kWithdrawProposalReasons;
    case FactKind::kRecallRequested:
      return &kRecallReasons;
    case FactKind::kForwardRefused:
      return &kForwardRefusalReasons;
    default:
      return nullptr;
  }
}

void CheckReason(FactKind kind, std::string_view reason, std::string_view note,
                 FieldViolations& violations) {
  const CodeList* reasons = ReasonsOf(kind);
  if (reasons == nullptr) {
    if (!reason.empty()) violations.Add("reason", "must be empty here");
  } else if (!reasons->Contains(reason)) {
    if (IsIrregularStatusReason(reason)) return;
    violations.AddValue("reason", reason, reasons->Accepted());
  } else if (reason == "OTHER" && note.empty()) {
    violations.Add("note", "is required with reason OTHER");
  }
}

absl::Status RefuseIrregularStatus(std::string_view reason) {
  if (!IsIrregularStatusReason(reason)) return absl::OkStatus();
  return RefusePrecondition("IRREGULAR_STATUS_IS_NO_REASON",
                            "irregular migration status is never a reason; give another");
}

void CheckStepCodes(const StepDetails& step, FieldViolations& violations) {
  if (!kStepKinds.Contains(step.kind)) {
    violations.AddValue("step.kind", step.kind, kStepKinds.Accepted());
  }
  if (step.held_at == absl::InfinitePast()) violations.Add("step.held_at", "is required");
  if (step.notices.size() > 100) {
    violations.Add("step.notices",
                   fmt::format("has {} entries; at most 100 are accepted", step.notices.size()));
  }
  for (size_t i = 0; i < step.notices.size(); ++i) {
    if (!kHearingParties.Contains(step.notices[i].party)) {
      violations.AddValue(fmt::format("step.notices[{}].party", i), step.notices[i].party,
                          kHearingParties.Accepted());
    }
  }
}

void CheckTermsCodes(const GroupTerms& terms, bool remedy_required, std::string_view field,
                     FieldViolations& violations) {
  if (terms.members.empty() && !terms.for_each_other && remedy_required) {
    violations.Add(fmt::format("{}.members", field),
                   "is empty, and for_each_other is not set: nobody would get anything");
  }
  for (size_t i = 0; i < terms.members.size(); ++i) {
    CheckMemberTerms(terms.members[i], remedy_required, fmt::format("{}.members[{}]", field, i),
                     violations);
  }
  if (terms.for_each_other) {
    CheckMemberTerms(*terms.for_each_other, remedy_required,
                     fmt::format("{}.for_each_other", field), violations);
  }
}

}  // namespace redress::referral
