#include "services/platform/rpc/call_context.h"

#include <utility>

#include "fmt/format.h"
#include "services/platform/status/refusal.h"

namespace redress::rpc {

async::CancellationToken CallContext::cancellation() const {
  if (!source_.has_value()) {
    source_.emplace();
    if (cancelled_) source_->Cancel();
  }
  return source_->token();
}

void CallContext::Cancel() {
  cancelled_ = true;
  if (source_.has_value()) source_->Cancel();
}

PeerIdentity CallContext::peer_identity() const {
  return parts_.transport == nullptr ? PeerIdentity() : parts_.transport->Peer();
}

std::optional<std::string> CallContext::Metadata(std::string_view key) const {
  return parts_.transport == nullptr ? std::nullopt : parts_.transport->Metadata(key);
}

AccessRule AnyVerifiedCaller() {
  return [](const CallContext&) { return absl::OkStatus(); };
}

AccessRule AnyOfRoles(auth::RoleSet roles) {
  return [roles](const CallContext& context) -> absl::Status {
    if (context.principal().HasAnyRole(roles)) return absl::OkStatus();
    std::string accepted = auth::RoleNames(roles);
    const std::string message = fmt::format("{}: no role of the caller may use it; accepted: {}",
                                            context.method(), accepted);
    return Refuse(
        absl::StatusCode::kPermissionDenied, "ROLE_NOT_ALLOWED", message,
        {{"verb", std::string(context.method())}, {"accepted_roles", std::move(accepted)}});
  };
}

}  // namespace redress::rpc
