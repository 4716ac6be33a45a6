#include "services/referral/app/clock_conversion.h"

#include <optional>

#include "fmt/format.h"
#include "google/protobuf/duration.pb.h"
#include "services/referral/app/proto_time.h"

namespace redress::referral {
namespace {

void ReadClock(bool present, const google::protobuf::Duration& from, absl::Duration& to) {
  if (!present) return;
  const absl::Duration clock = ToDuration(from);
  if (IsClockLength(clock)) to = clock;
}

}  // namespace

v1::BusinessCalendar ToProto(const BusinessCalendar& calendar) {
  v1::BusinessCalendar to;
  to.set_name(calendar.name);
  to.set_time_zone(calendar.zone.name());
  for (size_t day = 0; day < calendar.weekly_off.size(); ++day) {
    if (calendar.weekly_off[day]) to.add_weekly_off(std::string(kWeekdayNames[day]));
  }
  for (const Date& day : calendar.holidays) to.add_holidays(day.ToString());
  return to;
}

BusinessCalendar FromProto(const v1::BusinessCalendar& calendar, const std::string& field,
                           FieldViolations& violations) {
  BusinessCalendar to;
  to.name = calendar.name();
  if (!calendar.time_zone().empty()) {
    ReadTimeZone(field + ".time_zone", calendar.time_zone(), to, violations);
  }
  for (int i = 0; i < calendar.weekly_off_size(); ++i) {
    ReadWeeklyOff(fmt::format("{}.weekly_off[{}]", field, i), calendar.weekly_off(i), to,
                  violations);
  }
  for (int i = 0; i < calendar.holidays_size(); ++i) {
    ReadHoliday(fmt::format("{}.holidays[{}]", field, i), calendar.holidays(i), to, violations);
  }
  return to;
}

v1::AgreementClocks ToProto(const AgreementClocks& clocks) {
  v1::AgreementClocks to;
  const auto write = [&to](const std::optional<absl::Duration>& clock, auto field) {
    if (clock) SetDuration(*clock, (to.*field)());
  };
  using P = v1::AgreementClocks;
  write(clocks.accept_emergency, &P::mutable_accept_emergency);
  write(clocks.accept_urgent, &P::mutable_accept_urgent);
  write(clocks.accept_normal, &P::mutable_accept_normal);
  write(clocks.information, &P::mutable_information);
  write(clocks.proposal, &P::mutable_proposal);
  write(clocks.resolution, &P::mutable_resolution);
  write(clocks.relay_warning, &P::mutable_relay_warning);
  write(clocks.delivery_warning, &P::mutable_delivery_warning);
  write(clocks.give_up, &P::mutable_give_up);
  if (clocks.calendar) *to.mutable_calendar() = ToProto(*clocks.calendar);
  return to;
}

AgreementClocks FromProto(const v1::AgreementClocks& clocks, const std::string& field,
                          FieldViolations& violations) {
  AgreementClocks to;
  const auto read = [](bool present, const google::protobuf::Duration& from,
                       std::optional<absl::Duration>& clock) {
    if (present) clock = ToDuration(from);
  };
  read(clocks.has_accept_emergency(), clocks.accept_emergency(), to.accept_emergency);
  read(clocks.has_accept_urgent(), clocks.accept_urgent(), to.accept_urgent);
  read(clocks.has_accept_normal(), clocks.accept_normal(), to.accept_normal);
  read(clocks.has_information(), clocks.information(), to.information);
  read(clocks.has_proposal(), clocks.proposal(), to.proposal);
  read(clocks.has_resolution(), clocks.resolution(), to.resolution);
  read(clocks.has_relay_warning(), clocks.relay_warning(), to.relay_warning);
  read(clocks.has_delivery_warning(), clocks.delivery_warning(), to.delivery_warning);
  read(clocks.has_give_up(), clocks.give_up(), to.give_up);
  if (clocks.has_calendar()) {
    to.calendar = FromProto(clocks.calendar(), field + ".calendar", violations);
  }
  return to;
}

v1::ClockRules ToProto(const ClockRules& rules) {
  v1::ClockRules to;
  SetDuration(rules.accept, to.mutable_accept());
  SetDuration(rules.relay_warning, to.mutable_relay_warning());
  SetDuration(rules.delivery_warning, to.mutable_delivery_warning());
  SetDuration(rules.give_up, to.mutable_give_up());
  SetDuration(rules.information, to.mutable_information());
  SetDuration(rules.proposal, to.mutable_proposal());
  SetDuration(rules.resolution, to.mutable_resolution());
  SetDuration(rules.link_silence, to.mutable_link_silence());
  if (!rules.calendar.EveryHourCounts()) *to.mutable_calendar() = ToProto(rules.calendar);
  return to;
}

ClockRules FromProto(const v1::ClockRules& rules, const ClockRules& otherwise) {
  ClockRules to = otherwise;
  ReadClock(rules.has_accept(), rules.accept(), to.accept);
  ReadClock(rules.has_relay_warning(), rules.relay_warning(), to.relay_warning);
  ReadClock(rules.has_delivery_warning(), rules.delivery_warning(), to.delivery_warning);
  ReadClock(rules.has_give_up(), rules.give_up(), to.give_up);
  ReadClock(rules.has_information(), rules.information(), to.information);
  ReadClock(rules.has_proposal(), rules.proposal(), to.proposal);
  ReadClock(rules.has_resolution(), rules.resolution(), to.resolution);
  ReadClock(rules.has_link_silence(), rules.link_silence(), to.link_silence);
  FieldViolations ignored;  // It was valid where it was set; else what can be read is kept.
  to.calendar =
      rules.has_calendar() ? FromProto(rules.calendar(), "calendar", ignored) : BusinessCalendar();
  return to;
}

}  // namespace redress::referral
