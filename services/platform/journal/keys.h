#ifndef REDRESS_SERVICES_PLATFORM_JOURNAL_KEYS_H_
#define REDRESS_SERVICES_PLATFORM_JOURNAL_KEYS_H_

#include <cstdint>
#include <string>
#include <string_view>

#include "services/platform/audit/audit_log.h"

namespace redress::journal {

// The key space that every service's store shares. The first byte of a key is its table; table
// bytes are on disk and never reused.
//
//   0x00         the engine's own: commit number, log counters, schema version (kv)
//   0x01         events log: 01 ‖ number. Value: the service's Event, serialised
//   0x02         audit log: 02 ‖ number. Value: audit::AuditLeaf, encoded
//   0x03         requests: 03 ‖ String(caller) ‖ String(request id). Value: request_log.h
//   0x04         outbox logs, one per peer: 04 ‖ String(peer) ‖ number. Value: the sender's
//   0x05         that the store was put back to a backup, one row: restored_mark.h
//   0x06 – 0x0f  kept for the platform
//   0x10 – 0xfe  the service's own tables: services/<service>/storage/keys.h
inline constexpr uint8_t kEventsTable = 0x01;
inline constexpr uint8_t kAuditTable = audit::kAuditTable;
inline constexpr uint8_t kRequestsTable = 0x03;
inline constexpr uint8_t kOutboxTable = 0x04;
inline constexpr uint8_t kRestoredTable = 0x05;
inline constexpr uint8_t kFirstServiceTable = 0x10;

// Names of logs, as kv::Append and kv::LogKey take them.
std::string EventLog();
std::string OutboxLog(std::string_view peer);

std::string RequestKey(std::string_view caller, std::string_view request_id);

}  // namespace redress::journal

#endif  // REDRESS_SERVICES_PLATFORM_JOURNAL_KEYS_H_
