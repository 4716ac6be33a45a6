#ifndef REDRESS_SERVICES_PLATFORM_CRYPTO_FILE_CIPHER_H_
#define REDRESS_SERVICES_PLATFORM_CRYPTO_FILE_CIPHER_H_

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "services/platform/crypto/secret_key.h"

namespace redress::crypto {

// The format of an encrypted file, as pure functions over bytes (sealed_file.h does the I/O).
//
//   header   24 bytes: "RDF", format 0x01, u32 chunk size (little endian), 16 nonce bytes
//   chunk i  XChaCha20-Poly1305 of `chunk size` bytes, the last one shorter or as long, plus 16
//
// The nonce of chunk i is {16 nonce bytes, u32 i, u8 last, 3 zero bytes}; header and context are
// its associated data (the STREAM construction). So each chunk opens by itself, at its own offset,
// and one that was changed, moved, repeated, dropped or taken from another file does not; a file
// cut at a chunk's end shows when its last chunk is opened, since that is not marked as last.
// An empty file is one empty chunk.
struct FileLayout {
  static constexpr size_t kHeaderSize = 24;
  static constexpr size_t kTagSize = 16;
  static constexpr uint32_t kMaxChunkSize = 256 * 1024;

  uint32_t chunk_size = kMaxChunkSize;  // 1 … kMaxChunkSize, plaintext bytes
  uint64_t plaintext_size = 0;

  uint64_t chunk_count() const;
  uint64_t stored_size() const;
  uint64_t stored_offset(uint64_t chunk) const;
  // Of the plaintext, without the tag.
  uint32_t chunk_length(uint64_t chunk) const;

  // DATA_LOSS when no file has that size.
  static absl::StatusOr<FileLayout> FromStoredSize(uint32_t chunk_size, uint64_t stored_size);
};

// Seals and opens the chunks of one file. Immutable and thread-safe.
class FileCipher {
 public:
  // For a new file. `context` names it ("KH-26-0000417-X/file/3"); chunk_size is clamped to the
  // range above.
  static FileCipher Create(SecretKey file_key, std::string_view context, RandomSource& random,
                           uint32_t chunk_size = FileLayout::kMaxChunkSize);

  // For an existing one. DATA_LOSS when that is no header of this format.
  static absl::StatusOr<FileCipher> FromHeader(SecretKey file_key, std::string_view context,
                                               std::string_view header);

  const std::string& header() const { return header_; }
  uint32_t chunk_size() const { return chunk_size_; }

  // REQUIRES: plaintext.size() <= chunk_size(), and equal to it unless `last`; index < 2^32. Each
  // index of a file is sealed with one content only.
  std::string SealChunk(uint64_t index, bool last, std::string_view plaintext) const;

  // DATA_LOSS as described above.
  absl::StatusOr<std::string> OpenChunk(uint64_t index, bool last, std::string_view stored) const;

 private:
  FileCipher(SecretKey key, std::string_view context, std::string header, uint32_t chunk_size);
  std::string Nonce(uint64_t index, bool last) const;

  SecretKey key_;
  std::string header_;
  std::string associated_;
  uint32_t chunk_size_;
};

}  // namespace redress::crypto

#endif  // REDRESS_SERVICES_PLATFORM_CRYPTO_FILE_CIPHER_H_
