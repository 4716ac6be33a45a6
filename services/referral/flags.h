#ifndef REDRESS_SERVICES_REFERRAL_FLAGS_H_
#define REDRESS_SERVICES_REFERRAL_FLAGS_H_

#include <string>

#include "absl/status/statusor.h"
#include "services/platform/service/common_options.h"
#include "services/referral/clock_rules.h"

namespace redress::referral {

// What the referral service is told at its start. Immutable afterwards.
struct Options {
  service::CommonOptions common;
  std::string intake;           // --intake: address of the node's own intake.
  std::string exchange_listen;  // --exchange_listen; empty: the node has no peers.
  std::string exchange_cert;    // --exchange_cert
  std::string exchange_key;     // --exchange_key
  std::string exchange_ca;      // --exchange_ca
  std::string peers;            // --peers; empty: none.
  ClockConfig clocks;           // --clock_rules, read.
  std::string iso_codes;        // --iso_codes
};

// Reads the command line; --help and unknown flags end the process, as Abseil does.
// INVALID_ARGUMENT naming every flag that is wrong.
absl::StatusOr<Options> OptionsFromCommandLine(int argc, char** argv);

}  // namespace redress::referral

#endif  // REDRESS_SERVICES_REFERRAL_FLAGS_H_
