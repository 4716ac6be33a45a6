#ifndef REDRESS_SERVICES_PLATFORM_CHECK_STORE_ROWS_H_
#define REDRESS_SERVICES_PLATFORM_CHECK_STORE_ROWS_H_

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "services/platform/async/manual_executor.h"
#include "services/platform/async/task.h"
#include "services/platform/kv/store.h"

namespace redress::check {

// Reads a store that nobody writes to, one page at a time, on the calling thread. An error means
// that the store cannot answer. Not thread-safe; `store` outlives it.
class StoreRows {
 public:
  explicit StoreRows(kv::Store& store) : store_(store) {}

  template <class T>
  T Run(async::Task<T> task) {
    return async::RunToEnd(executor_, std::move(task));
  }

  absl::StatusOr<std::optional<kv::Entry>> Get(const std::string& key);
  absl::StatusOr<kv::ScanPage> Page(const std::string& prefix, const std::string& after,
                                    size_t limit = kv::kMaxScanLimit);
  // Every row whose key begins with `prefix`, in order, until one is not taken.
  using Take = std::function<absl::Status(const kv::Entry& entry)>;
  absl::Status ForEach(const std::string& prefix, const Take& take);

 private:
  kv::Store& store_;
  async::ManualExecutor executor_;
};

// Goes through the rows of a prefix in order. Several of them, over tables whose keys begin alike,
// are how rows are held against those that they belong to without a read for each.
//
//   RETURN_IF_ERROR(rows.Start());
//   while (rows.at() != nullptr) {
//     …
//     RETURN_IF_ERROR(rows.Next());
//   }
class RowCursor {
 public:
  // `rows` outlives it.
  RowCursor(StoreRows& rows, std::string prefix) : rows_(rows), prefix_(std::move(prefix)) {}

  // Goes to the first row. Call once, before anything else.
  absl::Status Start() { return Fill(); }
  // The row at hand; null behind the last one.
  const kv::Entry* at() const {
    return place_ < page_.entries.size() ? &page_.entries[place_] : nullptr;
  }
  // Its key without the prefix. REQUIRES: at() is not null.
  std::string_view rest() const { return std::string_view(at()->key).substr(prefix_.size()); }
  absl::Status Next();

 private:
  absl::Status Fill();

  StoreRows& rows_;
  const std::string prefix_;
  kv::ScanPage page_;
  size_t place_ = 0;
};

// The prefix of a whole table.
std::string TablePrefix(uint8_t table);

}  // namespace redress::check

#endif  // REDRESS_SERVICES_PLATFORM_CHECK_STORE_ROWS_H_
