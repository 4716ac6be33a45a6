#ifndef REDRESS_SERVICES_REFERRAL_RPC_EVIDENCE_STREAMS_H_
#define REDRESS_SERVICES_REFERRAL_RPC_EVIDENCE_STREAMS_H_

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "redress/referral/v1/files.pb.h"
#include "services/platform/async/task.h"
#include "services/platform/rpc/call_context.h"
#include "services/platform/rpc/stream.h"
#include "services/platform/service/wire_handlers.h"
#include "services/referral/app/referral_files.h"

namespace redress::referral {

using EvidencePart = service::Incoming<v1::UploadReferralEvidenceRequest>;
using DownloadWriter = rpc::Writer<v1::DownloadReferralEvidenceResponse>;

// Files of a referral over the wire: the order of the messages and the size of the pieces are held
// here, everything else by ReferralFiles, which is borrowed and outlives the calls.
class EvidenceStreams {
 public:
  explicit EvidenceStreams(ReferralFiles& files) : files_(files) {}

  // INVALID_ARGUMENT naming the fields whose text is not UTF-8; NOT_IN_ORDER {expected, seen}
  // unless a header comes first and pieces of 1 to 262,144 bytes follow. A request that was
  // answered before is answered at once, unread.
  async::Task<absl::StatusOr<v1::UploadReferralEvidenceResponse>> UploadEvidence(
      rpc::CallContext& context, rpc::Reader<EvidencePart>& reader);

  async::Task<absl::Status> DownloadEvidence(rpc::CallContext& context,
                                             v1::DownloadReferralEvidenceRequest request,
                                             DownloadWriter& writer);

 private:
  ReferralFiles& files_;
};

}  // namespace redress::referral

#endif  // REDRESS_SERVICES_REFERRAL_RPC_EVIDENCE_STREAMS_H_
