#include "tools/redress/session.h"

#include <chrono>
#include <utility>

#include "absl/time/clock.h"
#include "fmt/format.h"
#include "grpcpp/create_channel.h"
#include "grpcpp/security/credentials.h"
#include "services/platform/crypto/node_keys.h"
#include "services/platform/crypto/system_random.h"
#include "services/platform/ids/names.h"

namespace redress::cli {

absl::Status Session::Open() {
  ASSIGN_OR_RETURN(profile_, LoadProfile(ProfilesDirectory(globals_.profiles), globals_.profile));
  ASSIGN_OR_RETURN(crypto::SigningKey key, crypto::LoadSigningKey(profile_.key_file));
  key_ = std::make_shared<const crypto::SigningKey>(std::move(key));
  return absl::OkStatus();
}

absl::StatusOr<std::unique_ptr<grpc::ClientContext>> Session::NewContext(
    std::optional<absl::Duration> limit) {
  ASSIGN_OR_RETURN(const std::string token, MintToken());
  auto context = std::make_unique<grpc::ClientContext>();
  context->AddMetadata("authorization", "Bearer " + token);
  const absl::Duration wait = limit.value_or(absl::Seconds(globals_.timeout_seconds));
  context->set_deadline(std::chrono::system_clock::now() + absl::ToChronoMilliseconds(wait));
  return context;
}

std::string Session::RequestId() { return RequestId(0); }

std::string Session::RequestId(size_t part) {
  if (first_request_id_.empty()) {
    crypto::SystemRandom random;
    first_request_id_ =
        globals_.request_id.empty() ? NewRandomId(random).ToString() : globals_.request_id;
  }
  // Repeating the command with the first one gives each call its own again.
  return part == 0 ? first_request_id_ : fmt::format("{}-{}", first_request_id_, part + 1);
}

absl::StatusOr<std::string> Session::MintToken() const {
  if (key_ == nullptr) return absl::FailedPreconditionError("no profile was loaded");
  return auth::MintToken(*key_, ClaimsOf(profile_, absl::Now()));
}

std::shared_ptr<grpc::Channel> Session::ChannelTo(const std::string& address) {
  grpc::ChannelArguments arguments;
  arguments.SetMaxReceiveMessageSize(16 << 20);
  return grpc::CreateCustomChannel(address, grpc::InsecureChannelCredentials(), arguments);
}

}  // namespace redress::cli
