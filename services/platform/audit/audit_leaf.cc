#include "services/platform/audit/audit_leaf.h"

#include <algorithm>

#include "absl/status/status.h"
#include "services/platform/kv/record_codec.h"
#include "services/platform/status/status_macros.h"

namespace redress::audit {
namespace {

constexpr uint8_t kFormat = 2;

}  // namespace

std::string EncodeAuditLeaf(const AuditLeaf& leaf) {
  return kv::RecordWriter(kFormat)
      .Signed(absl::ToUnixMicros(leaf.at))
      .Bytes(leaf.actor.person_id)
      .Bytes(leaf.actor.body)
      .Bytes(leaf.actor.role)
      .Bytes(leaf.verb)
      .Bytes(leaf.resource_id)
      .Number(static_cast<uint64_t>(leaf.outcome))
      .Bytes(leaf.reason)
      .Bytes({reinterpret_cast<const char*>(leaf.content_hash.data()), leaf.content_hash.size()})
      .Number(leaf.left_out)
      .Take();
}

absl::StatusOr<AuditLeaf> DecodeAuditLeaf(std::string_view bytes) {
  kv::RecordReader reader(bytes);
  AuditLeaf leaf;
  ASSIGN_OR_RETURN(const uint8_t format, reader.FormatUpTo(kFormat));
  ASSIGN_OR_RETURN(const int64_t micros, reader.Signed());
  leaf.at = absl::FromUnixMicros(micros);
  ASSIGN_OR_RETURN(leaf.actor.person_id, reader.Bytes());
  ASSIGN_OR_RETURN(leaf.actor.body, reader.Bytes());
  ASSIGN_OR_RETURN(leaf.actor.role, reader.Bytes());
  ASSIGN_OR_RETURN(leaf.verb, reader.Bytes());
  ASSIGN_OR_RETURN(leaf.resource_id, reader.Bytes());
  ASSIGN_OR_RETURN(const uint64_t outcome, reader.Number());
  if (outcome != static_cast<uint64_t>(Outcome::kDone) &&
      outcome != static_cast<uint64_t>(Outcome::kRefused)) {
    return absl::DataLossError("audit leaf: unknown outcome");
  }
  leaf.outcome = static_cast<Outcome>(outcome);
  ASSIGN_OR_RETURN(leaf.reason, reader.Bytes());
  ASSIGN_OR_RETURN(const std::string hash, reader.Bytes());
  if (hash.size() != leaf.content_hash.size()) {
    return absl::DataLossError("audit leaf: content hash of another length");
  }
  std::copy(hash.begin(), hash.end(), leaf.content_hash.begin());
  if (format > 1) {
    ASSIGN_OR_RETURN(leaf.left_out, reader.Number());
  }
  RETURN_IF_ERROR(reader.ExpectEnd());
  return leaf;
}

}  // namespace redress::audit
