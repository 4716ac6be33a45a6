#ifndef REDRESS_TOOLS_BENCHMARK_TALLY_H_
#define REDRESS_TOOLS_BENCHMARK_TALLY_H_

#include <sys/types.h>

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "absl/time/time.h"
#include "nlohmann/json.hpp"

namespace redress::benchmark {

// What one measurement counted between its warm-up and its end. A plain value.
struct Tally {
  uint64_t done = 0;                        // Calls that were answered OK.
  std::vector<float> latencies_us;          // Of those, each.
  std::map<std::string, uint64_t> refused;  // Other answers, by status code.
  uint64_t turned_away = 0;                 // RESOURCE_EXHAUSTED with a retry delay.
  std::vector<float> turned_away_us;        // How long those waited for their answer.
  uint64_t answer_bytes = 0;                // Of all answers.
  uint64_t request_bytes = 0;               // Of all requests that were answered.
  absl::Duration elapsed;
  std::optional<absl::Duration> server_cpu;  // Unless no process was named.
  absl::Duration own_cpu;                    // What measuring cost.

  nlohmann::ordered_json ToJson() const;
};

// The value below which `share` of them lie; 0 of none. Reorders them.
float Percentile(std::vector<float>& values, double share);

// Processor time that the process has used, all threads; nothing when there is no such process.
std::optional<absl::Duration> CpuTimeOf(pid_t pid);
absl::Duration OwnCpuTime();

}  // namespace redress::benchmark

#endif  // REDRESS_TOOLS_BENCHMARK_TALLY_H_
