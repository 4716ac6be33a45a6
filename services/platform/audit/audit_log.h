#ifndef REDRESS_SERVICES_PLATFORM_AUDIT_AUDIT_LOG_H_
#define REDRESS_SERVICES_PLATFORM_AUDIT_AUDIT_LOG_H_

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/synchronization/mutex.h"
#include "services/platform/async/task.h"
#include "services/platform/audit/audit_leaf.h"
#include "services/platform/audit/refusal_limit.h"
#include "services/platform/kv/store.h"
#include "services/platform/time/clock.h"

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

// The lines that refusals leave: someone tried what the rules do not allow. Each is a commit of its
// own, so not each refusal has one (refusal_limit.h); a line tells how many before it had none.
//
// Thread-safe. `store` and `clock` outlive it, and it its tasks.
class RefusalLog {
 public:
  RefusalLog(kv::Store& store, const Clock& clock) : RefusalLog(store, clock, {}) {}
  RefusalLog(kv::Store& store, const Clock& clock, RefusalLimit::Allowances allowances)
      : store_(store), clock_(clock), limit_(allowances) {}

  // Commits `leaf`, or counts it. `caller` is the caller's key; it stays in memory. UNAVAILABLE or
  // RESOURCE_EXHAUSTED when the line could not be stored; the refusal is then answered all the
  // same, and the caller's next line counts the missing one.
  async::Task<absl::Status> Record(std::string caller, AuditLeaf leaf);

 private:
  std::optional<uint64_t> Admit(const std::string& caller);
  void NotStored(const std::string& caller, uint64_t untold);

  kv::Store& store_;
  const Clock& clock_;
  absl::Mutex mutex_;
  RefusalLimit limit_ ABSL_GUARDED_BY(mutex_);
};

}  // namespace redress::audit

#endif  // REDRESS_SERVICES_PLATFORM_AUDIT_AUDIT_LOG_H_
