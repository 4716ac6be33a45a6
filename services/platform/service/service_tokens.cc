#include "services/platform/service/service_tokens.h"

#include "fmt/format.h"
#include "services/platform/auth/token.h"

namespace redress::service {

ServiceTokens::ServiceTokens(const NodeId& node, std::string_view service,
                             const crypto::SigningKey& key, const Clock& clock)
    : node_(node.ToString()),
      person_(fmt::format("{}-service", service)),
      key_(key),
      clock_(clock) {}

std::string ServiceTokens::Token() {
  absl::MutexLock lock(&mutex_);
  const absl::Time now = absl::FromUnixSeconds(absl::ToUnixSeconds(clock_.Now()));
  if (expires_ - now > kLeastRemaining) return token_;
  auth::TokenClaims claims;
  claims.issuer_node = node_;
  claims.audience_node = node_;
  claims.person_id = person_;
  claims.body_id = fmt::format("{}:services", node_);
  claims.roles.Insert(auth::Role::kService);
  claims.issued_at = now;
  claims.expires = now + auth::kMaxTokenLifetime;
  token_ = auth::MintToken(key_, claims);
  expires_ = claims.expires;
  return token_;
}

}  // namespace redress::service
