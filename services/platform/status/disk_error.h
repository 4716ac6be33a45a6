#ifndef REDRESS_SERVICES_PLATFORM_STATUS_DISK_ERROR_H_
#define REDRESS_SERVICES_PLATFORM_STATUS_DISK_ERROR_H_

#include <string_view>

#include "absl/status/status.h"

namespace redress {

// INTERNAL or DATA_LOSS, as `code` says: the disk does not give or take something, or gives what
// was never written. An operator has to mend it, so that unlike other messages of such errors this
// one is logged (telemetry::Field::Result), with the entry of docs/runbook.md that says how; a
// caller is told of an internal error. `message` says what was done and what the system said, and
// holds nothing that a caller sent.
absl::Status DiskError(absl::StatusCode code, std::string_view message, std::string_view entry);

// The same for one of the files that are kept beside a store.
absl::Status FileError(absl::StatusCode code, std::string_view message);

bool IsDiskError(const absl::Status& status);

}  // namespace redress

#endif  // REDRESS_SERVICES_PLATFORM_STATUS_DISK_ERROR_H_
