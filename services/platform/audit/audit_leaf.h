#ifndef REDRESS_SERVICES_PLATFORM_AUDIT_AUDIT_LEAF_H_
#define REDRESS_SERVICES_PLATFORM_AUDIT_AUDIT_LEAF_H_

#include <cstdint>
#include <string>
#include <string_view>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "services/platform/audit/content_hash.h"

namespace redress::audit {

// Who acted. Ids and codes only, never a name: "kh:p-0193", "kh:desk-phnom-penh", "desk".
struct Actor {
  std::string person_id;
  std::string body;
  std::string role;

  friend bool operator==(const Actor&, const Actor&) = default;
};

// On disk; numbers are never reused.
enum class Outcome : uint8_t {
  kDone = 1,
  kRefused = 2,
};

// One line of the audit log: who did what to which resource, when, and what came of it. It is
// committed together with the change that it tells of, or alone for a refusal. It holds no personal
// data: of the content there is only a salted hash.
struct AuditLeaf {
  absl::Time at;  // Microseconds are kept.
  Actor actor;
  std::string verb;         // "FileComplaint".
  std::string resource_id;  // "KH-26-0000417-X"; empty when there is none yet.
  Outcome outcome = Outcome::kDone;
  std::string reason;  // Why it was refused: "TRANSITION_NOT_ALLOWED". Empty when done.
  // And so many more like it: refusals of the same caller since its last line that left none.
  uint64_t left_out = 0;
  Sha256Digest content_hash{};  // HashContent of the request; all zero when there is no content.

  friend bool operator==(const AuditLeaf&, const AuditLeaf&) = default;
};

// The stored form, a kv::RecordWriter record of format 2. In format 1 nothing was left out.
std::string EncodeAuditLeaf(const AuditLeaf& leaf);

// DATA_LOSS on bytes that EncodeAuditLeaf would not have made.
absl::StatusOr<AuditLeaf> DecodeAuditLeaf(std::string_view bytes);

}  // namespace redress::audit

#endif  // REDRESS_SERVICES_PLATFORM_AUDIT_AUDIT_LEAF_H_
