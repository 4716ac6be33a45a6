#include "services/platform/kv/record_codec.h"

#include "fmt/format.h"
#include "services/platform/status/status_macros.h"

namespace redress::kv {

RecordWriter& RecordWriter::Number(uint64_t value) {
  while (value >= 0x80) {
    record_.push_back(static_cast<char>(value | 0x80));
    value >>= 7;
  }
  record_.push_back(static_cast<char>(value));
  return *this;
}

RecordWriter& RecordWriter::Signed(int64_t value) {
  return Number((static_cast<uint64_t>(value) << 1) ^ static_cast<uint64_t>(value >> 63));
}

RecordWriter& RecordWriter::Bytes(std::string_view bytes) {
  Number(bytes.size());
  record_.append(bytes);
  return *this;
}

absl::Status RecordReader::Damaged(const char* problem) const {
  return absl::DataLossError(
      fmt::format("record: at byte {} of {}: {}", position_, record_.size(), problem));
}

absl::Status RecordReader::ExpectFormat(uint8_t format) {
  if (position_ == record_.size()) return Damaged("no format");
  const uint8_t found = static_cast<uint8_t>(record_[position_++]);
  if (found == format) return absl::OkStatus();
  return absl::DataLossError(
      fmt::format("record: of format {}; this version reads format {}", found, format));
}

absl::StatusOr<uint8_t> RecordReader::FormatUpTo(uint8_t newest) {
  if (position_ == record_.size()) return Damaged("no format");
  const uint8_t found = static_cast<uint8_t>(record_[position_++]);
  if (found >= 1 && found <= newest) return found;
  return absl::DataLossError(
      fmt::format("record: of format {}; this version reads formats 1 to {}", found, newest));
}

absl::Status RecordReader::ExpectEnd() const {
  return position_ == record_.size() ? absl::OkStatus() : Damaged("bytes follow the end");
}

absl::StatusOr<uint64_t> RecordReader::Number() {
  uint64_t value = 0;
  for (size_t i = 0; position_ + i < record_.size(); ++i) {
    const uint8_t byte = static_cast<uint8_t>(record_[position_ + i]);
    // The tenth byte has room for one bit more, and a last byte of zero adds nothing.
    if (i == 9 && byte > 1) return Damaged("number too large");
    if (i > 0 && byte == 0) return Damaged("number not in its shortest form");
    value |= static_cast<uint64_t>(byte & 0x7f) << (7 * i);
    if ((byte & 0x80) == 0) {
      position_ += i + 1;
      return value;
    }
  }
  return Damaged("number cut off");
}

absl::StatusOr<int64_t> RecordReader::Signed() {
  ASSIGN_OR_RETURN(const uint64_t zigzag, Number());
  return static_cast<int64_t>((zigzag >> 1) ^ (~(zigzag & 1) + 1));
}

absl::StatusOr<std::string> RecordReader::Bytes() {
  ASSIGN_OR_RETURN(const uint64_t length, Number());
  if (length > record_.size() - position_) return Damaged("bytes cut off");
  std::string bytes(record_.substr(position_, length));
  position_ += length;
  return bytes;
}

}  // namespace redress::kv
