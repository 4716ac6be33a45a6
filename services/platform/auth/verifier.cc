#include "services/platform/auth/verifier.h"

#include <algorithm>
#include <utility>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "services/platform/auth/token.h"
#include "services/platform/status/refusal.h"
#include "services/platform/status/status_macros.h"

namespace redress::auth {
namespace {

constexpr std::string_view kScheme = "bearer ";

// From when a token is first taken to when it has surely ended.
const absl::Duration kLongestUse = kMaxTokenLifetime + kMaxClockSkew;

// The token after "Bearer ", in any case (RFC 6750, RFC 9110).
absl::StatusOr<std::string_view> TokenOf(std::string_view authorization) {
  if (authorization.empty()) {
    return Refuse(absl::StatusCode::kUnauthenticated, "TOKEN_MISSING",
                  "send a token in the metadata \"authorization: Bearer <token>\"");
  }
  if (!absl::StartsWithIgnoreCase({authorization.data(), authorization.size()},
                                  {kScheme.data(), kScheme.size()})) {
    return InvalidToken(TokenProblem::kMalformed, "authorization must be \"Bearer <token>\"");
  }
  return authorization.substr(kScheme.size());
}

}  // namespace

Verifier::Verifier(std::string node, IssuerRegistry issuers, const Clock& clock,
                   size_t cache_capacity)
    : node_(std::move(node)),
      clock_(clock),
      cache_capacity_(std::max<size_t>(cache_capacity, 1)),
      issuers_(std::make_shared<const IssuerRegistry>(std::move(issuers))) {}

absl::StatusOr<std::shared_ptr<const Principal>> Verifier::Authenticate(
    std::string_view authorization) {
  ASSIGN_OR_RETURN(const std::string_view token, TokenOf(authorization));
  const absl::Time now = clock_.Now();
  if (std::shared_ptr<const Principal> known = FindCached(token);
      known != nullptr && now < known->expires) {
    return known;
  }
  std::shared_ptr<const IssuerRegistry> issuers;
  {
    absl::MutexLock lock(&mutex_);
    issuers = issuers_;
  }
  // Outside the lock: checking a signature takes longer than everything else here together.
  ASSIGN_OR_RETURN(Principal principal, VerifyToken(token, node_, now, *issuers));
  auto verified = std::make_shared<const Principal>(std::move(principal));
  absl::MutexLock lock(&mutex_);
  // Unless the issuers were replaced meanwhile: then what was just verified may no longer hold, and
  // the next call asks again.
  if (issuers == issuers_) {
    Age(now);
    young_.insert_or_assign(std::string(token), verified);
  }
  return verified;
}

void Verifier::Age(absl::Time now) {
  const absl::Duration age = now - young_since_;
  if (age >= 2 * kLongestUse) {
    old_ = Tokens();
    young_ = Tokens();
  } else if (age >= kLongestUse || young_.size() >= cache_capacity_) {
    old_ = std::move(young_);
    young_ = Tokens();
  } else {
    return;
  }
  young_since_ = now;
}

std::shared_ptr<const Principal> Verifier::FindCached(std::string_view token) {
  const absl::string_view key(token.data(), token.size());
  absl::MutexLock lock(&mutex_);
  if (const auto found = young_.find(key); found != young_.end()) return found->second;
  if (const auto found = old_.find(key); found != old_.end()) return found->second;
  return nullptr;
}

void Verifier::Replace(IssuerRegistry issuers) {
  auto replacement = std::make_shared<const IssuerRegistry>(std::move(issuers));
  absl::MutexLock lock(&mutex_);
  issuers_ = std::move(replacement);
  young_ = Tokens();
  old_ = Tokens();
}

size_t Verifier::cached() const {
  absl::MutexLock lock(&mutex_);
  return young_.size() + old_.size();
}

}  // namespace redress::auth
