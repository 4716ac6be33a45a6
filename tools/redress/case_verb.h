#ifndef REDRESS_TOOLS_REDRESS_CASE_VERB_H_
#define REDRESS_TOOLS_REDRESS_CASE_VERB_H_

#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "absl/time/clock.h"
#include "redress/common/v1/types.pb.h"
#include "redress/intake/v1/intake_service.grpc.pb.h"
#include "services/platform/time/date.h"
#include "tools/redress/arguments.h"
#include "tools/redress/commands.h"

namespace redress::cli {

using IntakeStub = redress::intake::v1::IntakeService::Stub;

inline std::unique_ptr<IntakeStub> IntakeOf(Session& session) {
  return session.Intake<redress::intake::v1::IntakeService>();
}

// What every verb on a case takes on the command line.
struct CaseOptions {
  std::string case_number;
  std::string etag;
};

inline void AddCaseOptions(CLI::App* command, CaseOptions& options) {
  AddCaseArgument(command, options.case_number);
  command->add_option(
      "--etag", options.etag,
      "Refuse if the case has changed since this etag was read (default: read now)");
}

// How a worker gave an instruction that somebody else records.
struct InstructionOptions {
  std::string how;
  std::string given_on;
  std::string note;
};

inline void AddInstructionOptions(CLI::App* command, InstructionOptions& options) {
  Coded(command->add_option(
      "--instructed", options.how,
      "How the worker said so, when you record it for the worker: IN_PERSON, PHONE…"));
  command->add_option("--instructed-on", options.given_on,
                      "On which day, as 2026-11-22 (default: today, UTC)");
  command->add_option("--instruction-note", options.note, "Anything to add");
}

template <class Request>
void FillInstruction(const InstructionOptions& options, Request& request) {
  if (options.how.empty()) return;
  request.mutable_instruction()->set_how(options.how);
  request.mutable_instruction()->set_given_on(
      options.given_on.empty() ? DateOf(absl::Now()).ToString() : options.given_on);
  request.mutable_instruction()->set_note(options.note);
}

// The etag of a case as it is now, for those who did not say which they have read.
absl::StatusOr<std::string> CurrentCaseEtag(Session& session, const std::string& case_number);

template <class Request>
absl::Status FillCase(Session& session, const CaseOptions& options, Request& request) {
  request.set_request_id(session.RequestId());
  request.set_case_number(options.case_number);
  std::string etag = options.etag;
  if (etag.empty()) {
    ASSIGN_OR_RETURN(etag, CurrentCaseEtag(session, options.case_number));
  }
  request.set_etag(etag);
  return absl::OkStatus();
}

// Fills the common fields, calls, prints the answer.
template <class Request, class Response>
absl::Status RunCaseVerb(Run& run, const CaseOptions& options, Request request,
                         grpc::Status (IntakeStub::*method)(grpc::ClientContext*, const Request&,
                                                            Response*)) {
  RETURN_IF_ERROR(FillCase(run.session, options, request));
  const std::unique_ptr<IntakeStub> stub = IntakeOf(run.session);
  ASSIGN_OR_RETURN(const Response response, run.session.Call(*stub, method, request));
  run.output.Message(response);
  return absl::OkStatus();
}

}  // namespace redress::cli

#endif  // REDRESS_TOOLS_REDRESS_CASE_VERB_H_
