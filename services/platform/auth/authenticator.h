#ifndef REDRESS_SERVICES_PLATFORM_AUTH_AUTHENTICATOR_H_
#define REDRESS_SERVICES_PLATFORM_AUTH_AUTHENTICATOR_H_

#include <memory>
#include <string_view>

#include "absl/status/statusor.h"
#include "services/platform/auth/principal.h"

namespace redress::auth {

// Turns the "authorization" metadata of one call into the caller. The rpc server asks it in one
// place, before any handler runs, and for each call anew, since calls of several callers share a
// connection. Thread-safe; does not block.
class Authenticator {
 public:
  virtual ~Authenticator() = default;

  // `authorization` is the whole value, "Bearer <token>", empty when the call has none.
  //
  // UNAUTHENTICATED with one of these reasons (status/refusal.h):
  //   TOKEN_MISSING                nothing was sent
  //   TOKEN_EXPIRED {expired_at}   it was good; mint a new one
  //   TOKEN_INVALID {cause}        a name of TokenProblem (token.h); repeating does not help
  // No answer repeats any part of the token.
  virtual absl::StatusOr<std::shared_ptr<const Principal>> Authenticate(
      std::string_view authorization) = 0;
};

}  // namespace redress::auth

#endif  // REDRESS_SERVICES_PLATFORM_AUTH_AUTHENTICATOR_H_
