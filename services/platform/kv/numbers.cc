#include "services/platform/kv/numbers.h"

#include "fmt/format.h"
#include "services/platform/kv/record_codec.h"
#include "services/platform/kv/store.h"
#include "services/platform/status/status_macros.h"

namespace redress::kv {
namespace {

constexpr uint8_t kFormat = 1;

}  // namespace

std::string EncodeNumbers(const std::vector<int64_t>& numbers) {
  RecordWriter record(kFormat);
  record.Number(numbers.size());
  for (const int64_t number : numbers) record.Signed(number);
  return record.Take();
}

absl::StatusOr<std::vector<int64_t>> DecodeNumbers(std::string_view bytes) {
  RecordReader record(bytes);
  RETURN_IF_ERROR(record.ExpectFormat(kFormat));
  ASSIGN_OR_RETURN(const uint64_t count, record.Number());
  if (count > kMaxNumbers) {
    return absl::DataLossError(fmt::format("record: {} numbers, more than a row keeps", count));
  }
  std::vector<int64_t> numbers(count);
  for (int64_t& number : numbers) {
    ASSIGN_OR_RETURN(number, record.Signed());
  }
  RETURN_IF_ERROR(record.ExpectEnd());
  return numbers;
}

}  // namespace redress::kv
