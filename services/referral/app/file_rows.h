#ifndef REDRESS_SERVICES_REFERRAL_APP_FILE_ROWS_H_
#define REDRESS_SERVICES_REFERRAL_APP_FILE_ROWS_H_

#include <cstdint>
#include <functional>
#include <optional>
#include <string>

#include "redress/intake/v1/evidence.pb.h"
#include "services/platform/crypto/sealed_file.h"
#include "services/referral/app/loaded_referral.h"
#include "services/referral/app/referral_edit.h"

namespace redress::referral {

// Files lie in chunks of this much content, which is also what is transferred: the stored bytes are
// the transferred bytes, encrypted under the file's own key (crypto/file_cipher.h).
inline constexpr uint32_t kFileChunk = 65'536;
inline constexpr int64_t kMaxFileBytes = 50 << 20;
// Of a file, so much is read at a time and goes to the other node in one message.
inline constexpr size_t kFilePiece = 256 << 10;

// A file's row with what it holds sealed.
struct StoredFile {
  Found<FileKey> found;
  rows::ReceivedFilePersonal personal;
  intake::v1::EvidenceFile file;
};

Answer<std::optional<StoredFile>> FindFile(const AppParts& parts, const LoadedReferral& loaded,
                                           RandomId file);
absl::StatusOr<StoredFile> OpenFileRow(const AppParts& parts, const LoadedReferral& loaded,
                                       Found<FileKey> found);
void SealFileRow(const AppParts& parts, const LoadedReferral& loaded,
                 const rows::ReceivedFilePersonal& personal, const FileKey& key,
                 rows::ReceivedFileRecord& row);

// The name says nothing: the hash of the row's key. What binds the bytes to their file.
std::string NewFileName(const AppParts& parts, const FileKey& key);
std::string FilePath(const AppParts& parts, const std::string& name);
std::string FileContext(const FileKey& key);

// Appends to a file that is being written, unless the disk would keep too little free then.
async::Task<absl::Status> AppendPiece(const AppParts& parts, crypto::SealedFileWriter& writer,
                                      std::string bytes);

// Blocking reads of the bytes as they lie, for the pool: up to `limit` from `offset`, fewer at the
// end; the size, 0 when absent; the digest of all. UNAVAILABLE when the disk does not give them.
absl::StatusOr<std::string> ReadRaw(const std::string& path, int64_t offset, size_t limit);
int64_t SizeOf(const std::string& path);
struct RawDigest {
  std::string sha256;
  int64_t bytes = 0;
};
absl::StatusOr<RawDigest> DigestRaw(const std::string& path);

// Changes a file's row, with what else `change` asks of the referral, as one commit. Returns the
// commit's number.
Answer<kv::Version> ChangeRow(const AppParts& parts, ReferralRef ref, FileKey key,
                              std::function<void(ReferralEdit&, StoredFile&)> change);

}  // namespace redress::referral

#endif  // REDRESS_SERVICES_REFERRAL_APP_FILE_ROWS_H_
