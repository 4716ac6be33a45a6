#include "services/platform/crypto/sealed_file.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <cstring>
#include <utility>

#include "absl/cleanup/cleanup.h"
#include "fmt/format.h"
#include "services/platform/files/descriptors.h"
#include "services/platform/files/sync.h"
#include "services/platform/status/disk_error.h"
#include "services/platform/status/refusal.h"
#include "services/platform/status/status_macros.h"

namespace redress::crypto {
namespace {

absl::Status IoError(std::string_view what, int error) {
  const std::string message = fmt::format("encrypted file: {}: {}", what, std::strerror(error));
  if (error == ENOENT) return absl::NotFoundError(message);
  if (error == ENOSPC || error == EDQUOT) {
    return Refuse(absl::StatusCode::kResourceExhausted, "STORE_FULL",
                  message + "; see docs/runbook.md, \"No room\"");
  }
  if (error == EMFILE || error == ENFILE) {
    return Refuse(absl::StatusCode::kResourceExhausted, "OVERLOADED",
                  "too many files are open; come again later");
  }
  return FileError(absl::StatusCode::kInternal, message);
}

// A descriptor for a file that somebody sends or fetches, from within their share.
absl::StatusOr<int> OpenFile(const std::string& path, int flags, std::string_view doing) {
  const int descriptor = ::open(path.c_str(), flags | O_CLOEXEC | O_NOFOLLOW, 0600);
  if (descriptor < 0) return IoError(doing, errno);
  if (descriptor < files::GetDescriptorShares().sent_files_below()) return descriptor;
  ::close(descriptor);
  if ((flags & O_CREAT) != 0) ::unlink(path.c_str());
  return IoError(doing, EMFILE);
}

std::string PartOf(const std::string& path) { return path + ".part"; }

absl::Status WriteAll(int descriptor, std::string_view bytes) {
  while (!bytes.empty()) {
    const ssize_t count = ::write(descriptor, bytes.data(), bytes.size());
    if (count < 0 && errno == EINTR) continue;
    if (count < 0) return IoError("write", errno);
    bytes.remove_prefix(static_cast<size_t>(count));
  }
  return absl::OkStatus();
}

// Up to `length` bytes; fewer only at the end of the file.
absl::StatusOr<std::string> ReadAt(int descriptor, uint64_t offset, size_t length) {
  std::string bytes(length, '\0');
  size_t done = 0;
  while (done < length) {
    const ssize_t count =
        ::pread(descriptor, bytes.data() + done, length - done, static_cast<off_t>(offset + done));
    if (count < 0 && errno == EINTR) continue;
    if (count < 0) return IoError("read", errno);
    if (count == 0) break;
    done += static_cast<size_t>(count);
  }
  bytes.resize(done);
  return bytes;
}

absl::StatusOr<FileCipher> ReadHeader(int descriptor, SecretKey file_key,
                                      std::string_view context) {
  ASSIGN_OR_RETURN(const std::string header, ReadAt(descriptor, 0, FileLayout::kHeaderSize));
  return FileCipher::FromHeader(std::move(file_key), context, header);
}

}  // namespace

SealedFileWriter::SealedFileWriter(std::string path, int descriptor, FileCipher cipher)
    : path_(std::move(path)), descriptor_(descriptor), cipher_(std::move(cipher)) {}

SealedFileWriter::~SealedFileWriter() {
  if (descriptor_ >= 0) ::close(descriptor_);
  WipeString(pending_);
}

absl::StatusOr<std::unique_ptr<SealedFileWriter>> SealedFileWriter::Create(const std::string& path,
                                                                           SecretKey file_key,
                                                                           std::string_view context,
                                                                           RandomSource& random,
                                                                           uint32_t chunk_size) {
  ASSIGN_OR_RETURN(const int descriptor,
                   OpenFile(PartOf(path), O_RDWR | O_CREAT | O_TRUNC, "create"));
  std::unique_ptr<SealedFileWriter> writer(new SealedFileWriter(
      path, descriptor, FileCipher::Create(std::move(file_key), context, random, chunk_size)));
  const absl::Status begun = WriteAll(descriptor, writer->cipher_.header());
  if (begun.ok()) return writer;
  writer->Discard();  // Nobody is given a writer that could.
  return begun;
}

absl::StatusOr<std::unique_ptr<SealedFileWriter>> SealedFileWriter::Resume(
    const std::string& path, SecretKey file_key, std::string_view context) {
  ASSIGN_OR_RETURN(const int descriptor, OpenFile(PartOf(path), O_RDWR, "open"));
  absl::StatusOr<FileCipher> cipher = ReadHeader(descriptor, std::move(file_key), context);
  if (!cipher.ok()) {
    ::close(descriptor);
    return std::move(cipher).status();
  }
  std::unique_ptr<SealedFileWriter> writer(
      new SealedFileWriter(path, descriptor, *std::move(cipher)));
  const FileLayout layout{writer->cipher_.chunk_size(), 0};
  const size_t stored_chunk = layout.chunk_size + FileLayout::kTagSize;
  // Take every whole chunk that opens. The first that does not was being written when the process
  // ended, or is the last of a file that was never renamed: it comes again.
  while (true) {
    ASSIGN_OR_RETURN(const std::string stored,
                     ReadAt(descriptor, layout.stored_offset(writer->next_chunk_), stored_chunk));
    if (stored.size() < stored_chunk) break;
    absl::StatusOr<std::string> content =
        writer->cipher_.OpenChunk(writer->next_chunk_, /*last=*/false, stored);
    if (!content.ok()) break;
    writer->digest_.Update(*content);
    writer->size_ += content->size();
    ++writer->next_chunk_;
    WipeString(*content);
  }
  const auto end = static_cast<off_t>(layout.stored_offset(writer->next_chunk_));
  if (::ftruncate(descriptor, end) != 0) return IoError("truncate", errno);
  if (::lseek(descriptor, end, SEEK_SET) < 0) return IoError("seek", errno);
  return writer;
}

absl::Status SealedFileWriter::Append(std::string_view bytes) {
  digest_.Update(bytes);
  size_ += bytes.size();
  while (!bytes.empty()) {
    // A full chunk waits for more, since only then it is known not to be the last.
    if (pending_.size() == cipher_.chunk_size()) RETURN_IF_ERROR(WriteChunk(/*last=*/false));
    const size_t take = std::min<size_t>(bytes.size(), cipher_.chunk_size() - pending_.size());
    pending_.append(bytes.substr(0, take));
    bytes.remove_prefix(take);
  }
  return absl::OkStatus();
}

absl::Status SealedFileWriter::WriteChunk(bool last) {
  const std::string stored = cipher_.SealChunk(next_chunk_, last, pending_);
  RETURN_IF_ERROR(WriteAll(descriptor_, stored));
  ++next_chunk_;
  pending_.clear();
  return absl::OkStatus();
}

std::string SealedFileWriter::Digest() const {
  Sha256 copy = digest_;
  return copy.Finish();
}

absl::Status SealedFileWriter::Finish() {
  // Only after Resume: every chunk there promised that more would follow.
  if (pending_.empty() && next_chunk_ > 0) {
    return absl::FailedPreconditionError("encrypted file: ends before its content does");
  }
  RETURN_IF_ERROR(WriteChunk(/*last=*/true));
  if (::fsync(descriptor_) != 0) return IoError("sync", errno);
  ::close(std::exchange(descriptor_, -1));
  if (std::rename(PartOf(path_).c_str(), path_.c_str()) != 0) return IoError("rename", errno);
  if (const int error = files::SyncFolderOf(path_); error != 0)
    return IoError("sync folder", error);
  return absl::OkStatus();
}

void SealedFileWriter::Discard() { ::unlink(PartOf(path_).c_str()); }

SealedFileReader::SealedFileReader(int descriptor, FileCipher cipher, FileLayout layout)
    : descriptor_(descriptor), cipher_(std::move(cipher)), layout_(layout) {}

SealedFileReader::~SealedFileReader() { ::close(descriptor_); }

absl::StatusOr<std::unique_ptr<SealedFileReader>> SealedFileReader::Open(const std::string& path,
                                                                         SecretKey file_key,
                                                                         std::string_view context) {
  ASSIGN_OR_RETURN(const int descriptor, OpenFile(path, O_RDONLY, "open"));
  absl::Cleanup close = [descriptor] { ::close(descriptor); };
  struct stat found{};
  if (::fstat(descriptor, &found) != 0) return IoError("stat", errno);
  ASSIGN_OR_RETURN(FileCipher cipher, ReadHeader(descriptor, std::move(file_key), context));
  ASSIGN_OR_RETURN(
      const FileLayout layout,
      FileLayout::FromStoredSize(cipher.chunk_size(), static_cast<uint64_t>(found.st_size)));
  std::move(close).Cancel();  // The reader closes it from here on.
  std::unique_ptr<SealedFileReader> reader(
      new SealedFileReader(descriptor, std::move(cipher), layout));
  RETURN_IF_ERROR(reader->ReadChunk(layout.chunk_count() - 1).status());
  return reader;
}

absl::StatusOr<std::string> SealedFileReader::ReadChunk(uint64_t chunk) const {
  ASSIGN_OR_RETURN(const std::string stored,
                   ReadAt(descriptor_, layout_.stored_offset(chunk),
                          layout_.chunk_length(chunk) + FileLayout::kTagSize));
  return cipher_.OpenChunk(chunk, chunk + 1 == layout_.chunk_count(), stored);
}

absl::StatusOr<std::string> SealedFileReader::Read(uint64_t offset, uint64_t limit) const {
  if (offset > layout_.plaintext_size) {
    return absl::OutOfRangeError(
        fmt::format("offset {} is beyond the file's {} bytes", offset, layout_.plaintext_size));
  }
  if (offset == layout_.plaintext_size || limit == 0) return std::string();
  const uint64_t within = offset % layout_.chunk_size;
  ASSIGN_OR_RETURN(std::string content, ReadChunk(offset / layout_.chunk_size));
  if (within == 0 && content.size() <= limit) return content;
  return content.substr(within, limit);
}

}  // namespace redress::crypto
