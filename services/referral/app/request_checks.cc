#include "services/referral/app/request_checks.h"

#include <optional>

#include "services/platform/codes/case_codes.h"
#include "services/platform/codes/field_checks.h"

namespace redress::referral {

void CheckPastDay(std::string_view field, const std::string& date, const Date& today,
                  FieldViolations& faults) {
  const std::optional<Date> day = Date::Parse(date);
  if (!day || !day->whole() || *day > AddDays(today, 1)) {
    faults.AddValue(field, date, "a date YYYY-MM-DD that is not in the future");
  }
}

void CheckInstruction(const std::string& field, const common::v1::WorkerInstruction& instruction,
                      const Date& today, FieldViolations& faults) {
  if (!kInstructionHows.Contains(instruction.how())) {
    faults.AddValue(field + ".how", instruction.how(), kInstructionHows.Accepted());
  }
  CheckPastDay(field + ".given_on", instruction.given_on(), today, faults);
  CheckText(field + ".note", instruction.note(), 1'000, faults);
}

}  // namespace redress::referral
