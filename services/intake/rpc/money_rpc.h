#ifndef REDRESS_SERVICES_INTAKE_RPC_MONEY_RPC_H_
#define REDRESS_SERVICES_INTAKE_RPC_MONEY_RPC_H_

#include "absl/status/statusor.h"
#include "redress/intake/v1/approval.pb.h"
#include "redress/intake/v1/money.pb.h"
#include "services/intake/rpc/rpc_parts.h"
#include "services/platform/async/task.h"
#include "services/platform/rpc/call_context.h"

namespace redress::intake {

// Handlers of the ledger and of what needs a second person. See RpcParts.
class MoneyRpc {
 public:
  explicit MoneyRpc(const RpcParts& parts) : parts_(parts) {}

  async::Task<absl::StatusOr<v1::RecordMoneyResponse>> RecordMoney(rpc::CallContext& context,
                                                                   v1::RecordMoneyRequest request);
  async::Task<absl::StatusOr<v1::ListMoneyResponse>> ListMoney(rpc::CallContext& context,
                                                               v1::ListMoneyRequest request);
  async::Task<absl::StatusOr<v1::RequestApprovalResponse>> RequestApproval(
      rpc::CallContext& context, v1::RequestApprovalRequest request);
  async::Task<absl::StatusOr<v1::ApproveResponse>> Approve(rpc::CallContext& context,
                                                           v1::ApproveRequest request);

 private:
  const RpcParts& parts_;
};

}  // namespace redress::intake

#endif  // REDRESS_SERVICES_INTAKE_RPC_MONEY_RPC_H_
