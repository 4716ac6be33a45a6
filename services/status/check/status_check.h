#ifndef REDRESS_SERVICES_STATUS_CHECK_STATUS_CHECK_H_
#define REDRESS_SERVICES_STATUS_CHECK_STATUS_CHECK_H_

#include <optional>
#include <string>

#include "absl/status/status.h"
#include "services/platform/async/manual_executor.h"
#include "services/platform/check/report.h"
#include "services/platform/kv/rocksdb_backup.h"
#include "services/platform/kv/store.h"

namespace redress::status {

// The event logs that read models are made from, and an empty store to make them in anew, which
// goes on upon `executor`.
struct Sources {
  std::string node;  // "kh"
  kv::Store& intake;
  kv::Store& referral;
  kv::Store& scratch;
  async::ManualExecutor& executor;
};

// Recomputes status' read models and reports each difference: tallies of a case from its members;
// lists, counts and time bands from the cases, both ways; what members are found by; timelines and
// changes as far as the logs are taken in. With `sources`, cases, members, timelines, tracking,
// changes, bodies, links, postings and agreements are also made anew from the events, and compared.
// In memory for one case at a time, for the cells of the counts, and for the numbers of cases that
// are set aside.
//
// The stores must be ones that nobody writes to; only `scratch` is written. An error means that one
// cannot be read.
absl::Status CheckStatus(kv::Store& store, const std::optional<kv::StoreState>& state,
                         const std::optional<Sources>& sources, check::Report& report);

}  // namespace redress::status

#endif  // REDRESS_SERVICES_STATUS_CHECK_STATUS_CHECK_H_
