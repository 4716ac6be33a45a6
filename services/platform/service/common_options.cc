#include "services/platform/service/common_options.h"

#include <cstdint>
#include <cstdio>

#include "absl/flags/flag.h"
#include "absl/flags/parse.h"
#include "absl/flags/usage.h"
#include "absl/flags/usage_config.h"
#include "absl/strings/str_split.h"
#include "fmt/format.h"

ABSL_FLAG(std::string, node, "", "This node: a country in lower case, such as kh. Required.");
ABSL_FLAG(std::string, data_dir, "",
          "Directory of everything the service keeps; made at its first start. Required.");
ABSL_FLAG(std::string, listen, "127.0.0.1:0",
          "Where to serve gRPC: host:port or unix:/path, several separated by commas. Port 0 takes "
          "a free one. Addresses that leave this machine need TLS and are not accepted here.");
ABSL_FLAG(std::string, address_file, "",
          "File that is written once everything is served: JSON with the addresses taken.");
ABSL_FLAG(std::string, node_keys, "",
          "Directory of the node's keys, as `redress node keygen` makes it; at its first start a "
          "service notes there that its store is begun. Required.");
ABSL_FLAG(std::string, issuers, "",
          "Registry of those who may issue tokens, as `redress token register` writes it. Read "
          "again whenever it changes. Required.");
ABSL_FLAG(std::string, metrics_listen, "127.0.0.1:0",
          "Where to serve metrics for Prometheus, under /metrics. Empty: nowhere.");
ABSL_FLAG(absl::Duration, stop_grace, absl::Seconds(10),
          "How long calls may take to finish once the service was told to stop.");
ABSL_FLAG(
    absl::Duration, stop_patience, absl::Seconds(20),
    "How long stopping may take beyond --stop_grace. A process that is still there then exits "
    "with 71.");
ABSL_FLAG(absl::Duration, longest_wait, absl::Milliseconds(10),
          "Calls are turned away, and told when to come again, while those before them would take "
          "longer than this. Few at once are always taken.");
ABSL_FLAG(int32_t, most_calls, 4000,
          "So many calls and open streams at once and no more; others are told to come later.");
ABSL_FLAG(uint32_t, block_cache_mib, 64, "Memory for what was read from the store, in MiB.");
ABSL_FLAG(uint32_t, memtable_mib, 64,
          "Memory for what was written to the store lately, in MiB; as much again while it is put "
          "into files.");
ABSL_FLAG(uint32_t, message_memory_mib, 256,
          "Memory for messages on their way in and out, in MiB; beyond it they are read later, and "
          "connections may be closed.");
ABSL_FLAG(uint32_t, free_space_floor_mib, 256,
          "New work is refused while the disk has less than this left, in MiB; reading goes on.");
ABSL_FLAG(uint32_t, ballast_mib, 64,
          "Room set aside beside the store, in MiB, and given up when a full disk would keep the "
          "service from starting. 0: none.");
ABSL_FLAG(
    int64_t, accept_loss_after, -1,
    "Start although the store has lost every commit after this number. Only as docs/runbook.md "
    "says, and only for the start that needs it.");
#ifdef REDRESS_TEST_HOOKS
ABSL_FLAG(std::string, test_clock_file, "",
          "File with a number of seconds by which the service's clock is ahead; read at each use.");
#endif

