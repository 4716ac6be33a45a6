#ifndef REDRESS_SERVICES_PLATFORM_AUDIT_AUDIT_LOG_H_
#define REDRESS_SERVICES_PLATFORM_AUDIT_AUDIT_LOG_H_

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "services/platform/async/task.h"
#include "services/platform/audit/audit_leaf.h"
#include "services/platform/kv/store.h"

namespace redress::audit {

// The table byte of the audit log; journal/keys.h maps the whole key space of the platform.
inline constexpr uint8_t kAuditTable = 0x02;

// The name of the audit log as kv::Append takes it. Its numbers have no gap: a missing line shows.
std::string AuditLog();

struct LoggedLeaf {
  uint64_t number = 0;
  kv::Version version = 0;  // The commit that the leaf came with.
  AuditLeaf leaf;
};

// Up to `limit` leaves with numbers above `after`, in order; none means that there are no more.
// DATA_LOSS on one that cannot be read.
async::Task<absl::StatusOr<std::vector<LoggedLeaf>>> ReadAuditLog(kv::Store& store, uint64_t after,
                                                                  size_t limit);

// Commits a change that is nothing but `leaf`: someone tried what the rules do not allow, and that
// leaves a line too. UNAVAILABLE or RESOURCE_EXHAUSTED when it could not be stored; the refusal is
// then answered all the same, and the caller counts the missing line.
async::Task<absl::Status> RecordRefusal(kv::Store& store, AuditLeaf leaf);

}  // namespace redress::audit

#endif  // REDRESS_SERVICES_PLATFORM_AUDIT_AUDIT_LOG_H_
