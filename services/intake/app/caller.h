#ifndef REDRESS_SERVICES_INTAKE_APP_CALLER_H_
#define REDRESS_SERVICES_INTAKE_APP_CALLER_H_

#include <memory>
#include <optional>
#include <string>

#include "services/platform/auth/principal.h"
#include "services/platform/codes/field_checks.h"
#include "services/platform/ids/case_number.h"
#include "services/platform/ids/names.h"
#include "services/platform/journal/request_log.h"
#include "services/platform/kv/store.h"

namespace redress::intake {

// Who calls a verb: the principal of a verified token whose role the rpc layer has already held
// against the access table (domain/access.h). What of which case this caller reaches is decided by
// the verbs themselves, which answer NOT_FOUND for absent and foreign alike. Never null.
using Caller = std::shared_ptr<const auth::Principal>;

// What makes a change safely repeatable. `content` is journal::DigestContent of the request's
// deterministic serialisation with request_id cleared.
struct RequestMark {
  RequestId request_id;
  journal::ContentDigest content{};
};

// The case that a verb changes, and the version that the caller had read. The API's etag is the
// decimal Version; where the API lets it be empty, `version` is unset and any version will do.
struct CaseTarget {
  CaseNumber case_number;
  std::optional<kv::Version> version;
};

// "1234" as the API writes and reads a version. Parsing gives nullopt for anything else, which no
// version ever equals: answer it as a stale etag.
std::string ToEtag(kv::Version version);
std::optional<kv::Version> ParseEtag(std::string_view etag);

// The page asked for: `size` 1 to kMaxPageSize, `token` as the last page gave it, empty for the
// first.
struct PageRequest {
  size_t size = kDefaultPageSize;
  std::string token;
};

}  // namespace redress::intake

#endif  // REDRESS_SERVICES_INTAKE_APP_CALLER_H_
