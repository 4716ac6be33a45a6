#include "services/intake/rpc/request_reader.h"

#include <utility>

#include "fmt/format.h"
#include "google/protobuf/io/coded_stream.h"
#include "google/protobuf/io/zero_copy_stream_impl_lite.h"
#include "services/intake/rpc/common_conversion.h"
#include "services/platform/codes/field_checks.h"

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
  mark.request_id = violations_.Read(RequestId::Parse(id, "request_id"));
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
  return violations_.Read(CaseNumber::Parse(text, field));
}

ReferralId RequestReader::Referral(std::string_view text, std::string_view field) {
  return violations_.Read(ReferralId::Parse(text, field));
}

RandomId RequestReader::Id(std::string_view text, std::string_view field, bool required) {
  if (text.empty() && !required) return {};
  return violations_.Read(RandomId::Parse(text, field));
}

PageRequest RequestReader::Page(int32_t page_size, std::string_view page_token) {
  return {.size = ReadPageSize("page_size", page_size, violations_),
          .token = std::string(page_token)};
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

}  // namespace redress::intake
