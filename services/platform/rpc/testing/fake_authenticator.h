#ifndef REDRESS_SERVICES_PLATFORM_RPC_TESTING_FAKE_AUTHENTICATOR_H_
#define REDRESS_SERVICES_PLATFORM_RPC_TESTING_FAKE_AUTHENTICATOR_H_

#include <memory>
#include <string>
#include <string_view>

#include "services/platform/auth/authenticator.h"
#include "services/platform/status/refusal.h"

namespace redress::rpc::testing {

// Takes "Bearer <role>" ("Bearer desk") for a token of somebody with that role; refuses the rest.
class FakeAuthenticator final : public auth::Authenticator {
 public:
  absl::StatusOr<std::shared_ptr<const auth::Principal>> Authenticate(
      std::string_view authorization) override {
    constexpr std::string_view kScheme = "Bearer ";
    if (authorization.starts_with(kScheme)) {
      const auto role = auth::ParseRole(authorization.substr(kScheme.size()));
      if (role.has_value()) {
        auto principal = std::make_shared<auth::Principal>();
        principal->node = "kh";
        principal->person_id = "test";
        principal->roles.Insert(*role);
        return principal;
      }
    }
    return Refuse(absl::StatusCode::kUnauthenticated, "TOKEN_INVALID", "not a role",
                  {{"cause", "MALFORMED"}});
  }
};

}  // namespace redress::rpc::testing

#endif  // REDRESS_SERVICES_PLATFORM_RPC_TESTING_FAKE_AUTHENTICATOR_H_
