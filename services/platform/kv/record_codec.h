#ifndef REDRESS_SERVICES_PLATFORM_KV_RECORD_CODEC_H_
#define REDRESS_SERVICES_PLATFORM_KV_RECORD_CODEC_H_

#include <cstdint>
#include <string>
#include <string_view>

#include "absl/status/status.h"
#include "absl/status/statusor.h"

namespace redress::kv {

// Writes a small record that the platform itself keeps (request rows, audit leaves): a format byte,
// then the fields one after another, without tags. What services keep is protobuf; these few rows
// are written by every verb and read by every repeat, and stay free of it.
//
//   Number   unsigned LEB128, the shortest form
//   Signed   zigzag, then as Number
//   Bytes    the length as a Number, then the bytes
//
// A changed layout takes a new format byte; a reader accepts every format ever written.
class RecordWriter {
 public:
  explicit RecordWriter(uint8_t format) : record_(1, static_cast<char>(format)) {}

  RecordWriter& Number(uint64_t value);
  RecordWriter& Signed(int64_t value);
  RecordWriter& Bytes(std::string_view bytes);

  std::string Take() { return std::move(record_); }

 private:
  std::string record_;
};

// Reads it back. DATA_LOSS on anything that RecordWriter would not have written; messages hold
// offsets, never contents. The record must outlive the reader.
class RecordReader {
 public:
  explicit RecordReader(std::string_view record) : record_(record) {}

  absl::Status ExpectFormat(uint8_t format);
  // The format, from 1 to `newest`.
  absl::StatusOr<uint8_t> FormatUpTo(uint8_t newest);
  absl::Status ExpectEnd() const;

  absl::StatusOr<uint64_t> Number();
  absl::StatusOr<int64_t> Signed();
  absl::StatusOr<std::string> Bytes();

 private:
  absl::Status Damaged(const char* problem) const;

  std::string_view record_;
  size_t position_ = 0;
};

}  // namespace redress::kv

#endif  // REDRESS_SERVICES_PLATFORM_KV_RECORD_CODEC_H_
