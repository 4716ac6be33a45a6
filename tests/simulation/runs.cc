#include "tests/simulation/runs.h"

#include <algorithm>

#include "fmt/format.h"

namespace redress::simulation {

Result RunOnce(const Options& options) { return World(options).Run(); }

Shrunk Shrink(const Options& failing, const Result& result, int tries) {
  Shrunk shrunk{failing, result, 0};
  // Steps after the first violation have no part in it.
  shrunk.options.steps = std::min(failing.steps, std::max<uint32_t>(1, result.failed_at));
  bool simpler = true;
  while (simpler && shrunk.tries < tries) {
    simpler = false;
    for (const Options& options : Simpler(shrunk.options)) {
      if (++shrunk.tries > tries) break;
      const Result tried = RunOnce(options);
      if (tried.ok()) continue;
      shrunk.options = options;
      shrunk.options.steps = std::min(options.steps, std::max<uint32_t>(1, tried.failed_at));
      shrunk.result = tried;
      simpler = true;
      break;
    }
  }
  return shrunk;
}

std::string Report(const Options& options, const Result& result) {
  std::string report = fmt::format("seed {} fails at step {}:\n", options.seed, result.failed_at);
  for (const std::string& violation : result.violations) report += "  " + violation + "\n";
  report += fmt::format("  repeat: tools/simulate --seed={} {}\n", options.seed, ToFlags(options));
  return report;
}

}  // namespace redress::simulation
