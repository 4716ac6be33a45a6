#ifndef REDRESS_SERVICES_REFERRAL_DOMAIN_CALENDAR_H_
#define REDRESS_SERVICES_REFERRAL_DOMAIN_CALENDAR_H_

#include <array>
#include <set>
#include <span>
#include <string>

#include "absl/time/civil_time.h"
#include "absl/time/time.h"
#include "services/platform/time/date.h"
#include "services/referral/domain/fold.h"

namespace redress::referral {

// Days on which time does not count. A default one has none, so that every hour counts, which is
// what clocks do unless a node or an agreement says otherwise. A plain value, configuration.
struct BusinessCalendar {
  std::string name;  // "MY-WORKDAYS"; empty: every hour counts.
  absl::TimeZone zone = absl::UTCTimeZone();
  std::array<bool, 7> weekly_off = {};  // By absl::Weekday: Monday 0 … Sunday 6.
  std::set<Date> holidays;

  bool EveryHourCounts() const;
  bool IsOff(absl::CivilDay day) const;
};

// When `running` time has passed since `start`, not counting the stops and the calendar's days off.
// `stops` are ordered and do not overlap. absl::InfiniteFuture() when a stop that still lasts comes
// first, and when a calendar leaves no day on.
absl::Time AfterRunning(absl::Time start, absl::Duration running, std::span<const ClockStop> stops,
                        const BusinessCalendar& calendar);

}  // namespace redress::referral

#endif  // REDRESS_SERVICES_REFERRAL_DOMAIN_CALENDAR_H_
