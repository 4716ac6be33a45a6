#ifndef REDRESS_TOOLS_BENCHMARK_BARE_SERVER_H_
#define REDRESS_TOOLS_BENCHMARK_BARE_SERVER_H_

#include <cstddef>
#include <string>

namespace redress::benchmark {

// The yardsticks that Redress is held against. They serve on a free port of this machine, which
// they print as one line once they serve, until their standard input ends. They return the exit
// status.

// gRPC and nothing else: async API, one completion queue, one polling thread.
int ServeEcho();

// Rows that are written beside those of a record, to see what rows alone cost.
struct MoreRows {
  int count = 0;
  size_t bytes = 0;  // Of each; at most the record's.
};

// The same with a store behind it: one thread takes all that is pending, writes it as one batch and
// syncs it. `directory` is made when absent.
int ServeBatching(const std::string& directory, const MoreRows& more);

// A store of kKnownRows rows of `row_bytes` each, which are read where they are asked for.
inline constexpr size_t kKnownRows = 1000;
int ServeReading(const std::string& directory, size_t row_bytes);
// Their keys, which lie in this order; `number` from 0.
std::string KnownRowKey(size_t number);

}  // namespace redress::benchmark

#endif  // REDRESS_TOOLS_BENCHMARK_BARE_SERVER_H_
