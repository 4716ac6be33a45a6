#ifndef REDRESS_TOOLS_BENCHMARK_BARE_SERVER_H_
#define REDRESS_TOOLS_BENCHMARK_BARE_SERVER_H_

#include <cstddef>
#include <string>

namespace redress::benchmark {

// The yardsticks that Redress is held against. Both serve on a free port of this machine, which
// they print as one line once they serve, until their standard input ends. They return the exit
// status.

// gRPC and nothing else: async API, one completion queue, one polling thread.
int ServeEcho();

// The same with a store behind it: one thread takes all that is pending, writes it as one batch and
// syncs it. `directory` is made when absent. Beside the rows of a request it writes `more_rows` of
// `more_bytes` each.
int ServeBatching(const std::string& directory, int more_rows, size_t more_bytes);

}  // namespace redress::benchmark

#endif  // REDRESS_TOOLS_BENCHMARK_BARE_SERVER_H_
