#ifndef REDRESS_SERVICES_INTAKE_APP_EVIDENCE_VERBS_H_
#define REDRESS_SERVICES_INTAKE_APP_EVIDENCE_VERBS_H_

#include <cstdint>
#include <memory>
#include <optional>
#include <string>

#include "absl/status/statusor.h"
#include "services/intake/app/answers.h"
#include "services/intake/app/app_context.h"
#include "services/intake/app/commands.h"
#include "services/intake/app/views.h"
#include "services/platform/async/task.h"

namespace redress::intake {

inline constexpr size_t kMaxEvidenceChunk = 256 << 10;
inline constexpr uint32_t kMaxEvidenceFiles = 500;

// One upload under way. Destroying it before Finish leaves nothing visible; the part on disk is
// removed at the next start or by the next try.
class EvidenceUpload {
 public:
  virtual ~EvidenceUpload() = default;

  // Set when the same upload was whole before: answer with it, the bytes need not be read.
  virtual const std::optional<VerbAnswer>& answered() const = 0;

  // The next 1 to kMaxEvidenceChunk bytes. INVALID_ARGUMENT, FILE_SIZE_MISMATCH beyond the size
  // announced.
  virtual async::Task<absl::Status> Write(std::string chunk) = 0;

  // Checks size and digest, makes the file durable, then visible in one commit.
  // FILE_SIZE_MISMATCH, FILE_DIGEST_MISMATCH; ETAG_STALE. Call it once.
  virtual async::Task<absl::StatusOr<VerbAnswer>> Finish() = 0;
};

// One download under way.
class EvidenceDownload {
 public:
  virtual ~EvidenceDownload() = default;
  virtual const EvidenceView& file() const = 0;
  // The next at most kMaxEvidenceChunk bytes; empty after the last. DATA_LOSS when damaged.
  virtual async::Task<absl::StatusOr<std::string>> Next() = 0;
};

// Evidence files: stored encrypted outside the commit path, visible only when whole. Blocking work
// is done in the context's pool. Errors are those of the RPCs.
class EvidenceVerbs {
 public:
  explicit EvidenceVerbs(const AppContext& context) : context_(context) {}

  // Checks everything that is known before the bytes come.
  async::Task<absl::StatusOr<std::unique_ptr<EvidenceUpload>>> StartUpload(Caller caller,
                                                                           RequestMark mark,
                                                                           UploadCommand command);

  // `referral_id` is the disclosure that lets it out, for the role service; unset otherwise.
  async::Task<absl::StatusOr<std::unique_ptr<EvidenceDownload>>> StartDownload(
      Caller caller, CaseNumber case_number, RandomId evidence_id, int64_t offset,
      std::optional<ReferralId> referral_id);

  async::Task<absl::StatusOr<EvidencePage>> ListEvidence(Caller caller, CaseNumber case_number,
                                                         PageRequest page);

  // Removes parts of uploads that were never finished, and whole files that no commit made visible.
  // REQUIRES: no upload is under way; call it before serving.
  async::Task<absl::Status> RemoveOrphans();

 private:
  const AppContext& context_;
};

}  // namespace redress::intake

#endif  // REDRESS_SERVICES_INTAKE_APP_EVIDENCE_VERBS_H_
