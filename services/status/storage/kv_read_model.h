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
// clock without their summary being read. 5: cases as those see them who see all.
inline constexpr uint32_t kStatusSchema = 5;
// What is in an older store is not rewritten but removed and read from the event logs again:
// it is marked as one whose rebuild has begun.
std::vector<kv::Migration> StatusMigrations();

// The read models in an ordered store, as keys.h maps it. `store` outlives it.
// Commit: as wide_commit.h says.
std::unique_ptr<ReadModel> MakeReadModel(kv::Store& store);

}  // namespace redress::status

#endif  // REDRESS_SERVICES_STATUS_STORAGE_KV_READ_MODEL_H_
