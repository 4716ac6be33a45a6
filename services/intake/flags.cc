#include "services/intake/flags.h"

#include "absl/flags/flag.h"
#include "services/platform/status/field_violations.h"
#include "services/platform/status/status_macros.h"

ABSL_FLAG(absl::Duration, cooling_off, absl::Hours(7 * 24),
          "How long a withdrawal can be undone by the worker, 1h to 2160h.");
ABSL_FLAG(std::string, iso_codes, redress::kIsoCodesDirectory,
          "Directory with the lists of countries, currencies and languages (package iso-codes).");

namespace redress::intake {
namespace {

constexpr char kPurpose[] =
    "redress-intake: holds the complaints that are filed at this node, and all that is known of "
    "the workers who file them.\n\n"
    "  redress-intake --node=kh --data_dir=/var/lib/redress/intake --node_keys=/etc/redress/keys "
    "--issuers=/etc/redress/keys/issuers.json --listen=127.0.0.1:7001";

constexpr absl::Duration kShortestCoolingOff = absl::Hours(1);
constexpr absl::Duration kLongestCoolingOff = absl::Hours(90 * 24);

}  // namespace

absl::StatusOr<Options> OptionsFromCommandLine(int argc, char** argv) {
  RETURN_IF_ERROR(service::ReadCommandLine(kPurpose, argc, argv));
  FieldViolations violations;
  Options options{.common = service::CommonOptionsFromFlags(violations),
                  .cooling_off = absl::GetFlag(FLAGS_cooling_off),
                  .iso_codes = absl::GetFlag(FLAGS_iso_codes)};
  if (options.cooling_off < kShortestCoolingOff || options.cooling_off > kLongestCoolingOff) {
    violations.Add("--cooling_off", "is accepted from 1h to 2160h");
  }
  service::RequireFlag("--iso_codes", options.iso_codes, violations);
  RETURN_IF_ERROR(violations.ToStatus());
  return options;
}

}  // namespace redress::intake
