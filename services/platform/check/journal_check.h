#ifndef REDRESS_SERVICES_PLATFORM_CHECK_JOURNAL_CHECK_H_
#define REDRESS_SERVICES_PLATFORM_CHECK_JOURNAL_CHECK_H_

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/status.h"
#include "services/platform/check/report.h"
#include "services/platform/check/store_rows.h"
#include "services/platform/journal/request_log.h"
#include "services/platform/kv/rocksdb_backup.h"

namespace redress::check {

// What a service says of its part of the key space that all services share (journal/keys.h).
struct JournalRules {
  // Whether the bytes of an event can be read. Unset: the service writes no events.
  std::function<absl::Status(std::string_view bytes)> event;
  // Whether a remembered answer can be read. Unset: the service remembers none.
  std::function<absl::Status(const journal::RequestRow& row)> request;
  // Whether the service has outboxes; their rows are its own to check.
  bool has_outboxes = false;
  // The service's own tables.
  std::vector<uint8_t> tables;
};

// Checks what stands in every store: events and audit leaves numbered without a gap, each readable
// and no older than the one before, none from a commit that the store has not come to; remembered
// answers; the mark of a restore; and that there is no table that nobody knows. `state` is what the
// engine keeps of itself, unset for a store in memory.
//
// An error means that the store cannot be read.
absl::Status CheckJournal(StoreRows& rows, const JournalRules& rules,
                          const std::optional<kv::StoreState>& state, Report& report);

}  // namespace redress::check

#endif  // REDRESS_SERVICES_PLATFORM_CHECK_JOURNAL_CHECK_H_
