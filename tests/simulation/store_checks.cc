#include "tests/simulation/store_checks.h"

#include "fmt/format.h"
#include "services/intake/check/intake_check.h"
#include "services/intake/domain/testing/sample_filing.h"
#include "services/platform/check/report.h"
#include "services/referral/check/referral_check.h"

namespace redress::simulation {
namespace {

void Tell(const Node& node, const check::Report& report, const absl::Status& readable,
          const OnViolation& on_violation) {
  if (!readable.ok()) {
    on_violation(fmt::format("{}'s store of {} cannot be read: {}", node.name(), report.service(),
                             readable.ToString()));
  }
  for (const check::Difference& one : report.differences()) {
    on_violation(fmt::format("{}'s {}: {} {} {}", node.name(), report.service(), one.table,
                             one.subject, one.problem));
  }
}

}  // namespace

void CheckStores(Nodes& nodes, const OnViolation& on_violation) {
  for (const auto& [name, node] : nodes) {
    check::Report intake("intake");
    const intake::CheckOptions intake_options{
        .now = node->clock.Now(), .files = {}, .wrapping_key = &node->key()};
    Tell(*node, intake,
         intake::CheckIntake(node->intake_disk.rows, std::nullopt, intake_options, intake),
         on_violation);
    check::Report referral("referral");
    const referral::CheckOptions referral_options{
        .wrapping_key = &node->key(), .codes = &intake::SampleCodes(), .files = {}};
    Tell(
        *node, referral,
        referral::CheckReferral(node->referral_disk.rows, std::nullopt, referral_options, referral),
        on_violation);
  }
}

}  // namespace redress::simulation
