#ifndef REDRESS_SERVICES_INTAKE_CHECK_INTAKE_CHECK_H_
#define REDRESS_SERVICES_INTAKE_CHECK_INTAKE_CHECK_H_

#include <optional>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "services/platform/check/report.h"
#include "services/platform/crypto/secret_key.h"
#include "services/platform/kv/rocksdb_backup.h"
#include "services/platform/kv/store.h"

namespace redress::intake {

struct CheckOptions {
  // Consents that run out by then count nowhere.
  absl::Time now;
  // The folder of the evidence files; empty: they are not looked at.
  std::string files;
  // What wraps the case keys: with it sealed parts are opened and files read. Null: sealed parts
  // are left as they are, and of files their sizes must do.
  const crypto::SecretKey* wrapping_key = nullptr;
};

// Recomputes what intake's store keeps twice, from what it is made of, and reports each difference:
// counts, tallies and sums of a head from its rows; list, look-alike, ledger and evidence indexes,
// both ways; history, members, disclosures and approvals against the head; files beside the store.
// It goes through the tables of cases side by side, in memory for one case at a time.
//
// The store must be one that nobody writes to. An error means that it cannot be read.
absl::Status CheckIntake(kv::Store& store, const std::optional<kv::StoreState>& state,
                         const CheckOptions& options, check::Report& report);

// The node whose cases the store holds, "kh", by the first that can be read; empty while there is
// none. DATA_LOSS when none of those that are there can be.
absl::StatusOr<std::string> HomeNodeOf(kv::Store& store);

}  // namespace redress::intake

#endif  // REDRESS_SERVICES_INTAKE_CHECK_INTAKE_CHECK_H_
