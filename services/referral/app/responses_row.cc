#include "services/referral/app/responses_row.h"

#include <algorithm>
#include <limits>

#include "services/platform/kv/numbers.h"

namespace redress::referral {

bool ResponsesRow::ParseFromString(std::string_view bytes) {
  absl::StatusOr<std::vector<int64_t>> numbers = kv::DecodeNumbers(bytes);
  if (!numbers.ok() || numbers->size() > 3) return false;
  numbers->resize(3);
  const auto count = [&numbers](size_t index) {
    return static_cast<uint32_t>(
        std::clamp<int64_t>((*numbers)[index], 0, std::numeric_limits<uint32_t>::max()));
  };
  record = {.answered = count(0), .silent = count(1), .open = count(2)};
  return true;
}

std::string ResponsesRow::SerializeAsString() const {
  return kv::EncodeNumbers(ResponseAmounts({}, record));
}

std::vector<int64_t> ResponseAmounts(const ResponseRecord& before, const ResponseRecord& after) {
  return {int64_t{after.answered} - before.answered, int64_t{after.silent} - before.silent,
          int64_t{after.open} - before.open};
}

}  // namespace redress::referral
