#ifndef REDRESS_SERVICES_STATUS_STORAGE_PARSE_ROW_H_
#define REDRESS_SERVICES_STATUS_STORAGE_PARSE_ROW_H_

#include <cstddef>
#include <string>
#include <string_view>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "fmt/format.h"

namespace redress::status {

// Says how large the row is, never what it holds.
inline absl::Status Damaged(std::string_view kind, size_t bytes) {
  return absl::DataLossError(fmt::format("a {} row of {} bytes is damaged", kind, bytes));
}

// A stored message; DATA_LOSS when the bytes are none.
template <class Row>
absl::StatusOr<Row> ParseRow(std::string_view kind, std::string_view bytes) {
  Row row;
  if (!row.ParseFromArray(bytes.data(), static_cast<int>(bytes.size()))) {
    return Damaged(kind, bytes.size());
  }
  return row;
}

}  // namespace redress::status

#endif  // REDRESS_SERVICES_STATUS_STORAGE_PARSE_ROW_H_
