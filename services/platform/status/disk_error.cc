#include "services/platform/status/disk_error.h"

#include "absl/strings/cord.h"
#include "absl/strings/str_cat.h"

namespace redress {
namespace {

constexpr char kPayloadType[] = "redress/disk-error";

absl::string_view View(std::string_view text) { return {text.data(), text.size()}; }

}  // namespace

absl::Status DiskError(absl::StatusCode code, std::string_view message, std::string_view entry) {
  absl::Status status(code,
                      absl::StrCat(View(message), "; see docs/runbook.md, \"", View(entry), "\""));
  status.SetPayload(kPayloadType, absl::Cord());
  return status;
}

absl::Status FileError(absl::StatusCode code, std::string_view message) {
  return DiskError(code, message, "A file cannot be read or written");
}

bool IsDiskError(const absl::Status& status) { return status.GetPayload(kPayloadType).has_value(); }

}  // namespace redress
