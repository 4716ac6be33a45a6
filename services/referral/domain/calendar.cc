#include "services/referral/domain/calendar.h"

#include <algorithm>

namespace redress::referral {
namespace {

// A calendar without a working day in two years is a mistake; the search for one ends there.
constexpr int kMostDaysAhead = 731;

}  // namespace

bool BusinessCalendar::EveryHourCounts() const {
  return holidays.empty() &&
         std::none_of(weekly_off.begin(), weekly_off.end(), [](bool off) { return off; });
}

bool BusinessCalendar::IsOff(absl::CivilDay day) const {
  if (weekly_off[static_cast<size_t>(absl::GetWeekday(day))]) return true;
  return holidays.contains({static_cast<int>(day.year()), day.month(), day.day()});
}

absl::Time AfterRunning(absl::Time start, absl::Duration running, std::span<const ClockStop> stops,
                        const BusinessCalendar& calendar) {
  const bool by_days = !calendar.EveryHourCounts();
  absl::Time at = start;
  auto stop = stops.begin();
  for (int days_off = 0; days_off < kMostDaysAhead;) {
    while (stop != stops.end() && stop->until <= at) ++stop;
    if (stop != stops.end() && stop->from <= at) {
      if (stop->until == absl::InfiniteFuture()) return absl::InfiniteFuture();
      at = stop->until;
      continue;
    }
    absl::Time boundary = stop == stops.end() ? absl::InfiniteFuture() : stop->from;
    if (by_days) {
      const absl::CivilDay day = absl::ToCivilDay(at, calendar.zone);
      const absl::Time tomorrow = absl::FromCivil(day + 1, calendar.zone);
      if (calendar.IsOff(day)) {
        at = tomorrow;
        ++days_off;
        continue;
      }
      days_off = 0;
      boundary = std::min(boundary, tomorrow);
    }
    if (running <= boundary - at) return at + running;
    running -= boundary - at;
    at = boundary;
  }
  return absl::InfiniteFuture();
}

}  // namespace redress::referral
