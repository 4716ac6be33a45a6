#ifndef REDRESS_SERVICES_PLATFORM_RPC_TESTING_EVERY_METHOD_NEEDS_A_TOKEN_H_
#define REDRESS_SERVICES_PLATFORM_RPC_TESTING_EVERY_METHOD_NEEDS_A_TOKEN_H_

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "grpcpp/channel.h"

namespace redress::rpc::testing {

// Calls every method of `service` ("redress.intake.v1.IntakeService", linked in), as its descriptor
// lists them, with a deadline and an empty message but without a token. Returns the methods that
// answered anything but UNAUTHENTICATED, with what they answered. `methods_called` counts them, so
// that a test can see that there were any.
//
//   int called = 0;
//   EXPECT_THAT(MethodsOpenWithoutToken(channel, "redress.intake.v1.IntakeService", called),
//               IsEmpty());
//   EXPECT_GT(called, 0);
std::vector<std::string> MethodsOpenWithoutToken(const std::shared_ptr<grpc::Channel>& channel,
                                                 std::string_view service, int& methods_called);

// The same without a deadline but with `token`: returns the methods that answered anything but
// INVALID_ARGUMENT.
std::vector<std::string> MethodsOpenWithoutDeadline(const std::shared_ptr<grpc::Channel>& channel,
                                                    std::string_view service,
                                                    const std::string& token, int& methods_called);

}  // namespace redress::rpc::testing

#endif  // REDRESS_SERVICES_PLATFORM_RPC_TESTING_EVERY_METHOD_NEEDS_A_TOKEN_H_
