#ifndef REDRESS_SERVICES_PLATFORM_KV_SCHEMA_H_
#define REDRESS_SERVICES_PLATFORM_KV_SCHEMA_H_

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "services/platform/kv/engine.h"
#include "services/platform/kv/store.h"

namespace redress::kv {

// One step from a schema to the next. It is shown every entry with `prefix`, in key order, and says
// what to write instead or to add for it: mutations and additions only, within the limits of a
// commit (an error otherwise). The changes of some entries and the place reached are committed
// together, so that a migration that was interrupted goes on where it stopped. It may be shown an
// entry that it wrote itself, and must recognise it.
struct Migration {
  uint32_t to = 0;  // The schema version that the store has afterwards.
  std::string prefix;
  std::function<absl::StatusOr<Change>(const Entry& entry)> rewrite;
};

// Gives a new store its schema version and brings an older one to `wanted`, one version after
// another. Several migrations may lead to the same version; they run in their order.
//
// FAILED_PRECONDITION when the store was written by a newer schema (nothing is touched), or when no
// migration leads to one of the versions between. DATA_LOSS when the store has entries but no
// schema version: it is not one of ours.
absl::Status BringSchemaTo(uint32_t wanted, const std::vector<Migration>& migrations,
                           Engine& engine);

}  // namespace redress::kv

#endif  // REDRESS_SERVICES_PLATFORM_KV_SCHEMA_H_
