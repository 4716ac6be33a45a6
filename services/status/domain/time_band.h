#ifndef REDRESS_SERVICES_STATUS_DOMAIN_TIME_BAND_H_
#define REDRESS_SERVICES_STATUS_DOMAIN_TIME_BAND_H_

#include <cstdint>
#include <string>
#include <string_view>

#include "absl/time/time.h"

namespace redress::status {

// How long a case has taken, in the bands that committees ask for: up to 1, 3, 6, 9 and 12 months,
// and longer. A month is a calendar month in UTC: what was filed on 31 January leaves the first
// band when 28 (or 29) February ends.
inline constexpr uint32_t kLastBand = 5;

// 0 to kLastBand.
uint32_t BandOf(absl::Time began, absl::Time until);

// When a case that began then passes out of `band`; InfiniteFuture from the last one, and when it
// is not known when the case began.
absl::Time EndOfBand(absl::Time began, uint32_t band);

// "UP_TO_1_MONTH" … "OVER_12_MONTHS"; while the case goes on led by "OPEN_".
std::string BandName(uint32_t band, bool open);

}  // namespace redress::status

#endif  // REDRESS_SERVICES_STATUS_DOMAIN_TIME_BAND_H_
