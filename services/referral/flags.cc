#include "services/referral/flags.h"

#include <utility>

#include "absl/flags/flag.h"
#include "services/platform/codes/iso_codes.h"
#include "services/platform/status/field_violations.h"
#include "services/platform/status/status_macros.h"

ABSL_FLAG(std::string, intake, "",
          "Address of the node's own intake: host:port or unix:/path. Required.");
ABSL_FLAG(std::string, exchange_listen, "",
          "Where other nodes reach this one, host:port. Empty: it has no peers.");
ABSL_FLAG(std::string, exchange_cert, "",
          "PEM file with the node's certificate, shown to peers whichever side connects.");
ABSL_FLAG(std::string, exchange_key, "", "PEM file with the key of that certificate.");
ABSL_FLAG(std::string, exchange_ca, "",
          "PEM file with the authorities that may have signed peers' certificates.");
ABSL_FLAG(std::string, peers, "",
          "JSON list of peers: node, address, certificate_sha256. Only who is listed gets in.");
ABSL_FLAG(std::string, clock_rules, "",
          "JSON file of durations that differ from the defaults, such as "
          "{\"accept_normal\": \"7d\"}, and of the calendar.");
ABSL_FLAG(std::string, iso_codes, redress::kIsoCodesDirectory,
          "Directory with the lists of countries, currencies and languages (package iso-codes).");

namespace redress::referral {
namespace {

constexpr char kPurpose[] =
    "redress-referral: the referrals of a node, out and in, with their directory, their clocks, "
    "and "
    "the exchange with other nodes.\n\n"
    "  redress-referral --node=kh --data_dir=/var/lib/redress/referral "
    "--node_keys=/etc/redress/keys "
    "--issuers=/etc/redress/keys/issuers.json --listen=127.0.0.1:7002 --intake=127.0.0.1:7001 "
    "--exchange_listen=0.0.0.0:7443 --exchange_cert=node.crt --exchange_key=node.key "
    "--exchange_ca=ca.crt --peers=peers.json";

}  // namespace

absl::StatusOr<Options> OptionsFromCommandLine(int argc, char** argv) {
  RETURN_IF_ERROR(service::ReadCommandLine(kPurpose, argc, argv));
  FieldViolations violations;
  Options options;
  options.common = service::CommonOptionsFromFlags(violations);
  options.intake = absl::GetFlag(FLAGS_intake);
  options.exchange_listen = absl::GetFlag(FLAGS_exchange_listen);
  options.exchange_cert = absl::GetFlag(FLAGS_exchange_cert);
  options.exchange_key = absl::GetFlag(FLAGS_exchange_key);
  options.exchange_ca = absl::GetFlag(FLAGS_exchange_ca);
  options.peers = absl::GetFlag(FLAGS_peers);
  options.iso_codes = absl::GetFlag(FLAGS_iso_codes);
  service::RequireFlag("--intake", options.intake, violations);
  service::RequireFlag("--iso_codes", options.iso_codes, violations);
  if (!options.exchange_listen.empty()) {
    service::RequireFlag("--exchange_cert", options.exchange_cert, violations);
    service::RequireFlag("--exchange_key", options.exchange_key, violations);
    service::RequireFlag("--exchange_ca", options.exchange_ca, violations);
    service::RequireFlag("--peers", options.peers, violations);
  } else if (!options.peers.empty()) {
    violations.Add("--exchange_listen", "is required with --peers");
  }
  absl::StatusOr<ClockConfig> clocks = LoadClockRules(absl::GetFlag(FLAGS_clock_rules));
  if (clocks.ok()) {
    options.clocks = *std::move(clocks);
  } else {
    for (const FieldViolation& violation : GetFieldViolations(clocks.status())) {
      violations.Add("--clock_rules: " + violation.field, violation.problem);
    }
  }
  RETURN_IF_ERROR(violations.ToStatus());
  return options;
}

}  // namespace redress::referral
