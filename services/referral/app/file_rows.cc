#include "services/referral/app/file_rows.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <utility>

#include "absl/cleanup/cleanup.h"
#include "services/platform/crypto/encoding.h"
#include "services/platform/crypto/sha256.h"
#include "services/platform/status/refusal.h"
#include "services/platform/status/status_macros.h"
#include "services/referral/app/verb_runner.h"

namespace redress::referral {

absl::StatusOr<StoredFile> OpenFileRow(const AppParts& parts, const LoadedReferral& loaded,
                                       Found<FileKey> found) {
  ASSIGN_OR_RETURN(std::string bytes,
                   parts.repository.Open(*loaded.case_key, found.key, found.row.sealed()));
  StoredFile stored;
  stored.found = std::move(found);
  if (!stored.personal.ParseFromString(bytes) ||
      !stored.file.ParseFromString(stored.personal.file())) {
    return absl::DataLossError("a file's row cannot be read");
  }
  return stored;
}

Answer<std::optional<StoredFile>> FindFile(const AppParts& parts, const LoadedReferral& loaded,
                                           RandomId file) {
  FileKey key{loaded.ref, std::move(file)};
  auto found = co_await parts.repository.Find(std::move(key));
  CO_RETURN_IF_ERROR(found.status());
  if (!found->has_value()) co_return std::optional<StoredFile>();
  absl::StatusOr<StoredFile> stored = OpenFileRow(parts, loaded, **std::move(found));
  CO_RETURN_IF_ERROR(stored.status());
  co_return std::optional<StoredFile>(*std::move(stored));
}

void SealFileRow(const AppParts& parts, const LoadedReferral& loaded,
                 const rows::ReceivedFilePersonal& personal, const FileKey& key,
                 rows::ReceivedFileRecord& row) {
  row.set_sealed(parts.repository.Seal(*loaded.case_key, key, personal.SerializeAsString()));
}

std::string NewFileName(const AppParts& parts, const FileKey& key) {
  return crypto::HexEncode(crypto::Sha256::Of(parts.repository.keys().Encode(key))) + ".rdf";
}

std::string FilePath(const AppParts& parts, const std::string& name) {
  return parts.files_directory + "/" + name;
}

std::string FileContext(const FileKey& key) {
  return "referral file/" + key.ref.id.ToString() + "/" + key.file.ToString();
}

async::Task<absl::Status> AppendPiece(const AppParts& parts, crypto::SealedFileWriter& writer,
                                      std::string bytes) {
  auto append = [&floor = parts.files_floor, &writer, bytes = std::move(bytes)]() -> absl::Status {
    RETURN_IF_ERROR(floor.Check(bytes.size()));
    return writer.Append(bytes);
  };
  co_return co_await parts.files_pool.Run(parts.executor, std::move(append));
}

absl::StatusOr<std::string> ReadRaw(const std::string& path, int64_t offset, size_t limit) {
  const int file = ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
  if (file < 0 && errno == ENOENT) return absl::NotFoundError("a file is not there");
  if (file < 0) return absl::UnavailableError("a file cannot be opened");
  const absl::Cleanup close = [file] { ::close(file); };
  std::string bytes(limit, '\0');
  size_t done = 0;
  while (done < limit) {
    const ssize_t count = ::pread(file, bytes.data() + done, limit - done,
                                  static_cast<off_t>(offset) + static_cast<off_t>(done));
    if (count < 0 && errno == EINTR) continue;
    // A disk that fails is not the end of the file.
    if (count < 0) return absl::UnavailableError("a file cannot be read");
    if (count == 0) break;
    done += static_cast<size_t>(count);
  }
  bytes.resize(done);
  return bytes;
}

int64_t SizeOf(const std::string& path) {
  struct stat status;
  return stat(path.c_str(), &status) == 0 ? static_cast<int64_t>(status.st_size) : 0;
}

absl::StatusOr<RawDigest> DigestRaw(const std::string& path) {
  crypto::Sha256 digest;
  RawDigest raw;
  while (true) {
    ASSIGN_OR_RETURN(const std::string piece, ReadRaw(path, raw.bytes, kFilePiece));
    if (piece.empty()) break;
    digest.Update(piece);
    raw.bytes += static_cast<int64_t>(piece.size());
  }
  raw.sha256 = digest.Finish();
  return raw;
}

Answer<kv::Version> ChangeRow(const AppParts& parts, ReferralRef ref, FileKey key,
                              std::function<void(ReferralEdit&, StoredFile&)> change) {
  for (int attempt = 1;; ++attempt) {
    absl::StatusOr<std::optional<LoadedReferral>> loaded = co_await LoadReferral(parts, ref);
    CO_RETURN_IF_ERROR(loaded.status());
    if (!loaded->has_value()) co_return NotFound("referral");
    absl::StatusOr<std::optional<StoredFile>> stored = co_await FindFile(parts, **loaded, key.file);
    CO_RETURN_IF_ERROR(stored.status());
    if (!stored->has_value()) co_return NotFound("file");
    ReferralEdit edit(parts, **std::move(loaded));
    StoredFile& file = **stored;
    change(edit, file);
    SealFileRow(parts, edit.now(), file.personal, key, file.found.row);
    journal::ChangeSet changes;
    CO_RETURN_IF_ERROR(edit.Stage(changes));
    parts.repository.ExpectVersion(changes, key, file.found.version);
    parts.repository.Put(changes, key, file.found.row);
    absl::StatusOr<journal::Committed> committed =
        co_await CommitChanges(parts, std::move(changes));
    if (MayRetry(committed.status(), attempt)) continue;
    CO_RETURN_IF_ERROR(committed.status());
    WakeRunners(parts, edit.sends(), edit.leaves_work());
    co_return committed->version;
  }
}

}  // namespace redress::referral
