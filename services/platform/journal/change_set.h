#ifndef REDRESS_SERVICES_PLATFORM_JOURNAL_CHANGE_SET_H_
#define REDRESS_SERVICES_PLATFORM_JOURNAL_CHANGE_SET_H_

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "services/platform/audit/audit_leaf.h"
#include "services/platform/journal/request_log.h"
#include "services/platform/kv/store.h"

namespace redress::journal {

// Everything that one verb leaves behind, gathered to be committed as one: records and indexes with
// their preconditions, the event, outbox rows, the audit leaf, and the answer remembered under the
// request id.
//
//   ChangeSet changes;
//   changes.ExpectVersion(key, etag);
//   changes.Put(key, record);
//   changes.AppendEvent(event.SerializeAsString());
//   changes.Audit(leaf);
//   changes.Remember(identity, case_number, answer);
//   auto committed = co_await CommitChange(store, std::move(changes), &followers);
//
// A value type; not thread-safe. Limits (kv/store.h) are checked when it is committed.
class ChangeSet {
 public:
  ChangeSet& ExpectAbsent(std::string key);
  ChangeSet& ExpectVersion(std::string key, kv::Version version);
  ChangeSet& Put(std::string key, std::string value);
  ChangeSet& Delete(std::string key);

  // Moves numbers that many changes move (kv/store.h).
  ChangeSet& Add(std::string key, std::vector<int64_t> amounts);

  // One event at the end of the service's event log; its number is known after the commit and is
  // not part of its bytes.
  ChangeSet& AppendEvent(std::string bytes);

  // One message at the end of the outbox log of `peer` (a node id).
  ChangeSet& AppendOutbox(std::string_view peer, std::string bytes);

  ChangeSet& Audit(const audit::AuditLeaf& leaf);

  // Keeps `answer` for repeats of the request, and lets only the first of them commit.
  // REQUIRES: called at most once. `answer` has no personal data.
  ChangeSet& Remember(RequestIdentity identity, std::string resource_id, std::string answer);

  // What has been gathered, for CommitChange and for tests.
  enum class LogKind { kEvent, kOutbox, kAudit };
  const kv::Change& change() const { return change_; }
  const std::vector<LogKind>& append_kinds() const { return append_kinds_; }
  const std::optional<RequestIdentity>& identity() const { return identity_; }
  kv::Change TakeChange() { return std::move(change_); }

 private:
  ChangeSet& Append(LogKind kind, std::string log, std::string bytes);

  kv::Change change_;
  std::vector<LogKind> append_kinds_;  // Of change_.appends, one for one.
  std::optional<RequestIdentity> identity_;
};

}  // namespace redress::journal

#endif  // REDRESS_SERVICES_PLATFORM_JOURNAL_CHANGE_SET_H_
