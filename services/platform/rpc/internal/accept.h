#ifndef REDRESS_SERVICES_PLATFORM_RPC_INTERNAL_ACCEPT_H_
#define REDRESS_SERVICES_PLATFORM_RPC_INTERNAL_ACCEPT_H_

#include <cstdint>

namespace redress::rpc::internal {

// How many connections this process has turned away because too many descriptors were in use
// (platform/files/descriptors.h). A program that asks this turns them away; see accept.cc.
// Thread-safe.
uint64_t ConnectionsTurnedAway();

}  // namespace redress::rpc::internal

#endif  // REDRESS_SERVICES_PLATFORM_RPC_INTERNAL_ACCEPT_H_
