#include "services/intake/app/case_serials.h"

#include <algorithm>
#include <utility>

#include "absl/strings/ascii.h"
#include "absl/time/civil_time.h"
#include "absl/time/time.h"
#include "services/platform/ids/case_number.h"
#include "services/platform/status/status_macros.h"
#include "services/platform/time/date.h"

namespace redress::intake {

uint32_t CaseSerials::SkippedByRestore(const LastCase& last, int year) const {
  if (!context_.restored.has_value() || last.filed_with > context_.restored->version) return 0;
  const journal::RestoredMark& mark = *context_.restored;
  const int restored_in = DateOf(mark.restored_at).year;
  // A year that began afterwards has lost no case.
  if (year % 100 > restored_in % 100) return 0;
  const absl::Time began = absl::FromCivil(absl::CivilYear(restored_in), absl::UTCTimeZone());
  const absl::Duration unseen = mark.restored_at - std::max(mark.taken_at, began);
  const uint64_t by_clock = static_cast<uint64_t>(std::max<int64_t>(unseen / kOneSkippedEach, 0));
  const uint64_t skipped = uint64_t{mark.new_restores} * kSkippedByRestore + by_clock;
  return static_cast<uint32_t>(std::min<uint64_t>(skipped, CaseNumber::kMaxSerial));
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
