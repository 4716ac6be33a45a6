#ifndef REDRESS_SERVICES_PLATFORM_SERVICE_COMMON_OPTIONS_H_
#define REDRESS_SERVICES_PLATFORM_SERVICE_COMMON_OPTIONS_H_

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "services/platform/files/free_space.h"
#include "services/platform/ids/names.h"
#include "services/platform/status/field_violations.h"

namespace redress::service {

// What the process of every service is told at its start, whichever service it is. The flags of the
// same names are declared here once; a service puts this beside its own in an Options struct of its
// own, which nobody changes afterwards.
struct CommonOptions {
  NodeId node;                                    // --node
  std::string data_dir;                           // --data_dir: the store lies in its "store"
  std::vector<std::string> listen;                // --listen: one or more, separated by commas
  std::string address_file;                       // --address_file; empty: none is written
  std::string node_keys;                          // --node_keys: a directory
  std::string issuers;                            // --issuers: the registry of token issuers
  std::string metrics_listen;                     // --metrics_listen; empty: no metrics are served
  std::string test_clock_file;                    // --test_clock_file; in test builds only
  absl::Duration stop_grace = absl::Seconds(10);  // --stop_grace
  absl::Duration stop_patience = absl::Seconds(20);      // --stop_patience
  absl::Duration longest_wait = absl::Milliseconds(10);  // --longest_wait
  int most_calls = 4000;                                 // --most_calls
  size_t block_cache_bytes = 64 << 20;                   // --block_cache_mib
  size_t memtable_bytes = 64 << 20;                      // --memtable_mib
  size_t message_bytes = 256 << 20;                      // --message_memory_mib
  uint64_t ballast_bytes = 64 << 20;                     // --ballast_mib
  uint64_t free_space_floor_bytes = 256 << 20;           // --free_space_floor_mib
  std::optional<uint64_t> accepted_loss;                 // --accept_loss_after

  std::string store_directory() const { return data_dir + "/store"; }
  std::string files_directory() const { return data_dir + "/files"; }
  files::FreeSpaceFloor files_floor() const { return {files_directory(), free_space_floor_bytes}; }
};

// Has --help show the flags of this project and not those of its libraries, and reads the command
// line. `purpose` is one sentence for --help. Ends the process with usage when a flag is unknown,
// as Abseil does. INVALID_ARGUMENT when something stands there that is no flag.
absl::Status ReadCommandLine(std::string_view purpose, int argc, char** argv);

// The options that the flags hold; what is wrong with them is noted under the flags' names.
CommonOptions CommonOptionsFromFlags(FieldViolations& violations);

// For flags of one service: notes that it is required, or that it is no address.
void RequireFlag(std::string_view name, std::string_view value, FieldViolations& violations);

// Prints why a process does not start, a line per wrong flag, to standard error. Gives `exit_code`.
int ReportStartFailure(std::string_view service, const absl::Status& status, int exit_code);

// Exit codes of a service: it was told something wrong; it could not start.
inline constexpr int kUsageExitCode = 2;
inline constexpr int kStartFailedExitCode = 1;

}  // namespace redress::service

#endif  // REDRESS_SERVICES_PLATFORM_SERVICE_COMMON_OPTIONS_H_
