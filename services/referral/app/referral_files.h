#ifndef REDRESS_SERVICES_REFERRAL_APP_REFERRAL_FILES_H_
#define REDRESS_SERVICES_REFERRAL_APP_REFERRAL_FILES_H_

#include <cstdint>
#include <memory>
#include <string>

#include "redress/intake/v1/evidence.pb.h"
#include "redress/referral/v1/files.pb.h"
#include "services/platform/async/cancellation.h"
#include "services/referral/app/loaded_referral.h"
#include "services/referral/app/parts.h"

namespace redress::referral {

// A file that a receiver adds, piece by piece. Made by ReferralFiles::BeginUpload; dropping it
// without Finish leaves nothing that anyone can see. For one coroutine.
class FileUpload {
 public:
  virtual ~FileUpload() = default;
  // 1 to 262,144 bytes. INVALID_ARGUMENT FILE_SIZE_MISMATCH when more comes than was announced.
  virtual async::Task<absl::Status> Append(std::string bytes) = 0;
  // Compares size and digest (DATA_LOSS FILE_DIGEST_MISMATCH) and commits: from here it is seen.
  virtual Answer<v1::UploadReferralEvidenceResponse> Finish() = 0;
};

// A file on its way to a reader.
class FileDownload {
 public:
  virtual ~FileDownload() = default;
  virtual const intake::v1::EvidenceFile& file() const = 0;
  // The next piece, at most 256 KiB; empty at the end.
  virtual async::Task<absl::StatusOr<std::string>> Next() = 0;
};

// The bytes of one file coming from a peer.
class FileReception {
 public:
  virtual ~FileReception() = default;
  // Where the sender shall begin.
  virtual int64_t resume_offset() const = 0;
  // OUT_OF_RANGE FILE_OFFSET_MISMATCH {expected_offset}; INVALID_ARGUMENT FILE_SIZE_MISMATCH.
  virtual async::Task<absl::Status> Append(int64_t offset, std::string bytes) = 0;
  // Checks it whole and commits. DATA_LOSS FILE_DIGEST_MISMATCH: dropped, begin at 0.
  virtual Answer<FileStored> Finish() = 0;
};

// The files of referrals. Their bytes lie encrypted under a key of their own in one file each,
// outside the commit path; the record that names them, and holds that key sealed under the case's,
// is what makes them visible, and destroying the case's key makes them unreadable.
class ReferralFiles {
 public:
  explicit ReferralFiles(const AppParts& parts) : parts_(parts) {}

  // UploadReferralEvidence: the first message. Nullopt in `upload` when the request was answered
  // before: then `answered` is the answer.
  struct Begun {
    std::unique_ptr<FileUpload> upload;
    v1::UploadReferralEvidenceResponse answered;
  };
  Answer<Begun> BeginUpload(Caller caller, v1::ReferralEvidenceHeader header);

  Answer<std::unique_ptr<FileDownload>> Download(Caller caller,
                                                 v1::DownloadReferralEvidenceRequest request);
  Answer<v1::ListReferralEvidenceResponse> List(Caller caller,
                                                v1::ListReferralEvidenceRequest request);

  // TransferFile of a peer. NOT_FOUND when no notice of `peer` announced that file.
  Answer<std::unique_ptr<FileReception>> Receive(std::string peer, FileOpening opening);

 private:
  const AppParts& parts_;
};

// Fetches what a disclosure lets out from intake, announces it to the destination and hands the
// bytes over, as well as what receivers added here. Never holds up the link. Ends when cancelled.
async::Task<void> RunFileTransfers(const AppParts& parts, PeerPort& peers,
                                   async::CancellationToken cancellation);

// Whether files of it have still to be fetched from intake, which lets nothing of a settled
// disclosure out.
Answer<bool> WaitsForFiles(const AppParts& parts, const LoadedReferral& loaded);

// One round of RunFileTransfers: returns how many steps were done.
Answer<int> RunFileTransfersOnce(const AppParts& parts, PeerPort& peers,
                                 async::CancellationToken cancellation);

}  // namespace redress::referral

#endif  // REDRESS_SERVICES_REFERRAL_APP_REFERRAL_FILES_H_
