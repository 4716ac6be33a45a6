#ifndef REDRESS_SERVICES_REFERRAL_CHECK_LINK_CHECK_H_
#define REDRESS_SERVICES_REFERRAL_CHECK_LINK_CHECK_H_

#include <optional>

#include "absl/status/status.h"
#include "services/platform/check/report.h"
#include "services/platform/check/store_rows.h"
#include "services/platform/kv/rocksdb_backup.h"

namespace redress::referral {

// Holds each peer's outbox against how far it is confirmed and how far it was numbered, and what
// came from a peer against how far that half of the link has come. `state` as for CheckJournal. An
// error means that the store cannot be read.
absl::Status CheckLinks(check::StoreRows& rows, const std::optional<kv::StoreState>& state,
                        check::Report& report);

}  // namespace redress::referral

#endif  // REDRESS_SERVICES_REFERRAL_CHECK_LINK_CHECK_H_
