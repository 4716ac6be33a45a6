#ifndef REDRESS_SERVICES_REFERRAL_CLOCK_RULES_H_
#define REDRESS_SERVICES_REFERRAL_CLOCK_RULES_H_

#include <optional>
#include <string>
#include <string_view>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "services/referral/domain/clocks.h"

namespace redress::referral {

// "7d", "12h", "90m", "45s", or several: "1d12h". Longer than nothing, at most ten years. Nullopt
// for anything else.
std::optional<absl::Duration> ParseRuleDuration(std::string_view text);

// Reads what a node's operator changes of the defaults; what is not named stays:
//
//   {"accept_emergency": "24h", "accept_urgent": "72h", "accept_normal": "7d",
//    "relay_warning": "12h", "delivery_warning": "24h", "give_up": "7d", "information": "14d",
//    "proposal": "7d", "resolution": "70d", "link_silence": "24h",
//    "open_disclosure": "15m",
//    "calendar": {"name": "MY-WORKDAYS", "time_zone": "Asia/Kuala_Lumpur",
//                 "weekly_off": ["SATURDAY", "SUNDAY"], "holidays": ["2027-01-01"]}}
//
// INVALID_ARGUMENT naming every field that is wrong or unknown.
absl::StatusOr<ClockConfig> ParseClockRules(std::string_view json);
// The same; also when the file cannot be read. An empty path gives the defaults.
absl::StatusOr<ClockConfig> LoadClockRules(const std::string& path);

}  // namespace redress::referral

#endif  // REDRESS_SERVICES_REFERRAL_CLOCK_RULES_H_
