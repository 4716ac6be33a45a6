// Runs seeds of the simulation; tools/simulate builds it and starts one of it a core.
#include <charconv>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <string>
#include <string_view>
#include <vector>

#include "fmt/format.h"
#include "tests/simulation/runs.h"

namespace {

using redress::simulation::Options;
using redress::simulation::Result;

struct Arguments {
  uint64_t first = 1;
  uint64_t seeds = 100;
  uint64_t stride = 1;  // Every how many seeds: several processes share a range.
  bool one = false;     // --seed: that one, with the options given.
  bool quiet = false;
  std::vector<std::string> options;
};

bool ReadNumber(std::string_view argument, std::string_view name, uint64_t& number) {
  const std::string prefix = fmt::format("--{}=", name);
  if (!argument.starts_with(prefix)) return false;
  const char* end = argument.data() + argument.size();
  const auto read = std::from_chars(argument.data() + prefix.size(), end, number);
  return read.ec == std::errc() && read.ptr == end;
}

bool Read(int argc, char** argv, Arguments& arguments) {
  Options checked;
  for (int i = 1; i < argc; ++i) {
    const std::string_view argument = argv[i];
    if (ReadNumber(argument, "seed", arguments.first)) {
      arguments.one = true;
    } else if (argument == "--quiet") {
      arguments.quiet = true;
    } else if (!ReadNumber(argument, "seeds", arguments.seeds) &&
               !ReadNumber(argument, "first", arguments.first) &&
               !ReadNumber(argument, "stride", arguments.stride)) {
      if (!ReadFlag(argument, checked).ok()) {
        std::fprintf(stderr, "%s: not known\n", argv[i]);
        return false;
      }
      arguments.options.emplace_back(argument);
    }
  }
  return true;
}

Options OptionsOf(uint64_t seed, const Arguments& arguments) {
  Options options = Options::FromSeed(seed);
  for (const std::string& flag : arguments.options) (void)ReadFlag(flag, options);
  return options;
}

void Fail(const Options& options, const Result& result) {
  constexpr int kTries = 300;
  std::printf("%s", Report(options, result).c_str());
  std::fflush(stdout);
  const redress::simulation::Shrunk shrunk = Shrink(options, result, kTries);
  std::printf("shrunk in %d tries: %s", shrunk.tries,
              Report(shrunk.options, shrunk.result).c_str());
}

}  // namespace

int main(int argc, char** argv) {
  Arguments arguments;
  if (!Read(argc, argv, arguments)) return 2;
  const auto began = std::chrono::steady_clock::now();
  const auto elapsed = [began] {
    return std::chrono::duration<double>(std::chrono::steady_clock::now() - began).count();
  };
  const uint64_t seeds = arguments.one ? 1 : arguments.seeds;
  uint64_t ran = 0;
  Result all;
  for (; ran < seeds; ++ran) {
    const Options options = OptionsOf(arguments.first + ran * arguments.stride, arguments);
    const Result result = RunOnce(options);
    if (!result.ok()) {
      Fail(options, result);
      return 1;
    }
    all.facts += result.facts;
    all.referrals += result.referrals;
    all.done += result.done;
    all.refused += result.refused;
    all.unknown += result.unknown;
    all.crashes += result.crashes;
    all.took += result.took;
    if (arguments.one)
      std::printf("trace %016llx\n", static_cast<unsigned long long>(result.trace));
  }
  if (!arguments.quiet) {
    std::printf(
        "%llu seeds in %.1f s: %llu referrals, %llu facts; %llu verbs done, %llu refused, "
        "%llu in doubt; %llu crashes; %.1f days\n",
        static_cast<unsigned long long>(ran), elapsed(),
        static_cast<unsigned long long>(all.referrals), static_cast<unsigned long long>(all.facts),
        static_cast<unsigned long long>(all.done), static_cast<unsigned long long>(all.refused),
        static_cast<unsigned long long>(all.unknown), static_cast<unsigned long long>(all.crashes),
        absl::ToDoubleHours(all.took) / 24);
  }
  return 0;
}
