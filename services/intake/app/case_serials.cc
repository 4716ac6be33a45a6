#include "services/intake/app/case_serials.h"

#include <utility>

#include "absl/strings/ascii.h"
#include "services/platform/ids/case_number.h"
#include "services/platform/status/status_macros.h"
#include "services/platform/time/date.h"

namespace redress::intake {

uint32_t CaseSerials::SkippedByRestore(const LastCase& last, int year) const {
  if (!context_.restored.has_value() || last.filed_with > context_.restored->version) return 0;
  // A year that began afterwards has lost no case.
  return year % 100 > DateOf(context_.restored->restored_at).year % 100 ? 0 : kSkippedByRestore;
}

async::Task<absl::StatusOr<uint32_t>> CaseSerials::Next(int year) {
  if (!last_.contains(year)) {
    std::string country = absl::AsciiStrToUpper(context_.node.ToString());
    const absl::StatusOr<LastCase> stored =
        co_await context_.cases.LastCaseOf(std::move(country), year);
    CO_RETURN_IF_ERROR(stored.status());
    // Another call may have come first while this one was reading; its counter is ahead.
    last_.emplace(year, stored->serial + SkippedByRestore(*stored, year));
  }
  uint32_t& last = last_[year];
  if (last >= CaseNumber::kMaxSerial) {
    co_return absl::ResourceExhaustedError("the year's case numbers are used up");
  }
  co_return ++last;
}

void CaseSerials::GiveBack(int year, uint32_t serial) {
  const auto found = last_.find(year);
  if (found != last_.end() && found->second == serial) --found->second;
}

}  // namespace redress::intake
