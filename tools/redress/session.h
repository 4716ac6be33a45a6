#ifndef REDRESS_TOOLS_REDRESS_SESSION_H_
#define REDRESS_TOOLS_REDRESS_SESSION_H_

#include <memory>
#include <optional>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "grpcpp/channel.h"
#include "grpcpp/client_context.h"
#include "services/platform/rpc/status_conversion.h"
#include "services/platform/status/status_macros.h"
#include "tools/redress/profile.h"

namespace redress::cli {

// What the flags before the command say.
struct Globals {
  std::string profile;
  std::string profiles;    // Directory; see ProfilesDirectory.
  std::string request_id;  // Empty: a fresh one for each call.
  double timeout_seconds = 10;
  bool json = false;
};

// One run of the command: who calls, and the connections it needs. A token is minted for every
// call, so that none lies about and none runs out on the way. Not thread-safe.
class Session {
 public:
  explicit Session(const Globals& globals) : globals_(globals) {}

  // Loads profile and key; every call to a service needs it first.
  absl::Status Open();

  const Globals& globals() const { return globals_; }
  const Profile& profile() const { return profile_; }

  template <class Service>
  std::unique_ptr<typename Service::Stub> Intake() {
    return Service::NewStub(ChannelTo(profile_.intake));
  }
  template <class Service>
  std::unique_ptr<typename Service::Stub> Referral() {
    return Service::NewStub(ChannelTo(profile_.referral));
  }
  template <class Service>
  std::unique_ptr<typename Service::Stub> Status() {
    return Service::NewStub(ChannelTo(profile_.status));
  }

  // A context with token and deadline. `limit` replaces --timeout where a call may take long.
  absl::StatusOr<std::unique_ptr<grpc::ClientContext>> NewContext(
      std::optional<absl::Duration> limit = std::nullopt);

  // One unary call: Call(*stub, &Stub::GetComplaint, request).
  template <class Stub, class Request, class Response>
  absl::StatusOr<Response> Call(Stub& stub,
                                grpc::Status (Stub::*method)(grpc::ClientContext*, const Request&,
                                                             Response*),
                                const Request& request) {
    ASSIGN_OR_RETURN(const std::unique_ptr<grpc::ClientContext> context, NewContext());
    Response response;
    const grpc::Status status = (stub.*method)(context.get(), request, &response);
    if (!status.ok()) return rpc::FromGrpcStatus(status);
    return response;
  }

  // --request-id, or a fresh one that stays the same for the whole command.
  std::string RequestId();
  // The same for call `part`, from 0, of a command that makes several.
  std::string RequestId(size_t part);
  // What was given out, for whoever has to repeat the command; empty when it changes nothing.
  const std::string& first_request_id() const { return first_request_id_; }

  absl::StatusOr<std::string> MintToken() const;

  std::shared_ptr<grpc::Channel> ChannelTo(const std::string& address);

 private:
  const Globals globals_;
  Profile profile_;
  std::shared_ptr<const crypto::SigningKey> key_;
  std::string first_request_id_;
};

}  // namespace redress::cli

#endif  // REDRESS_TOOLS_REDRESS_SESSION_H_
