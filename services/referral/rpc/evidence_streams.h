#ifndef REDRESS_SERVICES_REFERRAL_RPC_EVIDENCE_STREAMS_H_
#define REDRESS_SERVICES_REFERRAL_RPC_EVIDENCE_STREAMS_H_

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "grpcpp/support/byte_buffer.h"
#include "redress/referral/v1/files.pb.h"
#include "services/platform/async/task.h"
#include "services/platform/rpc/call_context.h"
#include "services/platform/rpc/stream.h"
#include "services/referral/app/referral_files.h"

namespace redress::referral {

// Files of a referral over the wire: the order of the messages and the size of the pieces are held
// here, everything else by ReferralFiles. References outlive the calls.
using DownloadWriter = rpc::Writer<v1::DownloadReferralEvidenceResponse>;

// INVALID_ARGUMENT naming the fields whose text is not UTF-8; NOT_IN_ORDER {expected, seen} unless
// a header comes first and pieces of 1 to 262,144 bytes follow. A request that was answered before
// is answered at once, unread.
async::Task<absl::StatusOr<grpc::ByteBuffer>> UploadEvidence(ReferralFiles& files,
                                                             rpc::CallContext& context,
                                                             rpc::Reader<grpc::ByteBuffer>& reader);

async::Task<absl::Status> DownloadEvidence(ReferralFiles& files, rpc::CallContext& context,
                                           v1::DownloadReferralEvidenceRequest request,
                                           DownloadWriter& writer);

}  // namespace redress::referral

#endif  // REDRESS_SERVICES_REFERRAL_RPC_EVIDENCE_STREAMS_H_
