#ifndef REDRESS_TOOLS_SAMPLE_OPTIONS_H_
#define REDRESS_TOOLS_SAMPLE_OPTIONS_H_

#include <cstdint>
#include <string>

#include "CLI/CLI.hpp"
#include "absl/status/statusor.h"
#include "tools/sample/complaint_writer.h"

namespace redress::sample {

// What the command line says, as it stands.
struct Options {
  uint64_t count = 1000;
  uint64_t first = 1;  // Number of the first complaint, for making a large sample in parts.
  std::string output = "-";
  std::string format = "jsonl";
  std::string last_day = "2025-12-31";
  SampleSettings settings;
};

// Declares all flags, their defaults and their help.
void DeclareOptions(CLI::App& app, Options& options);

// The settings with the last day read. INVALID_ARGUMENT when it is no date.
absl::StatusOr<SampleSettings> ReadSettings(const Options& options);

}  // namespace redress::sample

#endif  // REDRESS_TOOLS_SAMPLE_OPTIONS_H_
