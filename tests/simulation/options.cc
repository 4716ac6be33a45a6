#include "tests/simulation/options.h"

#include <array>
#include <charconv>
#include <string_view>
#include <variant>

#include "fmt/format.h"
#include "tests/simulation/dice.h"

namespace redress::simulation {
namespace {

using Field = std::variant<uint32_t Options::*, absl::Duration Options::*, bool Options::*>;

struct Named {
  std::string_view name;
  Field field;
  bool fault;  // Something that goes wrong, and can be left out.
};

constexpr std::array<Named, 22> kFields = {{
    {"nodes", &Options::nodes, false},
    {"cases", &Options::cases, false},
    {"clients", &Options::clients, false},
    {"steps", &Options::steps, false},
    {"network-delay-ms", &Options::network_delay, false},
    {"lost-answers", &Options::lost_answers, true},
    {"broken-streams", &Options::broken_streams, true},
    {"repeated-streams", &Options::repeated_streams, true},
    {"partitions", &Options::partitions, true},
    {"swizzles", &Options::swizzles, true},
    {"crashes", &Options::crashes, true},
    {"disk-delay-ms", &Options::disk_delay, false},
    {"slow-reads", &Options::slow_reads, true},
    {"skew-ms", &Options::skew, true},
    {"leaps", &Options::leaps, true},
    {"wrong-verbs", &Options::wrong_verbs, true},
    {"wrong-people", &Options::wrong_people, true},
    {"stale-etags", &Options::stale_etags, true},
    {"repeats", &Options::repeats, true},
    {"lying-disk", &Options::lying_disk, false},
    {"forgetful-inbox", &Options::forgetful_inbox, false},
    {"forgetful-ledger", &Options::forgetful_ledger, false},
}};

uint64_t ValueOf(const Options& options, const Field& field) {
  if (const auto* number = std::get_if<uint32_t Options::*>(&field)) return options.**number;
  if (const auto* flag = std::get_if<bool Options::*>(&field)) return options.**flag ? 1 : 0;
  const auto time = std::get<absl::Duration Options::*>(field);
  return static_cast<uint64_t>(absl::ToInt64Milliseconds(options.*time));
}

void SetValue(Options& options, const Field& field, uint64_t value) {
  if (const auto* number = std::get_if<uint32_t Options::*>(&field)) {
    options.** number = static_cast<uint32_t>(value);
  } else if (const auto* flag = std::get_if<bool Options::*>(&field)) {
    options.** flag = value != 0;
  } else {
    options.*std::get<absl::Duration Options::*>(field) =
        absl::Milliseconds(static_cast<int64_t>(value));
  }
}

}  // namespace

Options Options::FromSeed(uint64_t seed) {
  Dice dice(Dice::Fork(seed, "options"));
  // Each kind of fault is absent from a part of the runs: what one hides another shows.
  const auto sometimes = [&dice](uint32_t most) -> uint32_t {
    return dice.Chance(400) ? 0 : 1 + static_cast<uint32_t>(dice.Below(most));
  };
  Options options;
  options.seed = seed;
  options.nodes = dice.Chance(650) ? 2 : 3 + static_cast<uint32_t>(dice.Below(2));
  options.cases = 1 + static_cast<uint32_t>(dice.Below(2));
  options.clients = 1 + static_cast<uint32_t>(dice.Below(6));
  options.steps = 40 + static_cast<uint32_t>(dice.Below(120));
  options.network_delay = absl::Milliseconds(dice.Chance(700) ? 50 : 3000);
  options.lost_answers = sometimes(80);
  options.broken_streams = sometimes(100);
  options.repeated_streams = sometimes(300);
  options.partitions = sometimes(80);
  options.swizzles = sometimes(30);
  options.crashes = sometimes(60);
  options.disk_delay = absl::Milliseconds(dice.Chance(700) ? 10 : 400);
  options.slow_reads = sometimes(200);
  options.skew = dice.Chance(300)   ? absl::ZeroDuration()
                 : dice.Chance(800) ? absl::Minutes(2)
                                    : absl::Hours(6);
  options.leaps = sometimes(60);
  return options;
}

std::string ToFlags(const Options& options) {
  std::string flags;
  for (const Named& named : kFields) {
    const uint64_t value = ValueOf(options, named.field);
    const bool usual = std::holds_alternative<bool Options::*>(named.field) && value == 0;
    if (usual) continue;
    flags += fmt::format("{}--{}={}", flags.empty() ? "" : " ", named.name, value);
  }
  return flags;
}

absl::Status ReadFlag(std::string_view flag, Options& options) {
  for (const Named& named : kFields) {
    const std::string prefix = fmt::format("--{}=", named.name);
    if (!flag.starts_with(prefix)) continue;
    uint64_t value = 0;
    const char* end = flag.data() + flag.size();
    const auto read = std::from_chars(flag.data() + prefix.size(), end, value);
    if (read.ec != std::errc() || read.ptr != end) break;
    SetValue(options, named.field, value);
    return absl::OkStatus();
  }
  return absl::InvalidArgumentError(fmt::format("{}: not an option", flag));
}

std::vector<Options> Simpler(const Options& options) {
  std::vector<Options> simpler;
  const auto with = [&](const Field& field, uint64_t value) {
    if (ValueOf(options, field) <= value) return;
    SetValue(simpler.emplace_back(options), field, value);
  };
  with(&Options::steps, options.steps / 2);
  with(&Options::steps, options.steps * 3 / 4);
  with(&Options::nodes, 2);
  for (const Named& named : kFields) {
    if (named.fault) with(named.field, 0);
  }
  with(&Options::clients, 1);
  with(&Options::cases, 1);
  with(&Options::network_delay, 50);
  with(&Options::disk_delay, 1);
  with(&Options::steps, options.steps * 9 / 10);
  if (options.steps > 1) with(&Options::steps, options.steps - 1);
  return simpler;
}

}  // namespace redress::simulation
