#include "services/referral/domain/calendar.h"

#include <algorithm>
#include <optional>

#include "fmt/format.h"
#include "services/platform/codes/field_checks.h"

namespace redress::referral {
namespace {

// A calendar without a working day in two years is a mistake; the search for one ends there.
constexpr int kMostDaysAhead = 731;

constexpr size_t kMostNameBytes = 64;
constexpr size_t kMostHolidays = 500;

bool IsLetter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }

// Parts of letters, digits, '_', '-' and '+' that begin with a capital. Whoever looks a zone up
// would else be led to files that are none ("../..", "/etc") or mean another zone at each node
// ("localtime").
bool IsZoneName(std::string_view name) {
  if (name.empty() || name.size() > kMostNameBytes) return false;
  bool begins = true;
  for (const char c : name) {
    if (begins && !(c >= 'A' && c <= 'Z')) return false;
    begins = c == '/';
    if (!begins && !IsLetter(c) && !(c >= '0' && c <= '9') && c != '_' && c != '-' && c != '+') {
      return false;
    }
  }
  return !begins;
}

}  // namespace

bool BusinessCalendar::EveryHourCounts() const {
  return holidays.empty() &&
         std::none_of(weekly_off.begin(), weekly_off.end(), [](bool off) { return off; });
}

bool BusinessCalendar::IsOff(absl::CivilDay day) const {
  if (weekly_off[static_cast<size_t>(absl::GetWeekday(day))]) return true;
  return holidays.contains({static_cast<int>(day.year()), day.month(), day.day()});
}

void ReadTimeZone(std::string_view field, std::string_view name, BusinessCalendar& calendar,
                  FieldViolations& violations) {
  absl::TimeZone zone;
  if (IsZoneName(name) && absl::LoadTimeZone(std::string(name), &zone)) {
    calendar.zone = zone;
  } else {
    violations.AddValue(field, name, "a time zone such as Asia/Kuala_Lumpur");
  }
}

void ReadWeeklyOff(std::string_view field, std::string_view weekday, BusinessCalendar& calendar,
                   FieldViolations& violations) {
  const auto found = std::find(kWeekdayNames.begin(), kWeekdayNames.end(), weekday);
  if (found != kWeekdayNames.end()) {
    calendar.weekly_off[static_cast<size_t>(found - kWeekdayNames.begin())] = true;
  } else {
    violations.AddValue(field, weekday, "MONDAY, TUESDAY … SUNDAY");
  }
}

void ReadHoliday(std::string_view field, std::string_view date, BusinessCalendar& calendar,
                 FieldViolations& violations) {
  const std::optional<Date> day = Date::Parse(date);
  if (day.has_value() && day->whole()) {
    calendar.holidays.insert(*day);
  } else {
    violations.AddValue(field, date, "a date YYYY-MM-DD");
  }
}

void CheckCalendar(std::string_view field, const BusinessCalendar& calendar,
                   FieldViolations& violations) {
  const std::string name = fmt::format("{}.name", field);
  if (calendar.name.empty()) violations.Add(name, "is required");
  CheckText(name, calendar.name, kMostNameBytes, violations);
  if (std::all_of(calendar.weekly_off.begin(), calendar.weekly_off.end(),
                  [](bool off) { return off; })) {
    violations.Add(fmt::format("{}.weekly_off", field), "leaves no day on which time counts");
  }
  if (calendar.holidays.size() > kMostHolidays) {
    violations.Add(
        fmt::format("{}.holidays", field),
        fmt::format("has {} entries; at most {}", calendar.holidays.size(), kMostHolidays));
  }
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
