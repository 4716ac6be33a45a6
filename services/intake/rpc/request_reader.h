#ifndef REDRESS_SERVICES_INTAKE_RPC_REQUEST_READER_H_
#define REDRESS_SERVICES_INTAKE_RPC_REQUEST_READER_H_

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/status.h"
#include "absl/time/time.h"
#include "google/protobuf/message_lite.h"
#include "google/protobuf/timestamp.pb.h"
#include "services/intake/app/caller.h"
#include "services/intake/domain/field_checker.h"
#include "services/platform/ids/case_number.h"
#include "services/platform/ids/names.h"
#include "services/platform/status/field_violations.h"

namespace redress::intake {

// What a serialised complaint, or the members of one call, may measure, so that it fits one commit.
inline constexpr size_t kMaxFilingBytes = 512 << 10;

// Reads those fields of a request that are more than text to the application (numbers, ids, etags,
// pages), and notes every one that is wrong, so that one answer names them all:
//
//   RequestReader reader(validation);
//   CloseCommand command{reader.Target(request.case_number(), request.etag())};
//   const RequestMark mark = reader.Mark(request);
//   if (!reader.ok()) {
//     ValidateClosing(command.decision, …, reader.violations());  // what else is wrong
//     co_return reader.ToStatus();
//   }
//
// The application checks the rest, and does so again. Not thread-safe; lives for one call.
class RequestReader {
 public:
  FieldViolations& violations() { return violations_; }
  bool ok() const { return violations_.empty(); }
  absl::Status ToStatus() const { return violations_.ToStatus(); }

  // Takes request_id out of the request and digests what is left but the etag, which says what the
  // caller had read and not what is asked: a repeat that read again is still the same request.
  template <class Request>
  RequestMark Mark(Request& request) {
    std::string id = std::move(*request.mutable_request_id());
    request.clear_request_id();
    if constexpr (requires { request.mutable_etag(); }) {
      std::string etag = std::move(*request.mutable_etag());
      request.clear_etag();
      RequestMark mark = MarkOf(id, request);
      *request.mutable_etag() = std::move(etag);
      return mark;
    } else {
      return MarkOf(id, request);
    }
  }

  // An import's, which also leaves out the line, since that may move.
  template <class Request>
  RequestMark MarkOfLine(Request& request) {
    request.clear_line_number();
    return Mark(request);
  }

  CaseTarget Target(std::string_view case_number, std::string_view etag);
  // Where the etag may be left out.
  CaseTarget TargetAtAnyVersion(std::string_view case_number, std::string_view etag);

  CaseNumber Number(std::string_view text, std::string_view field = "case_number");
  ReferralId Referral(std::string_view text, std::string_view field = "referral_id");
  // Empty is fine where `required` is not asked for.
  RandomId Id(std::string_view text, std::string_view field, bool required);

  PageRequest Page(int32_t page_size, std::string_view page_token);

  std::optional<absl::Time> Instant(bool present, const google::protobuf::Timestamp& timestamp,
                                    std::string_view field);

  // Notes a message that measures more than kMaxFilingBytes.
  void CheckSize(const google::protobuf::MessageLite& message, std::string_view field);

  // Notes a message that is required and not there.
  void Require(bool present, std::string_view field);

 private:
  RequestMark MarkOf(std::string_view id, const google::protobuf::MessageLite& rest);

  FieldViolations violations_;
};

}  // namespace redress::intake

#endif  // REDRESS_SERVICES_INTAKE_RPC_REQUEST_READER_H_
