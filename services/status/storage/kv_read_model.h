#ifndef REDRESS_SERVICES_STATUS_STORAGE_KV_READ_MODEL_H_
#define REDRESS_SERVICES_STATUS_STORAGE_KV_READ_MODEL_H_

#include <cstdint>
#include <memory>
#include <vector>

#include "services/platform/kv/schema.h"
#include "services/platform/kv/store.h"
#include "services/status/app/read_model.h"

namespace redress::status {

// The schema of status' store. 2: sums by kind of member, and when consents run out.
inline constexpr uint32_t kStatusSchema = 2;
// What is in an older store is not rewritten but removed and read from the event logs again: they
// mark the store as one whose rebuild has begun.
std::vector<kv::Migration> StatusMigrations();

// The read models in an ordered store, as keys.h maps it. `store` outlives it.
// Commit: RESOURCE_EXHAUSTED STORE_FULL when there is no room, UNAVAILABLE when the store is
// closing or cannot tell (the writer reads its cursors again), INTERNAL when it is over the store's
// limits.
std::unique_ptr<ReadModel> MakeReadModel(kv::Store& store);

}  // namespace redress::status

#endif  // REDRESS_SERVICES_STATUS_STORAGE_KV_READ_MODEL_H_
