#include "services/referral/app/responses_row.h"

#include <limits>

#include "services/platform/kv/numbers.h"

namespace redress::referral {

bool ResponsesRow::ParseFromString(std::string_view bytes) {
  absl::StatusOr<std::vector<int64_t>> numbers = kv::DecodeNumbers(bytes);
  if (!numbers.ok() || numbers->size() > 3) return false;
  for (const int64_t number : *numbers) {
    if (number < 0 || number > std::numeric_limits<uint32_t>::max()) return false;
  }
  numbers->resize(3);
  record = {.answered = static_cast<uint32_t>((*numbers)[0]),
            .silent = static_cast<uint32_t>((*numbers)[1]),
            .open = static_cast<uint32_t>((*numbers)[2])};
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
