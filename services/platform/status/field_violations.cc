#include "services/platform/status/field_violations.h"

#include <utility>

#include "absl/strings/cord.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"

namespace redress {
namespace {

// Fields and problems hold no control characters (Add replaces them), so two of them delimit.
constexpr char kPayloadType[] = "redress/field-violations";
constexpr char kBetweenParts = '\x1f';
constexpr char kAfterEach = '\x1e';
constexpr size_t kSeenLimit = 64;

std::string Printable(std::string_view text) {
  std::string out(text);
  for (char& c : out) {
    if (static_cast<unsigned char>(c) < 0x20 || c == '\x7f') c = '?';
  }
  return out;
}

}  // namespace

void FieldViolations::Add(std::string_view field, std::string_view problem) {
  violations_.push_back({Printable(field), Printable(problem)});
}

void FieldViolations::AddValue(std::string_view field, std::string_view seen,
                               std::string_view accepted) {
  std::string shown(seen.substr(0, kSeenLimit));
  // Not to cut a UTF-8 sequence in two: the message must itself be valid UTF-8.
  for (char& c : shown) {
    if (static_cast<unsigned char>(c) >= 0x80) c = '?';
  }
  Add(field, absl::StrCat("was \"", shown, seen.size() > kSeenLimit ? "…" : "",
                          "\"; accepted: ", std::string(accepted)));
}

void FieldViolations::Take(const absl::Status& found) {
  if (found.ok()) return;
  const std::vector<FieldViolation> named = GetFieldViolations(found);
  if (named.empty()) Add("", std::string(found.message()));
  violations_.insert(violations_.end(), named.begin(), named.end());
}

absl::Status FieldViolations::ToStatus() const {
  if (violations_.empty()) return absl::OkStatus();
  std::string message;
  std::string payload;
  for (const FieldViolation& violation : violations_) {
    absl::StrAppend(&message, message.empty() ? "" : "; ", violation.field, ": ",
                    violation.problem);
    absl::StrAppend(&payload, violation.field, std::string(1, kBetweenParts), violation.problem,
                    std::string(1, kAfterEach));
  }
  absl::Status status = absl::InvalidArgumentError(message);
  status.SetPayload(kPayloadType, absl::Cord(payload));
  return status;
}

std::vector<FieldViolation> GetFieldViolations(const absl::Status& status) {
  std::vector<FieldViolation> violations;
  const absl::optional<absl::Cord> payload = status.GetPayload(kPayloadType);
  if (!payload.has_value()) return violations;
  const std::string text(*payload);
  for (absl::string_view entry : absl::StrSplit(text, kAfterEach, absl::SkipEmpty())) {
    const std::pair<std::string, std::string> parts =
        absl::StrSplit(entry, absl::MaxSplits(kBetweenParts, 1));
    violations.push_back({parts.first, parts.second});
  }
  return violations;
}

absl::Status InvalidField(std::string_view field, std::string_view problem) {
  FieldViolations violations;
  violations.Add(field, problem);
  return violations.ToStatus();
}

}  // namespace redress
