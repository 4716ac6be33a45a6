#ifndef REDRESS_SERVICES_INTAKE_RPC_READING_RPC_H_
#define REDRESS_SERVICES_INTAKE_RPC_READING_RPC_H_

#include "absl/status/statusor.h"
#include "redress/intake/v1/bulk_requests.pb.h"
#include "redress/intake/v1/filing_requests.pb.h"
#include "services/intake/rpc/rpc_parts.h"
#include "services/platform/async/task.h"
#include "services/platform/rpc/call_context.h"

namespace redress::intake {

// Handlers of GetComplaint, ListComplaints, ListGroupMembers and FindSimilar. See RpcParts.
class ReadingRpc {
 public:
  explicit ReadingRpc(const RpcParts& parts) : parts_(parts) {}

  async::Task<absl::StatusOr<v1::GetComplaintResponse>> GetComplaint(
      rpc::CallContext& context, v1::GetComplaintRequest request);
  async::Task<absl::StatusOr<v1::ListComplaintsResponse>> ListComplaints(
      rpc::CallContext& context, v1::ListComplaintsRequest request);
  async::Task<absl::StatusOr<v1::ListGroupMembersResponse>> ListGroupMembers(
      rpc::CallContext& context, v1::ListGroupMembersRequest request);
  async::Task<absl::StatusOr<v1::FindSimilarResponse>> FindSimilar(rpc::CallContext& context,
                                                                   v1::FindSimilarRequest request);

 private:
  const RpcParts& parts_;
};

}  // namespace redress::intake

#endif  // REDRESS_SERVICES_INTAKE_RPC_READING_RPC_H_
