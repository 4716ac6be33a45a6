#ifndef REDRESS_SERVICES_STATUS_STORAGE_PARSE_ROW_H_
#define REDRESS_SERVICES_STATUS_STORAGE_PARSE_ROW_H_

#include <string>
#include <string_view>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "fmt/format.h"

namespace redress::status {

// A stored message; DATA_LOSS when the bytes are none.
template <class Row>
absl::StatusOr<Row> ParseRow(std::string_view kind, std::string_view bytes) {
  Row row;
  if (!row.ParseFromArray(bytes.data(), static_cast<int>(bytes.size()))) {
    return absl::DataLossError(fmt::format("a {} row of {} bytes is damaged", kind, bytes.size()));
  }
  return row;
}

}  // namespace redress::status

#endif  // REDRESS_SERVICES_STATUS_STORAGE_PARSE_ROW_H_
