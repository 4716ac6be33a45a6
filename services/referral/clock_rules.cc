#include "services/referral/clock_rules.h"

#include <array>
#include <cstdint>
#include <fstream>
#include <iterator>
#include <utility>

#include "fmt/format.h"
#include "nlohmann/json.hpp"
#include "services/platform/status/field_violations.h"

namespace redress::referral {
namespace {

constexpr std::string_view kAccepted = "a duration such as 7d, 12h or 1d12h";

struct NamedClock {
  std::string_view name;
  absl::Duration ClockConfig::* field;
};
constexpr std::array<NamedClock, 11> kClocks = {{
    {"accept_emergency", &ClockConfig::accept_emergency},
    {"accept_urgent", &ClockConfig::accept_urgent},
    {"accept_normal", &ClockConfig::accept_normal},
    {"relay_warning", &ClockConfig::relay_warning},
    {"delivery_warning", &ClockConfig::delivery_warning},
    {"give_up", &ClockConfig::give_up},
    {"information", &ClockConfig::information},
    {"proposal", &ClockConfig::proposal},
    {"resolution", &ClockConfig::resolution},
    {"link_silence", &ClockConfig::link_silence},
    {"open_disclosure", &ClockConfig::open_disclosure},
}};

std::optional<absl::Duration> UnitOf(char unit) {
  switch (unit) {
    case 'd':
      return absl::Hours(24);
    case 'h':
      return absl::Hours(1);
    case 'm':
      return absl::Minutes(1);
    case 's':
      return absl::Seconds(1);
    default:
      return std::nullopt;
  }
}

std::string TextOf(const nlohmann::json& value) {
  return value.is_string() ? value.get<std::string>() : std::string();
}

void ReadClock(const std::string& name, const nlohmann::json& value, ClockConfig& clocks,
               FieldViolations& violations) {
  for (const NamedClock& clock : kClocks) {
    if (clock.name != name) continue;
    const std::optional<absl::Duration> duration = ParseRuleDuration(TextOf(value));
    if (duration.has_value()) {
      clocks.*clock.field = *duration;
    } else {
      violations.AddValue(name, TextOf(value), kAccepted);
    }
    return;
  }
  violations.Add(name, "is no clock that there is");
}

void ReadDays(std::string_view field, const nlohmann::json& days, BusinessCalendar& calendar,
              decltype(&ReadHoliday) read_day, FieldViolations& violations) {
  if (!days.is_array()) return violations.Add(field, "is no list");
  for (size_t i = 0; i < days.size(); ++i) {
    read_day(fmt::format("{}[{}]", field, i), TextOf(days[i]), calendar, violations);
  }
}

void ReadCalendar(const nlohmann::json& value, BusinessCalendar& calendar,
                  FieldViolations& violations) {
  if (!value.is_object()) return violations.Add("calendar", "is no object");
  for (const auto& [name, entry] : value.items()) {
    if (name == "name") {
      calendar.name = TextOf(entry);
    } else if (name == "time_zone") {
      ReadTimeZone("calendar.time_zone", TextOf(entry), calendar, violations);
    } else if (name == "weekly_off") {
      ReadDays("calendar.weekly_off", entry, calendar, &ReadWeeklyOff, violations);
    } else if (name == "holidays") {
      ReadDays("calendar.holidays", entry, calendar, &ReadHoliday, violations);
    } else {
      violations.Add("calendar." + name, "is nothing that a calendar has");
    }
  }
  CheckCalendar("calendar", calendar, violations);
}

}  // namespace

std::optional<absl::Duration> ParseRuleDuration(std::string_view text) {
  absl::Duration sum;
  while (!text.empty()) {
    int64_t count = 0;
    size_t digits = 0;
    while (digits < text.size() && text[digits] >= '0' && text[digits] <= '9' && digits < 9) {
      count = count * 10 + (text[digits] - '0');
      ++digits;
    }
    if (digits == 0 || digits == text.size()) return std::nullopt;
    const std::optional<absl::Duration> unit = UnitOf(text[digits]);
    if (!unit.has_value()) return std::nullopt;
    sum += count * *unit;
    text.remove_prefix(digits + 1);
  }
  if (!IsClockLength(sum)) return std::nullopt;
  return sum;
}

absl::StatusOr<ClockConfig> ParseClockRules(std::string_view json) {
  const nlohmann::json content = nlohmann::json::parse(json, nullptr, /*allow_exceptions=*/false);
  if (!content.is_object()) return InvalidField("--clock_rules", "is no JSON object");
  ClockConfig settings;
  FieldViolations violations;
  for (const auto& [name, value] : content.items()) {
    if (name == "calendar") {
      ReadCalendar(value, settings.calendar, violations);
    } else {
      ReadClock(name, value, settings, violations);
    }
  }
  if (!violations.empty()) return violations.ToStatus();
  return settings;
}

absl::StatusOr<ClockConfig> LoadClockRules(const std::string& path) {
  if (path.empty()) return ClockConfig();
  std::ifstream file(path, std::ios::binary);
  if (!file) return InvalidField("--clock_rules", fmt::format("{}: cannot be read", path));
  const std::string text{std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
  return ParseClockRules(text);
}

}  // namespace redress::referral
