#ifndef REDRESS_SERVICES_REFERRAL_RPC_STREAM_ORDER_H_
#define REDRESS_SERVICES_REFERRAL_RPC_STREAM_ORDER_H_

#include <string>
#include <string_view>

#include "absl/status/status.h"
#include "fmt/format.h"
#include "services/platform/status/field_violations.h"
#include "services/platform/status/refusal.h"

namespace redress::referral {

// Bytes of a file in one message of a stream.
inline constexpr size_t kLargestChunk = 256 * 1024;

// INVALID_ARGUMENT, NOT_IN_ORDER: a stream brought `seen` where `expected` belongs.
inline absl::Status NotInOrder(std::string_view expected, std::string_view seen) {
  return Refuse(absl::StatusCode::kInvalidArgument, "NOT_IN_ORDER",
                fmt::format("expected {}, saw {}", expected, seen),
                {{"expected", std::string(expected)}, {"seen", std::string(seen)}});
}

inline absl::Status CheckChunk(std::string_view field, std::string_view bytes) {
  if (!bytes.empty() && bytes.size() <= kLargestChunk) return absl::OkStatus();
  return InvalidField(
      field, fmt::format("has {} bytes; 1 to {} are accepted", bytes.size(), kLargestChunk));
}

}  // namespace redress::referral

#endif  // REDRESS_SERVICES_REFERRAL_RPC_STREAM_ORDER_H_
