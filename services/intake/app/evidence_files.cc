#include "services/intake/app/evidence_files.h"

#include <filesystem>
#include <system_error>
#include <utility>

#include "fmt/format.h"
#include "services/platform/status/disk_error.h"
#include "services/platform/status/status_macros.h"

namespace redress::intake {
namespace {

constexpr char kPartSuffix[] = ".part";

absl::Status Failed(const char* what, const std::error_code& error) {
  return FileError(absl::StatusCode::kInternal,
                   fmt::format("evidence files: {}: {}", what, error.message()));
}

}  // namespace

std::string EvidencePath(const std::string& directory, const RandomId& evidence_id) {
  return fmt::format("{}/{}", directory, evidence_id.ToString());
}

std::string EvidenceCipherContext(const CaseNumber& number, const RandomId& evidence_id) {
  return fmt::format("{}/file/{}", number.ToString(), evidence_id.ToString());
}

absl::Status EvidencePart::Create(const std::string& path, crypto::SecretKey key,
                                  const std::string& context, RandomSource& random) {
  absl::MutexLock lock(&mutex_);
  ASSIGN_OR_RETURN(writer_,
                   crypto::SealedFileWriter::Create(path, std::move(key), context, random));
  return absl::OkStatus();
}

absl::Status EvidencePart::Append(std::string_view bytes) {
  absl::MutexLock lock(&mutex_);
  return writer_->Append(bytes);
}

absl::StatusOr<std::string> EvidencePart::Digest() {
  absl::MutexLock lock(&mutex_);
  return writer_->Digest();
}

absl::Status EvidencePart::Finish() {
  absl::MutexLock lock(&mutex_);
  const absl::Status finished = writer_->Finish();
  finished_ = finished.ok();
  return finished;
}

void EvidencePart::Discard() {
  absl::MutexLock lock(&mutex_);
  if (writer_ != nullptr && !finished_) writer_->Discard();
}

absl::StatusOr<std::vector<std::string>> RemoveParts(const std::string& directory) {
  std::vector<std::string> names;
  std::error_code error;
  std::filesystem::directory_iterator entry(directory, error);
  for (; !error && entry != std::filesystem::directory_iterator(); entry.increment(error)) {
    const std::string name = entry->path().filename().string();
    if (!name.ends_with(kPartSuffix)) {
      names.push_back(name);
      continue;
    }
    RETURN_IF_ERROR(RemoveFile(entry->path().string()));
  }
  if (error) return Failed("cannot list the folder", error);
  return names;
}

absl::Status RemoveFile(const std::string& path) {
  std::error_code error;
  std::filesystem::remove(path, error);
  return error ? Failed("cannot remove a file", error) : absl::OkStatus();
}

}  // namespace redress::intake
