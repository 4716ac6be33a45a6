#ifndef REDRESS_SERVICES_PLATFORM_TIME_DATE_H_
#define REDRESS_SERVICES_PLATFORM_TIME_DATE_H_

#include <compare>
#include <optional>
#include <string>
#include <string_view>

#include "absl/time/time.h"

namespace redress {

// A calendar date without a time zone, as people remember one: all of it, or only the month, or
// only the year (month or day 0). A plain value. Years 1900 to 2199.
struct Date {
  int year = 0;
  int month = 0;
  int day = 0;

  // "2024-03-01", "2024-03" or "2024"; nothing else, and no day that the month does not have.
  static std::optional<Date> Parse(std::string_view text);

  bool whole() const { return day != 0; }
  std::string ToString() const;

  // The first and the last day that a partly known date can mean.
  Date Earliest() const;
  Date Latest() const;

  friend auto operator<=>(const Date&, const Date&) = default;
  friend bool operator==(const Date&, const Date&) = default;
};

// The date at `time` in UTC. Rules that say "today" allow a day's grace, since the worker's own
// calendar may be up to 14 hours ahead.
Date DateOf(absl::Time time);

// Midnight UTC at the start of a whole date.
absl::Time StartOf(const Date& date);

Date AddDays(const Date& date, int days);

}  // namespace redress

#endif  // REDRESS_SERVICES_PLATFORM_TIME_DATE_H_
