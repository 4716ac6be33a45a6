#ifndef REDRESS_SERVICES_STATUS_STORAGE_KV_READ_MODEL_H_
#define REDRESS_SERVICES_STATUS_STORAGE_KV_READ_MODEL_H_

#include <memory>

#include "services/platform/kv/store.h"
#include "services/status/app/read_model.h"

namespace redress::status {

// The schema of status' store. A store of an older one needs a rebuild, not a migration.
inline constexpr uint32_t kStatusSchema = 1;

// The read models in an ordered store, as keys.h maps it. `store` outlives it.
// Commit: RESOURCE_EXHAUSTED STORE_FULL when there is no room, UNAVAILABLE when the store is
// closing or cannot tell (the writer reads its cursors again), INTERNAL when it is over the store's
// limits.
std::unique_ptr<ReadModel> MakeReadModel(kv::Store& store);

}  // namespace redress::status

#endif  // REDRESS_SERVICES_STATUS_STORAGE_KV_READ_MODEL_H_
