#ifndef REDRESS_SERVICES_REFERRAL_CHECK_REFERRAL_CHECK_H_
#define REDRESS_SERVICES_REFERRAL_CHECK_REFERRAL_CHECK_H_

#include <optional>
#include <string>

#include "absl/status/status.h"
#include "services/platform/check/report.h"
#include "services/platform/codes/iso_codes.h"
#include "services/platform/crypto/secret_key.h"
#include "services/platform/kv/rocksdb_backup.h"
#include "services/platform/kv/store.h"

namespace redress::referral {

struct CheckOptions {
  // What wraps the case keys, and the codes that facts are written in. Without both, what is sealed
  // stays so: facts are counted and not folded, files not looked at.
  const crypto::SecretKey* wrapping_key = nullptr;
  const IsoCodes* codes = nullptr;
  std::string files;  // The folder of the files; empty: they are not looked at.
};

// Recomputes what referral's store keeps twice, from what it is made of, and reports each
// difference: each row's key and message; each referral's record from its facts, its evidence
// chains, members, files, clocks and index rows; how bodies answered from all records; outboxes and
// inboxes against the links. In memory for one referral at a time, and a count for each body.
//
// The store must be one that nobody writes to. An error means that it cannot be read.
absl::Status CheckReferral(kv::Store& store, const std::optional<kv::StoreState>& state,
                           const CheckOptions& options, check::Report& report);

}  // namespace redress::referral

#endif  // REDRESS_SERVICES_REFERRAL_CHECK_REFERRAL_CHECK_H_
