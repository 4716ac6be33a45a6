#ifndef REDRESS_TOOLS_BENCHMARK_CLOSED_LOOP_H_
#define REDRESS_TOOLS_BENCHMARK_CLOSED_LOOP_H_

#include <sys/types.h>

#include <cstddef>
#include <string>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "tools/benchmark/callers.h"
#include "tools/benchmark/sides.h"
#include "tools/benchmark/tally.h"

namespace redress::benchmark {

struct LoadSettings {
  std::string target;       // host:port
  size_t outstanding = 32;  // Calls at any time.
  size_t channels = 1;      // Kept connections that they are spread over.
  uint64_t calls = 0;       // So many and no more; 0: as many as the time allows.
  absl::Duration warmup;
  absl::Duration duration;
  absl::Duration pause;  // How long a caller waits after an answer before the next call.
  pid_t server = 0;      // Whose processor time to count; 0: nobody's.
};

// Keeps `outstanding` calls going from one thread over one completion queue: as soon as one is
// answered, its caller makes the next. Whoever is turned away with a delay keeps to it. Every call
// carries the token, a request id and a deadline, on every side.
//
// UNAVAILABLE when no call came through at all.
absl::StatusOr<Tally> RunClosedLoop(const LoadSettings& settings, Callers& callers, Side& side);

}  // namespace redress::benchmark

#endif  // REDRESS_TOOLS_BENCHMARK_CLOSED_LOOP_H_
