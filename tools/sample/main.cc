// redress-sample: invented complaints for demonstrations, imports and load.

#include <fstream>
#include <iostream>

#include "CLI/CLI.hpp"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "services/platform/status/status_macros.h"
#include "tools/sample/complaint_writer.h"
#include "tools/sample/options.h"
#include "tools/sample/sample_stream.h"

namespace {

using redress::sample::ComplaintWriter;
using redress::sample::Options;
using redress::sample::SampleSettings;

absl::Status Run(const Options& options) {
  ASSIGN_OR_RETURN(SampleSettings settings, redress::sample::ReadSettings(options));
  ASSIGN_OR_RETURN(ComplaintWriter writer, ComplaintWriter::Make(std::move(settings)));
  if (options.output == "-") {
    return redress::sample::WriteSample(writer, options.first - 1, options.count, std::cout,
                                        std::cerr);
  }
  std::ofstream file(options.output, std::ios::binary | std::ios::trunc);
  if (!file) return absl::NotFoundError("output: the file cannot be opened for writing");
  return redress::sample::WriteSample(writer, options.first - 1, options.count, file, std::cerr);
}

}  // namespace

int main(int argc, char** argv) {
  std::ios::sync_with_stdio(false);
  Options options;
  CLI::App app;
  redress::sample::DeclareOptions(app, options);
  CLI11_PARSE(app, argc, argv);
  if (absl::Status status = Run(options); !status.ok()) {
    std::cerr << "redress-sample: "
              << std::string_view(status.message().data(), status.message().size()) << '\n';
    return 1;
  }
  return 0;
}
