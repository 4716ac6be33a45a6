#ifndef REDRESS_SERVICES_PLATFORM_JOURNAL_REQUEST_LOG_H_
#define REDRESS_SERVICES_PLATFORM_JOURNAL_REQUEST_LOG_H_

#include <optional>
#include <string>
#include <string_view>

#include "absl/status/statusor.h"
#include "services/platform/async/task.h"
#include "services/platform/audit/content_hash.h"
#include "services/platform/kv/store.h"

namespace redress::journal {

using ContentDigest = audit::Sha256Digest;

// SHA-256 of a request's bytes. They must be the same whenever the content is the same: for a
// protobuf message, its deterministic serialisation with `request_id` cleared.
ContentDigest DigestContent(std::string_view bytes);

// What makes two calls the same call. A request id is the caller's own: another caller may use the
// same one without either learning of it.
struct RequestIdentity {
  std::string caller;  // The subject of the caller's token.
  std::string request_id;
  std::string verb;
  ContentDigest digest{};
};

// How a call was answered before. It is kept for the life of the store.
struct RememberedAnswer {
  std::string answer;       // As given to ChangeSet::Remember; no personal data.
  std::string resource_id;  // What the call made or changed.
  kv::Version version = 0;  // The commit that the answer tells of.
};

// The answer that this very request was given before; nullopt when it is new. ALREADY_EXISTS with
// reason REQUEST_ID_REUSED {verb} when the caller used the id for something else.
// `store` must outlive the task.
async::Task<absl::StatusOr<std::optional<RememberedAnswer>>> FindRequest(kv::Store& store,
                                                                         RequestIdentity identity);

// The stored row; FindRequest and ChangeSet are its only users, and the dump tool.
struct RequestRow {
  std::string verb;
  ContentDigest digest{};
  std::string resource_id;
  std::string answer;

  friend bool operator==(const RequestRow&, const RequestRow&) = default;
};
std::string EncodeRequestRow(const RequestRow& row);
absl::StatusOr<RequestRow> DecodeRequestRow(std::string_view bytes);

}  // namespace redress::journal

#endif  // REDRESS_SERVICES_PLATFORM_JOURNAL_REQUEST_LOG_H_
