#include "tools/sample/options.h"

#include <limits>
#include <optional>
#include <string>
#include <vector>

#include "fmt/format.h"
#include "fmt/ranges.h"
#include "tools/sample/proportions.h"

namespace redress::sample {

void DeclareOptions(CLI::App& app, Options& options) {
  app.description(
      "Writes invented complaints in the published proportions, one JSON object a line, ready for\n"
      "`redress complaint import`. The same seed gives the same lines on every machine.");
  app.footer(
      "Example:\n"
      "  redress-sample --count 1000 --seed 7 --node kh --output kh.jsonl\n"
      "  redress-sample --count 2000000 --node my --max-members 3 | gzip > my.jsonl.gz");
  app.add_option("--count", options.count, "How many complaints")
      ->capture_default_str()
      ->check(CLI::Range(uint64_t{1}, uint64_t{1'000'000'000}));
  app.add_option("--seed", options.settings.seed, "Which sample")->capture_default_str();
  app.add_option(
         "--node", options.settings.node,
         fmt::format("Country whose desk they are filed at: {}", fmt::join(KnownNodes(), ", ")))
      ->capture_default_str();
  app.add_option("--output", options.output, "File to write, - for standard output")
      ->capture_default_str();
  app.add_option("--format", options.format, "jsonl: one complaint a line")
      ->capture_default_str()
      ->check(CLI::IsMember(std::vector<std::string>{"jsonl"}));
  app.add_option("--last-day", options.last_day, "No complaint is later (YYYY-MM-DD)")
      ->capture_default_str();
  app.add_option("--max-members", options.settings.max_members,
                 "Members of a group listed by name, 1 to 200; the others are only counted")
      ->capture_default_str()
      ->check(CLI::Range(uint32_t{1}, kMaxMembers));
  app.add_option("--first", options.first, "Number of the first one, to go on with a sample")
      ->capture_default_str()
      ->check(CLI::Range(uint64_t{1}, std::numeric_limits<uint64_t>::max()));
}

absl::StatusOr<SampleSettings> ReadSettings(const Options& options) {
  const std::optional<Date> last_day = Date::Parse(options.last_day);
  if (!last_day.has_value() || !last_day->whole()) {
    return absl::InvalidArgumentError(
        fmt::format("last day: '{}' is no date; accepted: YYYY-MM-DD", options.last_day));
  }
  SampleSettings settings = options.settings;
  settings.last_day = *last_day;
  return settings;
}

}  // namespace redress::sample
