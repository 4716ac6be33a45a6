#include "services/platform/check/store_rows.h"

#include <utility>

#include "services/platform/kv/key_codec.h"
#include "services/platform/status/status_macros.h"

namespace redress::check {

absl::StatusOr<std::optional<kv::Entry>> StoreRows::Get(const std::string& key) {
  return Run(store_.Get(key));
}

absl::StatusOr<kv::ScanPage> StoreRows::Page(const std::string& prefix, const std::string& after,
                                             size_t limit) {
  kv::ScanRequest request;
  request.prefix = prefix;
  request.after = after;
  request.limit = limit;
  return Run(store_.Scan(std::move(request)));
}

absl::Status StoreRows::ForEach(const std::string& prefix, const Take& take) {
  std::string after;
  for (;;) {
    ASSIGN_OR_RETURN(const kv::ScanPage page, Page(prefix, after));
    for (const kv::Entry& entry : page.entries) RETURN_IF_ERROR(take(entry));
    if (!page.more) return absl::OkStatus();
    after = page.entries.back().key;
  }
}

absl::Status RowCursor::Fill() {
  const std::string after = page_.entries.empty() ? std::string() : page_.entries.back().key;
  place_ = 0;
  ASSIGN_OR_RETURN(page_, rows_.Page(prefix_, after));
  return absl::OkStatus();
}

absl::Status RowCursor::Next() {
  if (++place_ < page_.entries.size() || !page_.more) return absl::OkStatus();
  return Fill();
}

std::string TablePrefix(uint8_t table) { return kv::KeyWriter(table).Take(); }

}  // namespace redress::check
