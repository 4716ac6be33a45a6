#ifndef REDRESS_SERVICES_STATUS_STORAGE_KV_READ_MODEL_H_
#define REDRESS_SERVICES_STATUS_STORAGE_KV_READ_MODEL_H_

#include <cstdint>
#include <memory>
#include <vector>

#include "services/platform/kv/schema.h"
#include "services/platform/kv/store.h"
#include "services/status/app/read_model.h"

namespace redress::status {

// The schema of status' store. 2: sums by kind of member, and when consents run out. 3: commits in
// several parts, which an older binary would not finish. 4: list rows that tell the holder and the
// clock without their summary being read. 5: cases as those see them who see all. 6: a ledger in
// rows of its own, what attachés see by referral, who is told of a change. 7: cases that are set
// aside, which an older binary would take for empty.
//
// Whoever changes what follows from events or from a case's row, in domain/ (apply_*.cc,
// case_view.cc, scope.cc, list_index.cc, cells.cc) or in what app/ keeps of it (views.cc,
// list_rows.cc, home_status.cc), raises it, though the bytes stay readable: a row is only made anew
// when its case changes, and an index only by what was written before.
inline constexpr uint32_t kStatusSchema = 7;
// What is in an older store is not rewritten but removed and read from the event logs again:
// it is marked as one whose rebuild has begun.
std::vector<kv::Migration> StatusMigrations();

// The read models in an ordered store, as keys.h maps it. `store` outlives it.
// Commit: as wide_commit.h says.
std::unique_ptr<ReadModel> MakeReadModel(kv::Store& store);

}  // namespace redress::status

#endif  // REDRESS_SERVICES_STATUS_STORAGE_KV_READ_MODEL_H_
