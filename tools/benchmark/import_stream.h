#ifndef REDRESS_TOOLS_BENCHMARK_IMPORT_STREAM_H_
#define REDRESS_TOOLS_BENCHMARK_IMPORT_STREAM_H_

#include <sys/types.h>

#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "tools/benchmark/callers.h"
#include "tools/benchmark/tally.h"

namespace redress::benchmark {

struct ImportSettings {
  std::string target;   // host:port of an intake.
  uint64_t count = 0;   // Records.
  size_t window = 256;  // Records that are on their way at most: a few of the service's batches.
  std::string cases;    // File that every `note_each`-th case number is added to; empty: none.
  uint64_t note_each = 100;
  pid_t server = 0;
};

// The next serialised ComplaintFiling.
using NextFiling = std::function<std::string()>;

// Files `count` complaints over one stream, as `redress complaint import` does. A latency of the
// tally is the time from a record's being sent to its answer; `refused` counts records by the code
// of their failure. What the stream itself ends with is returned when that is not OK.
absl::StatusOr<Tally> ImportAll(const ImportSettings& settings, Callers& callers,
                                const NextFiling& next);

}  // namespace redress::benchmark

#endif  // REDRESS_TOOLS_BENCHMARK_IMPORT_STREAM_H_
