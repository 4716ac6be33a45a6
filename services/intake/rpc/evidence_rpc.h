#ifndef REDRESS_SERVICES_INTAKE_RPC_EVIDENCE_RPC_H_
#define REDRESS_SERVICES_INTAKE_RPC_EVIDENCE_RPC_H_

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "redress/intake/v1/evidence.pb.h"
#include "services/intake/rpc/rpc_parts.h"
#include "services/platform/async/task.h"
#include "services/platform/rpc/call_context.h"
#include "services/platform/rpc/stream.h"
#include "services/platform/service/wire_handlers.h"

namespace redress::intake {

// Handlers of the evidence files. See RpcParts.
class EvidenceRpc {
 public:
  explicit EvidenceRpc(const RpcParts& parts) : parts_(parts) {}

  // NOT_IN_ORDER when the header is not first, or comes again. When the same upload was whole
  // before, it is answered before the bytes are read.
  async::Task<absl::StatusOr<v1::UploadEvidenceResponse>> UploadEvidence(
      rpc::CallContext& context, rpc::Reader<service::Incoming<v1::UploadEvidenceRequest>>& in);
  async::Task<absl::Status> DownloadEvidence(rpc::CallContext& context,
                                             v1::DownloadEvidenceRequest request,
                                             rpc::Writer<v1::DownloadEvidenceResponse>& out);
  async::Task<absl::StatusOr<v1::ListEvidenceResponse>> ListEvidence(
      rpc::CallContext& context, v1::ListEvidenceRequest request);

 private:
  async::Task<absl::StatusOr<std::unique_ptr<EvidenceUpload>>> StartUpload(
      rpc::CallContext& context, v1::EvidenceHeader header);

  const RpcParts& parts_;
};

}  // namespace redress::intake

#endif  // REDRESS_SERVICES_INTAKE_RPC_EVIDENCE_RPC_H_
