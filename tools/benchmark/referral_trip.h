#ifndef REDRESS_TOOLS_BENCHMARK_REFERRAL_TRIP_H_
#define REDRESS_TOOLS_BENCHMARK_REFERRAL_TRIP_H_

#include <string>

#include "absl/status/statusor.h"
#include "tools/benchmark/tally.h"

namespace redress::benchmark {

struct ReferralTripSettings {
  std::string profiles;
  std::string home = "kh-ministry";  // Who refers.
  std::string abroad = "my-mtuc";    // The contact who is to see it.
  std::string receiver = "my:mtuc";  // The body that it is referred to.
  std::string cases;                 // Open cases, one a line.
};

// Refers each case, one after the other, and asks at the other node, again and again, until the
// contact sees it delivered. A latency of the tally is the time from asking for the referral to
// that.
absl::StatusOr<Tally> MeasureReferralTrips(const ReferralTripSettings& settings);

}  // namespace redress::benchmark

#endif  // REDRESS_TOOLS_BENCHMARK_REFERRAL_TRIP_H_
