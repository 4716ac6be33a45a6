#ifndef REDRESS_SERVICES_INTAKE_APP_EVIDENCE_FILES_H_
#define REDRESS_SERVICES_INTAKE_APP_EVIDENCE_FILES_H_

#include <memory>
#include <string>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/synchronization/mutex.h"
#include "services/intake/app/app_context.h"
#include "services/intake/app/case_store.h"
#include "services/platform/crypto/sealed_file.h"
#include "services/platform/ids/case_number.h"
#include "services/platform/ids/names.h"

namespace redress::intake {

// Where a file's bytes lie: named by its random id, so that the name says nothing.
std::string EvidencePath(const std::string& directory, const RandomId& evidence_id);
// What its chunks are bound to: a file moved to another case, or renamed, does not open.
std::string EvidenceCipherContext(const CaseNumber& number, const RandomId& evidence_id);

// The part of an upload that blocks, for the threads of a pool: one job at a time, whatever becomes
// of the coroutine that asked for it. Thread-safe.
class EvidencePart {
 public:
  // Call first; the others follow upon its success.
  absl::Status Create(const std::string& path, crypto::SecretKey key, const std::string& context,
                      RandomSource& random);
  absl::Status Append(std::string_view bytes);
  // SHA-256 of what was appended.
  absl::StatusOr<std::string> Digest();
  absl::Status Finish();
  // Removes the part; what is finished stays.
  void Discard();

 private:
  absl::Mutex mutex_;
  std::unique_ptr<crypto::SealedFileWriter> writer_ ABSL_GUARDED_BY(mutex_);
  bool finished_ ABSL_GUARDED_BY(mutex_) = false;
};

// For RemoveOrphans; blocking. Removes every ".part" and returns the names of the other files.
absl::StatusOr<std::vector<std::string>> RemoveParts(const std::string& directory);
absl::Status RemoveFile(const std::string& path);

}  // namespace redress::intake

#endif  // REDRESS_SERVICES_INTAKE_APP_EVIDENCE_FILES_H_
