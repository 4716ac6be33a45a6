#ifndef REDRESS_SERVICES_PLATFORM_AUTH_TOKEN_H_
#define REDRESS_SERVICES_PLATFORM_AUTH_TOKEN_H_

#include <cstddef>
#include <string>
#include <string_view>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "services/platform/auth/issuer_registry.h"
#include "services/platform/auth/principal.h"
#include "services/platform/crypto/signing_key.h"

namespace redress::auth {

// A token lives at most this long, so that taking a right away works within it.
inline constexpr absl::Duration kMaxTokenLifetime = absl::Minutes(10);
// By how much the issuer's clock may be ahead. There is no such leeway at the end: a token that
// lives for minutes loses nothing by ending on time.
inline constexpr absl::Duration kMaxClockSkew = absl::Seconds(60);
inline constexpr size_t kMaxTokenSize = 4096;

// What a token says before it is signed.
struct TokenClaims {
  std::string issuer_node;    // iss: "kh"
  std::string audience_node;  // aud: the same, since a node accepts only its own
  std::string person_id;      // sub
  std::string body_id;        // body
  RoleSet roles;              // roles, at least one
  RightSet rights;            // rights
  std::string posting;        // posting: ISO 3166-1 alpha-2, upper case
  std::string province;       // province: an ISO 3166-2 code
  std::string case_number;    // case: for a worker or representative
  std::string member_id;      // member: as above
  absl::Time issued_at;       // iat, whole seconds
  absl::Time expires;         // exp, whole seconds, at most kMaxTokenLifetime later
};

// A compact JWT {"alg":"EdDSA","kid":…,"typ":"JWT"}. Empty claims are left out. Checks nothing: the
// verifier does, and a test must be able to make a wrong one.
std::string MintToken(const crypto::SigningKey& key, const TokenClaims& claims);

// Why a token is no good: the {cause} of TOKEN_INVALID.
enum class TokenProblem {
  kMalformed,          // MALFORMED: not three parts of base64url JSON, or too large
  kAlgorithm,          // ALGORITHM: anything but EdDSA, "none" included
  kUnknownKey,         // UNKNOWN_KEY: no issuer with this kid
  kKeyNotValidNow,     // KEY_NOT_VALID_NOW: the issuer's validity has not begun or is over
  kSignature,          // SIGNATURE: does not match
  kIssuer,             // ISSUER: another node than this one
  kAudience,           // AUDIENCE: meant for another node
  kLifetime,           // LIFETIME: longer than allowed, or ends before it begins
  kIssuedInFuture,     // ISSUED_IN_FUTURE: beyond the skew allowed
  kClaimMalformed,     // CLAIM_MALFORMED: a claim missing, of a wrong type or ill-formed
  kClaimNotPermitted,  // CLAIM_NOT_PERMITTED: the issuer may not assert it
};
std::string_view TokenProblemName(TokenProblem problem);

// UNAUTHENTICATED, reason TOKEN_INVALID {cause}. `detail` is for people and holds nothing of the
// token but a claim's name.
absl::Status InvalidToken(TokenProblem problem, std::string_view detail);
// UNAUTHENTICATED, reason TOKEN_EXPIRED {expired_at}.
absl::Status ExpiredToken(absl::Time expired_at);

// Checks a token as hostile input: size, header, key, signature, and only then the claims, against
// `node`, `now` and what its issuer may assert. Errors as Authenticator says.
absl::StatusOr<Principal> VerifyToken(std::string_view token, std::string_view node, absl::Time now,
                                      const IssuerRegistry& issuers);

}  // namespace redress::auth

#endif  // REDRESS_SERVICES_PLATFORM_AUTH_TOKEN_H_
