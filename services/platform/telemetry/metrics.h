#ifndef REDRESS_SERVICES_PLATFORM_TELEMETRY_METRICS_H_
#define REDRESS_SERVICES_PLATFORM_TELEMETRY_METRICS_H_

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

#include "absl/status/status.h"
#include "absl/time/time.h"
#include "services/platform/telemetry/process_memory.h"

namespace redress::telemetry {

// The figures of one process. The names are Prometheus's, with labels node and service on each:
//
//   redress_rpc_calls_total{method,code}      counter     calls finished
//   redress_rpc_seconds{method}               histogram   from arrival to answer
//   redress_rpc_in_flight                     gauge       calls not yet finished
//   redress_commit_batch_size                 histogram   change sets in one synced write
//   redress_commit_seconds                    histogram   one synced write
//   redress_commit_refused_total{reason}      counter     conflict, no_space, too_large …
//   redress_events_behind{log}                gauge       events a reader has still to read
//   redress_store{figure}                     gauge       free_bytes, memtable_bytes, …
//   redress_memory{figure}                    gauge       resident_bytes, heap_in_use_bytes, …
//
// Of the store: free_bytes, left on the file system; memtable_bytes, block_cache_bytes and
// table_reader_bytes, of the process's memory (kv/rocksdb_memory.h); restores; background_error.
// Of memory: resident_bytes, heap_in_use_bytes and heap_page_bytes (process_memory.h).
// Label values are methods, codes, node ids and names in the source, never data of a case. Should
// something else come here, a family holds at most kMaxSeries series and counts the rest under
// "other". Thread-safe; recording costs a lock and a hash lookup.
class Metrics {
 public:
  static constexpr size_t kMaxSeries = 1000;

  Metrics(std::string_view node, std::string_view service);
  ~Metrics();
  Metrics(const Metrics&) = delete;
  Metrics& operator=(const Metrics&) = delete;

  // `method` is the full name, "redress.intake.v1.IntakeService/FileComplaint".
  void RpcStarted();
  void RpcFinished(std::string_view method, absl::StatusCode code, absl::Duration took);

  void CommitBatch(size_t change_sets, absl::Duration took);
  void CommitRefused(std::string_view reason);

  void SetEventsBehind(std::string_view log, uint64_t events);
  void SetStore(std::string_view figure, double value);
  void SetMemory(const ProcessMemory& memory);

  // The text that a scrape gets.
  std::string Text() const;

 private:
  struct Families;
  std::unique_ptr<Families> families_;
};

}  // namespace redress::telemetry

#endif  // REDRESS_SERVICES_PLATFORM_TELEMETRY_METRICS_H_
