#include "services/platform/rpc/status_conversion.h"

#include <atomic>
#include <cstdint>
#include <map>
#include <utility>
#include <vector>

#include "absl/strings/cord.h"
#include "absl/time/clock.h"
#include "absl/time/time.h"
#include "fmt/format.h"
#include "google/rpc/error_details.pb.h"
#include "google/rpc/status.pb.h"
#include "grpcpp/support/status.h"
#include "services/platform/rpc/retry_delay.h"
#include "services/platform/status/field_violations.h"
#include "services/platform/status/refusal.h"

namespace redress::rpc {
namespace {

constexpr char kDomain[] = "redress";

// A status travels as metadata, of which most gRPC clients take 8 KiB in all and else report their
// own RESOURCE_EXHAUSTED instead. The message is sent twice, once with up to three bytes for one.
constexpr size_t kMostMessageBytes = 800;
constexpr size_t kMostViolationBytes = 2600;
constexpr size_t kMostProblemBytes = 1200;  // Of one violation: a long list of codes.

// `text` within `limit` bytes, cut between two characters.
std::string Shortened(std::string_view text, size_t limit) {
  constexpr std::string_view kMore = "…";
  if (text.size() <= limit) return std::string(text);
  size_t end = limit - kMore.size();
  while (end > 0 && (static_cast<unsigned char>(text[end]) & 0xc0) == 0x80) --end;
  return std::string(text.substr(0, end)).append(kMore);
}

// As many as there is room for, then one that says how many more there are.
void AddViolations(const std::vector<FieldViolation>& violations, google::rpc::Status& details) {
  if (violations.empty()) return;
  google::rpc::BadRequest bad_request;
  size_t bytes = 0;
  for (size_t i = 0; i < violations.size(); ++i) {
    const FieldViolation& violation = violations[i];
    constexpr size_t kFraming = 8;
    const std::string problem = Shortened(violation.problem, kMostProblemBytes);
    bytes += violation.field.size() + problem.size() + kFraming;
    auto* out = bad_request.add_field_violations();
    if (i > 0 && bytes > kMostViolationBytes) {
      out->set_description(fmt::format("and {} more", violations.size() - i));
      break;
    }
    out->set_field(violation.field);
    out->set_description(problem);
  }
  details.add_details()->PackFrom(bad_request);
}

void AddRefusal(const Refusal& refusal, google::rpc::Status& details) {
  google::rpc::ErrorInfo info;
  info.set_reason(refusal.reason);
  info.set_domain(kDomain);
  for (const auto& [key, value] : refusal.metadata) (*info.mutable_metadata())[key] = value;
  details.add_details()->PackFrom(info);
}

void AddRetryDelay(absl::Duration delay, google::rpc::Status& details) {
  google::rpc::RetryInfo info;
  const int64_t nanos = absl::ToInt64Nanoseconds(delay);
  info.mutable_retry_delay()->set_seconds(nanos / 1'000'000'000);
  info.mutable_retry_delay()->set_nanos(static_cast<int32_t>(nanos % 1'000'000'000));
  details.add_details()->PackFrom(info);
}

void CopyPayloads(const absl::Status& from, absl::Status& to) {
  from.ForEachPayload(
      [&to](absl::string_view type, const absl::Cord& payload) { to.SetPayload(type, payload); });
}

absl::Status WithRefusal(absl::Status status, const google::rpc::ErrorInfo& info) {
  std::map<std::string, std::string> metadata(info.metadata().begin(), info.metadata().end());
  CopyPayloads(Refuse(status.code(), info.reason(), "", std::move(metadata)), status);
  return status;
}

absl::Status WithViolations(absl::Status status, const google::rpc::BadRequest& bad_request) {
  FieldViolations violations;
  for (const auto& violation : bad_request.field_violations()) {
    violations.Add(violation.field(), violation.description());
  }
  CopyPayloads(violations.ToStatus(), status);
  return status;
}

}  // namespace

bool IsInternalError(absl::StatusCode code) {
  return code == absl::StatusCode::kInternal || code == absl::StatusCode::kUnknown ||
         code == absl::StatusCode::kDataLoss;
}

bool IsInternalError(const absl::Status& status) {
  if (!IsInternalError(status.code())) return false;
  return !(absl::IsDataLoss(status) && GetRefusal(status).has_value());
}

std::string NewIncident() {
  // Unique within the process, and different after a restart: both are all it needs to be.
  static std::atomic<uint32_t> next{static_cast<uint32_t>(absl::ToUnixMicros(absl::Now()))};
  return fmt::format("{:08x}", next.fetch_add(0x9e3779b1u));
}

grpc::Status ToGrpcStatus(const absl::Status& status, std::string_view incident) {
  const auto code = static_cast<grpc::StatusCode>(status.code());
  if (status.ok()) return grpc::Status::OK;
  if (IsInternalError(status)) {
    return grpc::Status(code, incident.empty()
                                  ? std::string("internal error")
                                  : fmt::format("internal error; incident {}", incident));
  }
  const std::string message =
      Shortened({status.message().data(), status.message().size()}, kMostMessageBytes);
  google::rpc::Status details;
  AddViolations(GetFieldViolations(status), details);
  if (const auto refusal = GetRefusal(status); refusal.has_value()) AddRefusal(*refusal, details);
  if (const auto delay = GetRetryDelay(status); delay.has_value()) AddRetryDelay(*delay, details);
  if (details.details().empty()) return grpc::Status(code, message);
  details.set_code(static_cast<int>(code));
  details.set_message(message);
  return grpc::Status(code, message, details.SerializeAsString());
}

absl::Status FromGrpcStatus(const grpc::Status& status) {
  if (status.ok()) return absl::OkStatus();
  absl::Status result(static_cast<absl::StatusCode>(status.error_code()), status.error_message());
  google::rpc::Status details;
  if (status.error_details().empty() || !details.ParseFromString(status.error_details())) {
    return result;
  }
  for (const auto& detail : details.details()) {
    google::rpc::ErrorInfo info;
    google::rpc::BadRequest bad_request;
    google::rpc::RetryInfo retry;
    if (detail.UnpackTo(&info)) {
      if (info.domain() == kDomain) result = WithRefusal(std::move(result), info);
    } else if (detail.UnpackTo(&bad_request)) {
      result = WithViolations(std::move(result), bad_request);
    } else if (detail.UnpackTo(&retry)) {
      result =
          WithRetryDelay(std::move(result), absl::Seconds(retry.retry_delay().seconds()) +
                                                absl::Nanoseconds(retry.retry_delay().nanos()));
    }
  }
  return result;
}

}  // namespace redress::rpc
