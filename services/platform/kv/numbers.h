#ifndef REDRESS_SERVICES_PLATFORM_KV_NUMBERS_H_
#define REDRESS_SERVICES_PLATFORM_KV_NUMBERS_H_

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"

namespace redress::kv {

// The numbers that a row keeps which Additions go to (store.h), in the order in which they are
// added to. What is absent counts as zeros, and so does a number beyond the last.

std::string EncodeNumbers(const std::vector<int64_t>& numbers);

// DATA_LOSS for bytes that EncodeNumbers would not have made.
absl::StatusOr<std::vector<int64_t>> DecodeNumbers(std::string_view bytes);

}  // namespace redress::kv

#endif  // REDRESS_SERVICES_PLATFORM_KV_NUMBERS_H_
