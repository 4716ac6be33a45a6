#ifndef REDRESS_SERVICES_PLATFORM_CRYPTO_SEALED_FILE_H_
#define REDRESS_SERVICES_PLATFORM_CRYPTO_SEALED_FILE_H_

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "services/platform/crypto/file_cipher.h"
#include "services/platform/crypto/sha256.h"

namespace redress::crypto {

// Writes one encrypted file piece by piece. It grows as "<path>.part" and takes its name in Finish,
// synced, so a file is there whole or not at all. Memory: one chunk. Blocking I/O: keep it off the
// polling thread. Not thread-safe.
//
// Destroying it without Finish leaves the part, for Resume; Discard removes it.
// RESOURCE_EXHAUSTED when the disk is full (STORE_FULL) or too many files are open (OVERLOADED),
// INTERNAL for other I/O errors; none names the path, which the caller knows.
class SealedFileWriter {
 public:
  // Starts anew, replacing an old part.
  static absl::StatusOr<std::unique_ptr<SealedFileWriter>> Create(
      const std::string& path, SecretKey file_key, std::string_view context, RandomSource& random,
      uint32_t chunk_size = FileLayout::kMaxChunkSize);

  // Goes on with a part that an earlier process left: `size()` then says how many bytes of the
  // content are already there, always whole chunks. Reads them all to take up the digest. The
  // bytes to come are to be those of the same content: a chunk that was torn is sealed again under
  // its nonce.
  // NOT_FOUND when there is none, DATA_LOSS when it cannot be read; then Create.
  static absl::StatusOr<std::unique_ptr<SealedFileWriter>> Resume(const std::string& path,
                                                                  SecretKey file_key,
                                                                  std::string_view context);

  ~SealedFileWriter();
  SealedFileWriter(const SealedFileWriter&) = delete;
  SealedFileWriter& operator=(const SealedFileWriter&) = delete;

  absl::Status Append(std::string_view bytes);

  // Bytes of content appended so far.
  uint64_t size() const { return size_; }
  // SHA-256 of them.
  std::string Digest() const;

  // Writes the last chunk, syncs, renames, syncs the folder. Call it once, after comparing Digest
  // with what was announced. FAILED_PRECONDITION when a resumed part got nothing more.
  absl::Status Finish();

  // Removes the part. Not an error if absent.
  void Discard();

 private:
  SealedFileWriter(std::string path, int descriptor, FileCipher cipher);
  absl::Status WriteChunk(bool last);

  const std::string path_;
  int descriptor_;
  FileCipher cipher_;
  Sha256 digest_;
  std::string pending_;  // Content of the chunk that is not yet written; may be a whole one.
  uint64_t next_chunk_ = 0;
  uint64_t size_ = 0;
};

// Reads a file that SealedFileWriter finished. Blocking I/O. Reading is thread-safe.
class SealedFileReader {
 public:
  // Opens the last chunk at once, so a file that was cut is refused before anything of it is used.
  // NOT_FOUND when absent, DATA_LOSS when damaged or under another key or context.
  static absl::StatusOr<std::unique_ptr<SealedFileReader>> Open(const std::string& path,
                                                                SecretKey file_key,
                                                                std::string_view context);
  ~SealedFileReader();
  SealedFileReader(const SealedFileReader&) = delete;
  SealedFileReader& operator=(const SealedFileReader&) = delete;

  uint64_t size() const { return layout_.plaintext_size; }

  // The content from `offset` on: up to the end of the chunk that holds it, at most `limit` bytes;
  // empty at the end. OUT_OF_RANGE beyond it, DATA_LOSS when damaged.
  absl::StatusOr<std::string> Read(uint64_t offset, uint64_t limit) const;

 private:
  SealedFileReader(int descriptor, FileCipher cipher, FileLayout layout);
  absl::StatusOr<std::string> ReadChunk(uint64_t chunk) const;

  int descriptor_;
  FileCipher cipher_;
  FileLayout layout_;
};

}  // namespace redress::crypto

#endif  // REDRESS_SERVICES_PLATFORM_CRYPTO_SEALED_FILE_H_
