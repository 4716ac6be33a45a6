#include "services/platform/journal/change_set.h"

#include <utility>

#include "services/platform/audit/audit_log.h"
#include "services/platform/journal/keys.h"

namespace redress::journal {

ChangeSet& ChangeSet::ExpectAbsent(std::string key) {
  change_.conditions.push_back(kv::Condition::Absent(std::move(key)));
  return *this;
}

ChangeSet& ChangeSet::ExpectVersion(std::string key, kv::Version version) {
  change_.conditions.push_back(kv::Condition::At(std::move(key), version));
  return *this;
}

ChangeSet& ChangeSet::Put(std::string key, std::string value) {
  change_.mutations.push_back(kv::Mutation::Put(std::move(key), std::move(value)));
  return *this;
}

ChangeSet& ChangeSet::Delete(std::string key) {
  change_.mutations.push_back(kv::Mutation::Delete(std::move(key)));
  return *this;
}

ChangeSet& ChangeSet::Add(std::string key, std::vector<int64_t> amounts) {
  change_.additions.push_back({std::move(key), std::move(amounts)});
  return *this;
}

ChangeSet& ChangeSet::AppendEvent(std::string bytes) {
  return Append(LogKind::kEvent, EventLog(), std::move(bytes));
}

ChangeSet& ChangeSet::AppendOutbox(std::string_view peer, std::string bytes) {
  return Append(LogKind::kOutbox, OutboxLog(peer), std::move(bytes));
}

ChangeSet& ChangeSet::Audit(const audit::AuditLeaf& leaf) {
  return Append(LogKind::kAudit, audit::AuditLog(), audit::EncodeAuditLeaf(leaf));
}

ChangeSet& ChangeSet::Append(LogKind kind, std::string log, std::string bytes) {
  change_.appends.push_back({std::move(log), std::move(bytes)});
  append_kinds_.push_back(kind);
  return *this;
}

ChangeSet& ChangeSet::Remember(RequestIdentity identity, std::string resource_id,
                               std::string answer) {
  std::string key = RequestKey(identity.caller, identity.request_id);
  RequestRow row{identity.verb, identity.digest, std::move(resource_id), std::move(answer)};
  // First among the conditions: a repeat finds the head record changed by its own first try, and
  // must hear of its answer and not of a stale etag.
  change_.conditions.insert(change_.conditions.begin(), kv::Condition::Absent(key));
  Put(key, EncodeRequestRow(row));
  change_.txn_key = std::move(key);
  identity_ = std::move(identity);
  return *this;
}

}  // namespace redress::journal
