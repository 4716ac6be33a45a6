#include "services/platform/audit/audit_log.h"

#include <utility>

#include "services/platform/kv/key_codec.h"
#include "services/platform/status/refusal.h"
#include "services/platform/status/status_macros.h"

namespace redress::audit {

std::string AuditLog() { return kv::KeyWriter(kAuditTable).Take(); }

async::Task<absl::StatusOr<std::vector<LoggedLeaf>>> ReadAuditLog(kv::Store& store, uint64_t after,
                                                                  size_t limit) {
  const std::string log = AuditLog();
  kv::ScanRequest request;
  request.prefix = log;
  request.after = kv::LogKey(log, after);
  request.limit = limit;
  const absl::StatusOr<kv::ScanPage> page = co_await store.Scan(std::move(request));
  CO_RETURN_IF_ERROR(page.status());
  std::vector<LoggedLeaf> leaves;
  leaves.reserve(page->entries.size());
  for (const kv::Entry& entry : page->entries) {
    CO_ASSIGN_OR_RETURN(const uint64_t number, kv::LogNumber(log, entry.key));
    CO_ASSIGN_OR_RETURN(AuditLeaf leaf, DecodeAuditLeaf(entry.value));
    leaves.push_back({number, entry.version, std::move(leaf)});
  }
  co_return leaves;
}

std::optional<uint64_t> RefusalLog::Admit(const std::string& caller) {
  absl::MutexLock lock(&mutex_);
  return limit_.Admit(caller, clock_.Now());
}

void RefusalLog::NotStored(const std::string& caller, uint64_t untold) {
  absl::MutexLock lock(&mutex_);
  limit_.NotStored(caller, untold);
}

async::Task<absl::Status> RefusalLog::Record(std::string caller, AuditLeaf leaf) {
  const std::optional<uint64_t> untold = Admit(caller);
  if (!untold.has_value()) co_return absl::OkStatus();
  leaf.outcome = Outcome::kRefused;
  leaf.left_out = *untold;
  kv::Change change;
  change.appends.push_back({AuditLog(), EncodeAuditLeaf(leaf)});
  const kv::CommitResult result = co_await store_.Commit(std::move(change));
  if (result.outcome == kv::CommitOutcome::kCommitted) co_return absl::OkStatus();
  NotStored(caller, *untold);
  if (result.outcome == kv::CommitOutcome::kNoSpace) {
    co_return RefuseStoreFull(result.free_bytes, result.floor_bytes);
  }
  co_return absl::UnavailableError("audit: the line of a refusal was not stored");
}

}  // namespace redress::audit
