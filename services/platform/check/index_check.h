#ifndef REDRESS_SERVICES_PLATFORM_CHECK_INDEX_CHECK_H_
#define REDRESS_SERVICES_PLATFORM_CHECK_INDEX_CHECK_H_

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "services/platform/check/report.h"
#include "services/platform/check/store_rows.h"
#include "services/platform/kv/store.h"

namespace redress::check {

// Holds a table of index rows against the records that ask for them, both ways and without keeping
// either in memory: each record says which rows there should be (Expect), one read each; then the
// rows are counted (Finish). Only when there are more than were expected, each row is asked about.
// Not thread-safe.
class IndexCheck {
 public:
  // Borrowed, and outlive this.
  IndexCheck(StoreRows& rows, uint8_t table, std::string name, Report& report)
      : rows_(rows), table_(table), name_(std::move(name)), report_(report) {}

  struct Wanted {
    std::string key;
    std::string value;
    std::optional<kv::Version> version;  // Unset: from whichever commit.
    std::string subject;                 // The record that asks for it.
  };
  // REQUIRES: no key twice.
  absl::Status Expect(const Wanted& wanted);

  // What is wrong with a row; empty when a record asks for it.
  using Ask = std::function<absl::StatusOr<std::string>(const kv::Entry& row)>;
  absl::Status Finish(const Ask& ask);

  const std::string& name() const { return name_; }

 private:
  StoreRows& rows_;
  const uint8_t table_;
  const std::string name_;
  Report& report_;
  uint64_t found_ = 0;
};

}  // namespace redress::check

#endif  // REDRESS_SERVICES_PLATFORM_CHECK_INDEX_CHECK_H_
