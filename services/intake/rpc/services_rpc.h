#ifndef REDRESS_SERVICES_INTAKE_RPC_SERVICES_RPC_H_
#define REDRESS_SERVICES_INTAKE_RPC_SERVICES_RPC_H_

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "redress/intake/v1/disclosure.pb.h"
#include "redress/intake/v1/events.pb.h"
#include "services/intake/rpc/rpc_parts.h"
#include "services/platform/async/task.h"
#include "services/platform/rpc/call_context.h"
#include "services/platform/rpc/stream.h"

namespace redress::intake {

// Handlers of what only other services of the node ask for. See RpcParts.
class ServicesRpc {
 public:
  // How long a follower of the events hears nothing before it gets a sign of life.
  static constexpr absl::Duration kSignOfLife = absl::Seconds(5);

  explicit ServicesRpc(const RpcParts& parts) : parts_(parts) {}

  async::Task<absl::StatusOr<v1::DiscloseComplaintResponse>> DiscloseComplaint(
      rpc::CallContext& context, v1::DiscloseComplaintRequest request);
  async::Task<absl::StatusOr<v1::SettleDisclosureResponse>> SettleDisclosure(
      rpc::CallContext& context, v1::SettleDisclosureRequest request);
  async::Task<absl::Status> ReadEvents(rpc::CallContext& context, v1::ReadEventsRequest request,
                                       rpc::Writer<v1::ReadEventsResponse>& out);

 private:
  const RpcParts& parts_;
};

}  // namespace redress::intake

#endif  // REDRESS_SERVICES_INTAKE_RPC_SERVICES_RPC_H_
