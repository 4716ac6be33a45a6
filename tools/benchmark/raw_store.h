#ifndef REDRESS_TOOLS_BENCHMARK_RAW_STORE_H_
#define REDRESS_TOOLS_BENCHMARK_RAW_STORE_H_

#include <cstddef>
#include <string>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "tools/benchmark/bare_server.h"
#include "tools/benchmark/tally.h"

namespace redress::benchmark {

// What the disk and RocksDB can do with nothing in front of them.
struct RawStoreSettings {
  std::string directory;  // Made when absent.
  size_t batch = 64;      // Records that are written and synced together.
  size_t record_bytes = 1024;
  MoreRows more;  // For each record.
  absl::Duration warmup;
  absl::Duration duration;
};

// Writes records of `record_bytes` with four index keys each, `batch` at a time, each batch synced.
// A latency of the tally is that of a batch; its calls are records.
absl::StatusOr<Tally> WriteRawBatches(const RawStoreSettings& settings);

// Appends 4 KiB to a file and syncs it, again and again.
absl::StatusOr<Tally> SyncRawFile(const RawStoreSettings& settings);

}  // namespace redress::benchmark

#endif  // REDRESS_TOOLS_BENCHMARK_RAW_STORE_H_
