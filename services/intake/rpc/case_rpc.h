#ifndef REDRESS_SERVICES_INTAKE_RPC_CASE_RPC_H_
#define REDRESS_SERVICES_INTAKE_RPC_CASE_RPC_H_

#include "absl/status/statusor.h"
#include "redress/intake/v1/case_requests.pb.h"
#include "redress/intake/v1/consent_requests.pb.h"
#include "services/intake/rpc/rpc_parts.h"
#include "services/platform/async/task.h"
#include "services/platform/rpc/call_context.h"

namespace redress::intake {

// Handlers of the verbs that move a case, and of consent. See RpcParts.
class CaseRpc {
 public:
  explicit CaseRpc(const RpcParts& parts) : parts_(parts) {}

  async::Task<absl::StatusOr<v1::ScreenComplaintResponse>> ScreenComplaint(
      rpc::CallContext& context, v1::ScreenComplaintRequest request);
  async::Task<absl::StatusOr<v1::WithdrawComplaintResponse>> WithdrawComplaint(
      rpc::CallContext& context, v1::WithdrawComplaintRequest request);
  async::Task<absl::StatusOr<v1::CloseComplaintResponse>> CloseComplaint(
      rpc::CallContext& context, v1::CloseComplaintRequest request);
  async::Task<absl::StatusOr<v1::ReopenComplaintResponse>> ReopenComplaint(
      rpc::CallContext& context, v1::ReopenComplaintRequest request);
  async::Task<absl::StatusOr<v1::RecordConsentResponse>> RecordConsent(
      rpc::CallContext& context, v1::RecordConsentRequest request);
  async::Task<absl::StatusOr<v1::RevokeConsentResponse>> RevokeConsent(
      rpc::CallContext& context, v1::RevokeConsentRequest request);

 private:
  const RpcParts& parts_;
};

}  // namespace redress::intake

#endif  // REDRESS_SERVICES_INTAKE_RPC_CASE_RPC_H_
