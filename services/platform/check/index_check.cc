#include "services/platform/check/index_check.h"

#include "fmt/format.h"
#include "services/platform/kv/key_codec.h"
#include "services/platform/status/status_macros.h"

namespace redress::check {

absl::Status IndexCheck::Expect(const Wanted& wanted) {
  ASSIGN_OR_RETURN(const std::optional<kv::Entry> row, rows_.Get(wanted.key));
  if (!row.has_value()) {
    report_.Differs(name_, wanted.subject,
                    fmt::format("has no row {}", kv::DebugPrintKey(wanted.key)));
    return absl::OkStatus();
  }
  ++found_;
  if (row->value != wanted.value) {
    report_.Differs(name_, wanted.subject,
                    fmt::format("row {} says something else than the record it is made from",
                                kv::DebugPrintKey(wanted.key)));
  } else if (wanted.version.has_value() && row->version != *wanted.version) {
    report_.Differs(name_, wanted.subject,
                    fmt::format("row {} is of commit {}, and the record of commit {}",
                                kv::DebugPrintKey(wanted.key), row->version, *wanted.version));
  }
  return absl::OkStatus();
}

absl::Status IndexCheck::Finish(const Ask& ask) {
  uint64_t there = 0;
  RETURN_IF_ERROR(rows_.ForEach(TablePrefix(table_), [&](const kv::Entry&) {
    report_.Looked(name_);
    ++there;
    return absl::OkStatus();
  }));
  if (there == found_) return absl::OkStatus();
  return rows_.ForEach(TablePrefix(table_), [&](const kv::Entry& row) -> absl::Status {
    ASSIGN_OR_RETURN(std::string problem, ask(row));
    if (!problem.empty()) {
      report_.Differs(name_, kv::DebugPrintKey(row.key), std::move(problem));
    }
    return absl::OkStatus();
  });
}

}  // namespace redress::check
