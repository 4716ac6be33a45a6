#ifndef REDRESS_SERVICES_PLATFORM_STATUS_REFUSAL_H_
#define REDRESS_SERVICES_PLATFORM_STATUS_REFUSAL_H_

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>

#include "absl/status/status.h"

namespace redress {

// Why a service refused something that a client may act on: a name of redress.common.v1.ErrorReason
// without its prefix, with the metadata which that enum documents. It travels inside absl::Status,
// so that rules which know no protobuf can give it, and becomes google.rpc.ErrorInfo at the wire.
struct Refusal {
  std::string reason;                           // "CONSENT_MISSING"
  std::map<std::string, std::string> metadata;  // Never personal data.

  friend bool operator==(const Refusal&, const Refusal&) = default;
};

absl::Status Refuse(absl::StatusCode code, std::string_view reason, std::string_view message,
                    std::map<std::string, std::string> metadata = {});

// FAILED_PRECONDITION: the state of things forbids it; asking again does not help.
absl::Status RefusePrecondition(std::string_view reason, std::string_view message,
                                std::map<std::string, std::string> metadata = {});

// ABORTED with reason ETAG_STALE: read again, look at what changed, repeat with the current etag.
absl::Status RefuseStaleEtag(std::string_view current_etag);

// RESOURCE_EXHAUSTED with reason STORE_FULL: there are `free_bytes` on the disk, and `floor_bytes`
// of them are kept. What was asked for has not taken effect.
absl::Status RefuseStoreFull(uint64_t free_bytes, uint64_t floor_bytes);

// NOT_FOUND, with one wording for what is absent and what the caller may not see.
absl::Status NotFound(std::string_view what);

std::optional<Refusal> GetRefusal(const absl::Status& status);

}  // namespace redress

#endif  // REDRESS_SERVICES_PLATFORM_STATUS_REFUSAL_H_
