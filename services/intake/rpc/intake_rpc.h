#ifndef REDRESS_SERVICES_INTAKE_RPC_INTAKE_RPC_H_
#define REDRESS_SERVICES_INTAKE_RPC_INTAKE_RPC_H_

#include <memory>

#include "services/intake/rpc/rpc_parts.h"

namespace redress::rpc {
class Server;
}  // namespace redress::rpc

namespace redress::intake {

// IntakeService over gRPC: registers a handler for each of its verbs, each with the access rule of
// the same name in IntakeAccess (domain/access.h), so that no verb can be reached without one.
//
//   IntakeRpc intake_rpc(parts);
//   intake_rpc.RegisterWith(server);     // before the server starts
//
// Must outlive the server.
class IntakeRpc {
 public:
  explicit IntakeRpc(const RpcParts& parts);
  ~IntakeRpc();
  IntakeRpc(const IntakeRpc&) = delete;
  IntakeRpc& operator=(const IntakeRpc&) = delete;

  void RegisterWith(rpc::Server& server);

 private:
  class Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace redress::intake

#endif  // REDRESS_SERVICES_INTAKE_RPC_INTAKE_RPC_H_
