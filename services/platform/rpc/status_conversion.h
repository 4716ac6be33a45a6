#ifndef REDRESS_SERVICES_PLATFORM_RPC_STATUS_CONVERSION_H_
#define REDRESS_SERVICES_PLATFORM_RPC_STATUS_CONVERSION_H_

#include <string>
#include <string_view>

#include "absl/status/status.h"

namespace grpc {
class Status;
}  // namespace grpc

namespace redress::rpc {

// The one place where errors cross the wire. What travels beside code and message is a
// google.rpc.Status in "grpc-status-details-bin":
//   field violations (status/field_violations.h)  BadRequest
//   a refusal (status/refusal.h)                  ErrorInfo{reason, domain "redress", metadata}
//   a retry delay (rpc/retry_delay.h)             RetryInfo
// Messages beyond 800 bytes are cut, and of hundreds of violations the first are sent, since all of
// it has to fit into the 8 KiB of metadata that clients accept.
//
// INTERNAL, UNKNOWN and DATA_LOSS say nothing but `incident`: their messages are for the log, since
// nobody has looked whether they hold paths, keys or a person's words. A DATA_LOSS that was given
// as a refusal (FILE_DIGEST_MISMATCH) tells of the caller's own data and travels like any other.
grpc::Status ToGrpcStatus(const absl::Status& status, std::string_view incident = {});

// The reverse; what cannot be read of the details is left out.
absl::Status FromGrpcStatus(const grpc::Status& status);

// Whether a code says that the service failed, and not that it refused; of a whole status, which
// may carry a refusal, it is known better.
bool IsInternalError(absl::StatusCode code);
bool IsInternalError(const absl::Status& status);

// A short name for one failure, to find what the caller saw in the log: 8 hex digits.
std::string NewIncident();

}  // namespace redress::rpc

#endif  // REDRESS_SERVICES_PLATFORM_RPC_STATUS_CONVERSION_H_