namespace redress::service {
namespace {

bool IsOwnFlagFile(absl::string_view file) {
  return file.find("services/") != absl::string_view::npos;
}

void CheckMemory(const CommonOptions& options, FieldViolations& violations) {
  const auto check_mib = [&violations](std::string_view name, size_t bytes, size_t least) {
    const size_t mib = bytes >> 20;
    if (mib >= least && mib <= 65536) return;
    violations.Add(name, fmt::format("is accepted from {} to 65536", least));
  };
  check_mib("--block_cache_mib", options.block_cache_bytes, 1);
  check_mib("--memtable_mib", options.memtable_bytes, 1);
  // Less would not hold a few of the largest messages, of 16 MiB.
  check_mib("--message_memory_mib", options.message_bytes, 64);
  if (options.most_calls < 100 || options.most_calls > 100'000) {
    violations.Add("--most_calls", "is accepted from 100 to 100000");
  }
}

}  // namespace

absl::Status ReadCommandLine(std::string_view purpose, int argc, char** argv) {
  absl::SetProgramUsageMessage(absl::string_view(purpose.data(), purpose.size()));
  absl::FlagsUsageConfig usage;
  usage.contains_help_flags = IsOwnFlagFile;
  usage.contains_helpshort_flags = IsOwnFlagFile;
  usage.contains_helppackage_flags = IsOwnFlagFile;
  absl::SetFlagsUsageConfig(usage);
  const std::vector<char*> rest = absl::ParseCommandLine(argc, argv);
  if (rest.size() > 1) {
    return absl::InvalidArgumentError(
        fmt::format("\"{}\" is no flag; --help shows what there is", rest[1]));
  }
  return absl::OkStatus();
}

void RequireFlag(std::string_view name, std::string_view value, FieldViolations& violations) {
  if (value.empty()) violations.Add(name, "is required");
}

CommonOptions CommonOptionsFromFlags(FieldViolations& violations) {
  CommonOptions options;
  const absl::StatusOr<NodeId> node = NodeId::Parse(absl::GetFlag(FLAGS_node), "--node");
  if (node.ok()) {
    options.node = *node;
  } else {
    violations.Add("--node",
                   node.status().message().empty() ? "is required" : "is no country in lower case");
  }
  options.data_dir = absl::GetFlag(FLAGS_data_dir);
  options.listen = absl::StrSplit(absl::GetFlag(FLAGS_listen), ',', absl::SkipWhitespace());
  options.address_file = absl::GetFlag(FLAGS_address_file);
  options.node_keys = absl::GetFlag(FLAGS_node_keys);
  options.issuers = absl::GetFlag(FLAGS_issuers);
  options.metrics_listen = absl::GetFlag(FLAGS_metrics_listen);
  options.stop_grace = absl::GetFlag(FLAGS_stop_grace);
  options.stop_patience = absl::GetFlag(FLAGS_stop_patience);
  options.longest_wait = absl::GetFlag(FLAGS_longest_wait);
  options.most_calls = absl::GetFlag(FLAGS_most_calls);
  options.block_cache_bytes = size_t{absl::GetFlag(FLAGS_block_cache_mib)} << 20;
  options.memtable_bytes = size_t{absl::GetFlag(FLAGS_memtable_mib)} << 20;
  options.message_bytes = size_t{absl::GetFlag(FLAGS_message_memory_mib)} << 20;
  options.ballast_bytes = uint64_t{absl::GetFlag(FLAGS_ballast_mib)} << 20;
  options.free_space_floor_bytes = uint64_t{absl::GetFlag(FLAGS_free_space_floor_mib)} << 20;
  const int64_t accepted_loss = absl::GetFlag(FLAGS_accept_loss_after);
  if (accepted_loss >= 0) options.accepted_loss = static_cast<uint64_t>(accepted_loss);
#ifdef REDRESS_TEST_HOOKS
  options.test_clock_file = absl::GetFlag(FLAGS_test_clock_file);
#endif
  RequireFlag("--data_dir", options.data_dir, violations);
  RequireFlag("--node_keys", options.node_keys, violations);
  RequireFlag("--issuers", options.issuers, violations);
  if (options.listen.empty()) violations.Add("--listen", "is required");
  if (options.stop_grace < absl::ZeroDuration() || options.stop_grace > absl::Minutes(10)) {
    violations.Add("--stop_grace", "is accepted from 0s to 10m");
  }
  if (options.stop_patience < absl::Seconds(2) || options.stop_patience > absl::Minutes(10)) {
    violations.Add("--stop_patience", "is accepted from 2s to 10m");
  }
  if (options.longest_wait < absl::Milliseconds(1) || options.longest_wait > absl::Seconds(10)) {
    violations.Add("--longest_wait", "is accepted from 1ms to 10s");
  }
  CheckMemory(options, violations);
  return options;
}

int ReportStartFailure(std::string_view service, const absl::Status& status, int exit_code) {
  const std::vector<FieldViolation> violations = GetFieldViolations(status);
  for (const FieldViolation& violation : violations) {
    std::fprintf(
        stderr, "%s\n",
        fmt::format("redress-{}: {} {}", service, violation.field, violation.problem).c_str());
  }
  if (violations.empty()) {
    std::fprintf(stderr, "%s\n", fmt::format("redress-{}: {}", service, status.ToString()).c_str());
  }
  return exit_code;
}

}  // namespace redress::service
