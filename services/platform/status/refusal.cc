#include "services/platform/status/refusal.h"

#include <string>
#include <utility>
#include <vector>

#include "absl/strings/cord.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"

namespace redress {
namespace {

constexpr char kPayloadType[] = "redress/refusal";
constexpr char kBetween = '\x1f';

absl::string_view View(std::string_view text) { return {text.data(), text.size()}; }

}  // namespace

absl::Status Refuse(absl::StatusCode code, std::string_view reason, std::string_view message,
                    std::map<std::string, std::string> metadata) {
  std::string payload(reason);
  for (const auto& [key, value] : metadata) {
    absl::StrAppend(&payload, std::string(1, kBetween), key, std::string(1, kBetween), value);
  }
  absl::Status status(code, View(message));
  status.SetPayload(kPayloadType, absl::Cord(payload));
  return status;
}

absl::Status RefusePrecondition(std::string_view reason, std::string_view message,
                                std::map<std::string, std::string> metadata) {
  return Refuse(absl::StatusCode::kFailedPrecondition, reason, message, std::move(metadata));
}

absl::Status RefuseStaleEtag(std::string_view current_etag) {
  return Refuse(absl::StatusCode::kAborted, "ETAG_STALE",
                absl::StrCat("etag: changed since it was read; the current etag is \"",
                             View(current_etag), "\""),
                {{"etag", std::string(current_etag)}});
}

absl::Status RefuseStoreFull(uint64_t free_bytes, uint64_t floor_bytes) {
  return Refuse(
      absl::StatusCode::kResourceExhausted, "STORE_FULL",
      absl::StrCat("the disk has ", free_bytes, " bytes left and keeps ", floor_bytes,
                   " free; see docs/runbook.md, \"No room\""),
      {{"free_bytes", std::to_string(free_bytes)}, {"floor_bytes", std::to_string(floor_bytes)}});
}

absl::Status NotFound(std::string_view what) {
  return absl::NotFoundError(absl::StrCat(View(what), ": not found"));
}

std::optional<Refusal> GetRefusal(const absl::Status& status) {
  const absl::optional<absl::Cord> payload = status.GetPayload(kPayloadType);
  if (!payload.has_value()) return std::nullopt;
  const std::vector<std::string> parts = absl::StrSplit(std::string(*payload), kBetween);
  Refusal refusal;
  refusal.reason = parts[0];
  for (size_t i = 1; i + 1 < parts.size(); i += 2) refusal.metadata[parts[i]] = parts[i + 1];
  return refusal;
}

}  // namespace redress
