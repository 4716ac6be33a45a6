#ifndef REDRESS_SERVICES_INTAKE_RPC_FILING_RPC_H_
#define REDRESS_SERVICES_INTAKE_RPC_FILING_RPC_H_

#include "absl/status/statusor.h"
#include "redress/intake/v1/filing_requests.pb.h"
#include "services/intake/rpc/rpc_parts.h"
#include "services/platform/async/task.h"
#include "services/platform/rpc/call_context.h"

namespace redress::intake {

// Handlers of FileComplaint, AddGroupMembers and AmendComplaint. See RpcParts.
class FilingRpc {
 public:
  explicit FilingRpc(const RpcParts& parts) : parts_(parts) {}

  async::Task<absl::StatusOr<v1::FileComplaintResponse>> FileComplaint(
      rpc::CallContext& context, v1::FileComplaintRequest request);
  async::Task<absl::StatusOr<v1::AddGroupMembersResponse>> AddGroupMembers(
      rpc::CallContext& context, v1::AddGroupMembersRequest request);
  async::Task<absl::StatusOr<v1::AmendComplaintResponse>> AmendComplaint(
      rpc::CallContext& context, v1::AmendComplaintRequest request);

 private:
  const RpcParts& parts_;
};

}  // namespace redress::intake

#endif  // REDRESS_SERVICES_INTAKE_RPC_FILING_RPC_H_
