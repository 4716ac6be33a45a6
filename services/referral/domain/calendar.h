#ifndef REDRESS_SERVICES_REFERRAL_DOMAIN_CALENDAR_H_
#define REDRESS_SERVICES_REFERRAL_DOMAIN_CALENDAR_H_

#include <array>
#include <set>
#include <span>
#include <string>
#include <string_view>

#include "absl/time/civil_time.h"
#include "absl/time/time.h"
#include "services/platform/status/field_violations.h"
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

  friend bool operator==(const BusinessCalendar&, const BusinessCalendar&) = default;
};

// MONDAY to SUNDAY, in the order of BusinessCalendar::weekly_off.
inline constexpr std::array<std::string_view, 7> kWeekdayNames = {
    "MONDAY", "TUESDAY", "WEDNESDAY", "THURSDAY", "FRIDAY", "SATURDAY", "SUNDAY"};

// The parts of a calendar as people write them. What cannot be read goes to `violations` and leaves
// the calendar as it was. A time zone is a name of the time zone data: "Asia/Kuala_Lumpur".
void ReadTimeZone(std::string_view field, std::string_view name, BusinessCalendar& calendar,
                  FieldViolations& violations);
void ReadWeeklyOff(std::string_view field, std::string_view weekday, BusinessCalendar& calendar,
                   FieldViolations& violations);
void ReadHoliday(std::string_view field, std::string_view date, BusinessCalendar& calendar,
                 FieldViolations& violations);

// A calendar that was read whole: its name, and that it leaves days on which time counts.
void CheckCalendar(std::string_view field, const BusinessCalendar& calendar,
                   FieldViolations& violations);

// When `running` time has passed since `start`, not counting the stops and the calendar's days off.
// `stops` are ordered and do not overlap. absl::InfiniteFuture() when a stop that still lasts comes
// first, and when a calendar leaves no day on.
absl::Time AfterRunning(absl::Time start, absl::Duration running, std::span<const ClockStop> stops,
                        const BusinessCalendar& calendar);

}  // namespace redress::referral

#endif  // REDRESS_SERVICES_REFERRAL_DOMAIN_CALENDAR_H_
