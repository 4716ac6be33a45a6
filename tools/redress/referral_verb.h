#ifndef REDRESS_TOOLS_REDRESS_REFERRAL_VERB_H_
#define REDRESS_TOOLS_REDRESS_REFERRAL_VERB_H_

#include <memory>
#include <string>

#include "redress/referral/v1/directory_service.grpc.pb.h"
#include "redress/referral/v1/referral_service.grpc.pb.h"
#include "tools/redress/arguments.h"
#include "tools/redress/commands.h"

namespace redress::cli {

using ReferralStub = redress::referral::v1::ReferralService::Stub;
using DirectoryStub = redress::referral::v1::DirectoryService::Stub;

inline std::unique_ptr<ReferralStub> ReferralOf(Session& session) {
  return session.Referral<redress::referral::v1::ReferralService>();
}
inline std::unique_ptr<DirectoryStub> DirectoryOf(Session& session) {
  return session.Referral<redress::referral::v1::DirectoryService>();
}

// What every verb on a referral takes on the command line.
struct ReferralOptions {
  std::string referral_id;
  std::string etag;
};

inline void AddReferralOptions(CLI::App* command, ReferralOptions& options) {
  AddReferralArgument(command, options.referral_id);
  command->add_option(
      "--etag", options.etag,
      "Refuse if the referral has changed since this etag was read (default: read now)");
}

// The etag of a referral as it is now, for those who did not say which they have read.
absl::StatusOr<std::string> CurrentReferralEtag(Session& session, const std::string& referral_id);

template <class Request>
absl::Status FillReferral(Session& session, const ReferralOptions& options, Request& request) {
  request.set_request_id(session.RequestId());
  request.set_referral_id(options.referral_id);
  std::string etag = options.etag;
  if (etag.empty()) {
    ASSIGN_OR_RETURN(etag, CurrentReferralEtag(session, options.referral_id));
  }
  request.set_etag(etag);
  return absl::OkStatus();
}

// Fills the common fields, calls, prints the answer.
template <class Request, class Response>
absl::Status RunReferralVerb(Run& run, const ReferralOptions& options, Request request,
                             grpc::Status (ReferralStub::*method)(grpc::ClientContext*,
                                                                  const Request&, Response*)) {
  RETURN_IF_ERROR(FillReferral(run.session, options, request));
  const std::unique_ptr<ReferralStub> stub = ReferralOf(run.session);
  ASSIGN_OR_RETURN(const Response response, run.session.Call(*stub, method, request));
  run.output.Message(response);
  return absl::OkStatus();
}

}  // namespace redress::cli

#endif  // REDRESS_TOOLS_REDRESS_REFERRAL_VERB_H_
