#include "services/status/domain/time_band.h"

#include <algorithm>

#include "absl/time/civil_time.h"
#include "services/status/domain/codes.h"

namespace redress::status {
namespace {

constexpr int kMonths[] = {1, 3, 6, 9, 12};
constexpr std::string_view kNames[] = {"UP_TO_1_MONTH",  "UP_TO_3_MONTHS",  "UP_TO_6_MONTHS",
                                       "UP_TO_9_MONTHS", "UP_TO_12_MONTHS", "OVER_12_MONTHS"};

}  // namespace

absl::Time EndOfBand(absl::Time began, uint32_t band) {
  if (band >= kLastBand || began == kNoTime) return absl::InfiniteFuture();
  const absl::TimeZone utc = absl::UTCTimeZone();
  const absl::CivilDay day = absl::ToCivilDay(began, utc);
  const absl::CivilMonth month = absl::CivilMonth(day) + kMonths[band];
  const absl::CivilDay last = absl::CivilDay(month + 1) - 1;
  const absl::CivilDay same(month.year(), month.month(), std::min(day.day(), last.day()));
  return absl::FromCivil(same + 1, utc);
}

uint32_t BandOf(absl::Time began, absl::Time until) {
  uint32_t band = 0;
  while (band < kLastBand && until >= EndOfBand(began, band)) ++band;
  return band;
}

std::string BandName(uint32_t band, bool open) {
  const std::string name(kNames[std::min(band, kLastBand)]);
  return open ? "OPEN_" + name : name;
}

}  // namespace redress::status
