#include "services/intake/rpc/request_reader.h"

#include <utility>

#include "fmt/format.h"
#include "google/protobuf/io/coded_stream.h"
#include "google/protobuf/io/zero_copy_stream_impl_lite.h"
#include "services/intake/rpc/common_conversion.h"

namespace redress::intake {
namespace {

// A version that no commit ever has, so that a caller who sends an etag that is none is told the
// current one.
constexpr kv::Version kNoVersion = 0;

std::string SerialiseForDigest(const google::protobuf::MessageLite& message) {
  std::string bytes;
  google::protobuf::io::StringOutputStream stream(&bytes);
  google::protobuf::io::CodedOutputStream out(&stream);
  out.SetSerializationDeterministic(true);
  message.SerializeToCodedStream(&out);
  out.Trim();
  return bytes;
}

}  // namespace

RequestMark RequestReader::MarkOf(std::string_view id, const google::protobuf::MessageLite& rest) {
  RequestMark mark;
  absl::StatusOr<RequestId> parsed = RequestId::Parse(id, "request_id");
  if (!parsed.ok()) {
    Note(parsed.status());
    return mark;
  }
  mark.request_id = *std::move(parsed);
  mark.content = journal::DigestContent(SerialiseForDigest(rest));
  return mark;
}

CaseTarget RequestReader::Target(std::string_view case_number, std::string_view etag) {
  if (etag.empty()) violations_.Add("etag", "is required: the one last read");
  return TargetAtAnyVersion(case_number, etag);
}

CaseTarget RequestReader::TargetAtAnyVersion(std::string_view case_number, std::string_view etag) {
  CaseTarget target{.case_number = Number(case_number)};
  if (!etag.empty()) target.version = ParseEtag(etag).value_or(kNoVersion);
  return target;
}

CaseNumber RequestReader::Number(std::string_view text, std::string_view field) {
  absl::StatusOr<CaseNumber> number = CaseNumber::Parse(text, field);
  if (!number.ok()) {
    Note(number.status());
    return {};
  }
  return *std::move(number);
}

ReferralId RequestReader::Referral(std::string_view text, std::string_view field) {
  absl::StatusOr<ReferralId> id = ReferralId::Parse(text, field);
  if (!id.ok()) {
    Note(id.status());
    return {};
  }
  return *std::move(id);
}

RandomId RequestReader::Id(std::string_view text, std::string_view field, bool required) {
  if (text.empty() && !required) return {};
  absl::StatusOr<RandomId> id = RandomId::Parse(text, field);
  if (!id.ok()) {
    Note(id.status());
    return {};
  }
  return *std::move(id);
}

PageRequest RequestReader::Page(int32_t page_size, std::string_view page_token) {
  PageRequest page{.size = kDefaultPageSize, .token = std::string(page_token)};
  if (page_size < 0 || page_size > static_cast<int32_t>(kMaxPageSize)) {
    violations_.AddValue("page_size", std::to_string(page_size),
                         fmt::format("0 (for {}) to {}", kDefaultPageSize, kMaxPageSize));
  } else if (page_size > 0) {
    page.size = static_cast<size_t>(page_size);
  }
  return page;
}

std::optional<absl::Time> RequestReader::Instant(bool present,
                                                 const google::protobuf::Timestamp& timestamp,
                                                 std::string_view field) {
  if (!present) return std::nullopt;
  const std::optional<absl::Time> time = FromProto(timestamp);
  if (!time) violations_.Add(field, "is no instant of the years 1 to 9999");
  return time;
}

void RequestReader::CheckSize(const google::protobuf::MessageLite& message,
                              std::string_view field) {
  const size_t size = message.ByteSizeLong();
  if (size <= kMaxFilingBytes) return;
  violations_.Add(field,
                  fmt::format("measures {} bytes; accepted are {} a call", size, kMaxFilingBytes));
}

void RequestReader::Require(bool present, std::string_view field) {
  if (!present) violations_.Add(field, "is required");
}

void RequestReader::Note(const absl::Status& status) {
  for (const FieldViolation& violation : GetFieldViolations(status)) {
    violations_.Add(violation.field, violation.problem);
  }
}

}  // namespace redress::intake
