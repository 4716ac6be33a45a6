#include "services/status/rpc/request_checks.h"

#include <string>

#include "services/platform/codes/case_codes.h"
#include "services/platform/codes/field_checks.h"
#include "services/platform/ids/case_number.h"
#include "services/platform/ids/names.h"
#include "services/platform/status/field_violations.h"
#include "services/platform/time/date.h"

namespace redress::status {
namespace {

void CheckCaseNumber(std::string& text, std::string_view field, FieldViolations& violations) {
  const absl::StatusOr<CaseNumber> number = CaseNumber::Parse(text, field);
  violations.Take(number.status());
  if (number.ok()) text = number->ToString();
}

void CheckCountry(const std::string& code, std::string_view field, const IsoCodes& codes,
                  FieldViolations& violations) {
  if (!code.empty() && !codes.HasCountry(code)) {
    violations.AddValue(field, code, "an ISO 3166-1 alpha-2 code such as KH");
  }
}

void CheckFilter(const v1::CaseFilter& filter, const IsoCodes& codes, FieldViolations& violations) {
  CheckCountry(filter.nationality(), "filter.nationality", codes, violations);
  CheckCountry(filter.destination(), "filter.destination", codes, violations);
  if (!filter.holder_body_id().empty()) {
    violations.Take(BodyId::Parse(filter.holder_body_id(), "filter.holder_body_id").status());
  }
  CheckCode("filter.category", filter.category(), kCategories, violations);
  if (!intake::v1::CaseState_IsValid(filter.case_state())) {
    violations.AddValue("filter.case_state", std::to_string(filter.case_state()),
                        "a number of CaseState");
  }
  if (!referral::v1::ReferralState_IsValid(filter.referral_state())) {
    violations.AddValue("filter.referral_state", std::to_string(filter.referral_state()),
                        "a number of ReferralState");
  }
}

void CheckMonth(const std::string& month, std::string_view field, FieldViolations& violations) {
  if (month.empty()) return;
  const std::optional<Date> date = Date::Parse(month);
  if (!date.has_value() || date->day != 0 || date->month == 0) {
    violations.AddValue(field, month, "a month such as 2026-11");
  }
}

}  // namespace

absl::Status Check(v1::GetCaseStatusRequest& request) {
  FieldViolations violations;
  CheckCaseNumber(*request.mutable_case_number(), "case_number", violations);
  return violations.ToStatus();
}

absl::Status Check(v1::GetTimelineRequest& request) {
  FieldViolations violations;
  CheckCaseNumber(*request.mutable_case_number(), "case_number", violations);
  if (!request.referral_id().empty()) {
    const auto id = ReferralId::Parse(request.referral_id(), "referral_id");
    violations.Take(id.status());
    if (id.ok()) request.set_referral_id(id->ToString());
  }
  ReadPageSize("page_size", request.page_size(), violations);
  return violations.ToStatus();
}

absl::Status Check(const IsoCodes& codes, v1::ListCasesRequest& request) {
  FieldViolations violations;
  CheckFilter(request.filter(), codes, violations);
  if (!v1::CaseOrder_IsValid(request.order())) {
    violations.AddValue("order", std::to_string(request.order()), "a number of CaseOrder");
  }
  ReadPageSize("page_size", request.page_size(), violations);
  return violations.ToStatus();
}

absl::Status Check(const IsoCodes& codes, v1::WatchCasesRequest& request) {
  FieldViolations violations;
  if (!request.case_number().empty()) {
    CheckCaseNumber(*request.mutable_case_number(), "case_number", violations);
  }
  CheckFilter(request.filter(), codes, violations);
  if (request.filter().has_since()) violations.Add("filter.since", "is not watched");
  if (request.filter().overdue()) violations.Add("filter.overdue", "is not watched");
  return violations.ToStatus();
}

absl::Status Check(v1::CountCasesRequest& request) {
  FieldViolations violations;
  if (request.row() == v1::DIMENSION_UNSPECIFIED || !v1::Dimension_IsValid(request.row())) {
    violations.AddValue("row", std::to_string(request.row()), "a dimension; required");
  }
  if (!v1::Dimension_IsValid(request.column()) || request.column() == request.row()) {
    violations.AddValue("column", std::to_string(request.column()),
                        "another dimension than the rows, or none");
  }
  CheckMonth(request.from_month(), "from_month", violations);
  CheckMonth(request.to_month(), "to_month", violations);
  const bool range = !request.from_month().empty() || !request.to_month().empty();
  const bool by_month =
      request.row() == v1::DIMENSION_MONTH_FILED || request.column() == v1::DIMENSION_MONTH_FILED;
  if (range && !by_month) {
    violations.Add(request.from_month().empty() ? "to_month" : "from_month",
                   "needs MONTH_FILED as a dimension");
  }
  return violations.ToStatus();
}

}  // namespace redress::status
