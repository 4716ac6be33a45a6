#include "services/platform/time/date.h"

#include "absl/time/civil_time.h"
#include "fmt/compile.h"
#include "fmt/format.h"

namespace redress {
namespace {

std::optional<int> Digits(std::string_view text) {
  int number = 0;
  for (char c : text) {
    if (c < '0' || c > '9') return std::nullopt;
    number = number * 10 + (c - '0');
  }
  return number;
}

Date FromCivil(absl::CivilDay day) {
  return {static_cast<int>(day.year()), day.month(), day.day()};
}

absl::CivilDay ToCivil(const Date& date) { return absl::CivilDay(date.year, date.month, date.day); }

}  // namespace

std::optional<Date> Date::Parse(std::string_view text) {
  if (text.size() != 4 && text.size() != 7 && text.size() != 10) return std::nullopt;
  if (text.size() >= 7 && text[4] != '-') return std::nullopt;
  if (text.size() == 10 && text[7] != '-') return std::nullopt;
  const std::optional<int> year = Digits(text.substr(0, 4));
  const std::optional<int> month = text.size() >= 7 ? Digits(text.substr(5, 2)) : 0;
  const std::optional<int> day = text.size() == 10 ? Digits(text.substr(8, 2)) : 0;
  if (!year || !month || !day || *year < 1900 || *year > 2199) return std::nullopt;
  if (text.size() >= 7 && (*month < 1 || *month > 12)) return std::nullopt;
  const Date date{*year, *month, *day};
  if (text.size() == 10 && (*day < 1 || FromCivil(ToCivil(date)) != date)) return std::nullopt;
  return date;
}

std::string Date::ToString() const {
  if (month == 0) return fmt::format(FMT_COMPILE("{:04}"), year);
  if (day == 0) return fmt::format(FMT_COMPILE("{:04}-{:02}"), year, month);
  return fmt::format(FMT_COMPILE("{:04}-{:02}-{:02}"), year, month, day);
}

Date Date::Earliest() const { return {year, month == 0 ? 1 : month, day == 0 ? 1 : day}; }

Date Date::Latest() const {
  if (month == 0) return {year, 12, 31};
  if (day != 0) return *this;
  return FromCivil(absl::CivilDay(absl::CivilMonth(year, month) + 1) - 1);
}

Date DateOf(absl::Time time) { return FromCivil(absl::ToCivilDay(time, absl::UTCTimeZone())); }

absl::Time StartOf(const Date& date) {
  return absl::FromCivil(ToCivil(date.Earliest()), absl::UTCTimeZone());
}

Date AddDays(const Date& date, int days) { return FromCivil(ToCivil(date.Earliest()) + days); }

}  // namespace redress
