#include "services/platform/crypto/file_cipher.h"

#include <sodium/crypto_aead_xchacha20poly1305.h>

#include <algorithm>
#include <utility>

#include "fmt/format.h"
#include "services/platform/crypto/sodium.h"
#include "services/platform/status/disk_error.h"

namespace redress::crypto {
namespace {

constexpr std::string_view kMagic("RDF\x01", 4);
constexpr size_t kRandomSize = 16;
static_assert(FileLayout::kHeaderSize == kMagic.size() + 4 + kRandomSize);
static_assert(FileLayout::kTagSize == crypto_aead_xchacha20poly1305_ietf_ABYTES);
static_assert(crypto_aead_xchacha20poly1305_ietf_NPUBBYTES == kRandomSize + 4 + 1 + 3);

const unsigned char* Bytes(std::string_view text) {
  return reinterpret_cast<const unsigned char*>(text.data());
}

void AppendLittleEndian(uint32_t value, std::string& out) {
  for (int shift = 0; shift < 32; shift += 8) out.push_back(static_cast<char>(value >> shift));
}

uint32_t ReadLittleEndian(std::string_view bytes) {
  uint32_t value = 0;
  for (size_t i = 4; i-- > 0;) value = value << 8 | static_cast<uint8_t>(bytes[i]);
  return value;
}

absl::Status Damaged(std::string_view what) {
  return FileError(absl::StatusCode::kDataLoss, fmt::format("encrypted file: {}", what));
}

}  // namespace

uint64_t FileLayout::chunk_count() const {
  return plaintext_size == 0 ? 1 : (plaintext_size + chunk_size - 1) / chunk_size;
}

uint64_t FileLayout::stored_size() const {
  return kHeaderSize + plaintext_size + chunk_count() * kTagSize;
}

uint64_t FileLayout::stored_offset(uint64_t chunk) const {
  return kHeaderSize + chunk * (chunk_size + kTagSize);
}

uint32_t FileLayout::chunk_length(uint64_t chunk) const {
  return static_cast<uint32_t>(
      std::min<uint64_t>(chunk_size, plaintext_size - chunk * uint64_t{chunk_size}));
}

absl::StatusOr<FileLayout> FileLayout::FromStoredSize(uint32_t chunk_size, uint64_t stored_size) {
  if (stored_size < kHeaderSize + kTagSize) return Damaged("too short");
  const uint64_t body = stored_size - kHeaderSize;
  const uint64_t stored_chunk = chunk_size + kTagSize;
  const uint64_t count = (body + stored_chunk - 1) / stored_chunk;
  const uint64_t last = body - (count - 1) * stored_chunk;
  if (last < kTagSize || (count > 1 && last == kTagSize)) return Damaged("cut within a chunk");
  return FileLayout{chunk_size, body - count * kTagSize};
}

FileCipher::FileCipher(SecretKey key, std::string_view context, std::string header,
                       uint32_t chunk_size)
    : key_(std::move(key)), header_(std::move(header)), chunk_size_(chunk_size) {
  associated_ = header_;
  associated_.append(context);
}

FileCipher FileCipher::Create(SecretKey file_key, std::string_view context, RandomSource& random,
                              uint32_t chunk_size) {
  chunk_size = std::clamp<uint32_t>(chunk_size, 1, FileLayout::kMaxChunkSize);
  std::string header(kMagic);
  AppendLittleEndian(chunk_size, header);
  const size_t start = header.size();
  header.resize(FileLayout::kHeaderSize);
  random.Fill(absl::MakeSpan(reinterpret_cast<uint8_t*>(header.data() + start), kRandomSize));
  return FileCipher(std::move(file_key), context, std::move(header), chunk_size);
}

absl::StatusOr<FileCipher> FileCipher::FromHeader(SecretKey file_key, std::string_view context,
                                                  std::string_view header) {
  if (header.size() != FileLayout::kHeaderSize || header.substr(0, kMagic.size()) != kMagic) {
    return Damaged("no header of this format");
  }
  const uint32_t chunk_size = ReadLittleEndian(header.substr(kMagic.size(), 4));
  if (chunk_size == 0 || chunk_size > FileLayout::kMaxChunkSize) {
    return Damaged("chunk size out of range");
  }
  return FileCipher(std::move(file_key), context, std::string(header), chunk_size);
}

std::string FileCipher::Nonce(uint64_t index, bool last) const {
  std::string nonce = header_.substr(FileLayout::kHeaderSize - kRandomSize);
  AppendLittleEndian(static_cast<uint32_t>(index), nonce);
  nonce.push_back(last ? 1 : 0);
  nonce.append(3, '\0');
  return nonce;
}

std::string FileCipher::SealChunk(uint64_t index, bool last, std::string_view plaintext) const {
  EnsureSodium();
  const std::string nonce = Nonce(index, last);
  std::string stored(plaintext.size() + FileLayout::kTagSize, '\0');
  crypto_aead_xchacha20poly1305_ietf_encrypt(
      reinterpret_cast<unsigned char*>(stored.data()), nullptr, Bytes(plaintext), plaintext.size(),
      Bytes(associated_), associated_.size(), nullptr, Bytes(nonce), key_.data());
  return stored;
}

absl::StatusOr<std::string> FileCipher::OpenChunk(uint64_t index, bool last,
                                                  std::string_view stored) const {
  if (stored.size() < FileLayout::kTagSize || stored.size() > chunk_size_ + FileLayout::kTagSize) {
    return Damaged("a chunk of an impossible size");
  }
  EnsureSodium();
  const std::string nonce = Nonce(index, last);
  std::string plaintext(stored.size() - FileLayout::kTagSize, '\0');
  if (crypto_aead_xchacha20poly1305_ietf_decrypt(
          reinterpret_cast<unsigned char*>(plaintext.data()), nullptr, nullptr, Bytes(stored),
          stored.size(), Bytes(associated_), associated_.size(), Bytes(nonce), key_.data()) != 0) {
    return Damaged(fmt::format("chunk {} was changed, moved or cut, or the key is another", index));
  }
  return plaintext;
}

}  // namespace redress::crypto
