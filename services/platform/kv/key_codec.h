#ifndef REDRESS_SERVICES_PLATFORM_KV_KEY_CODEC_H_
#define REDRESS_SERVICES_PLATFORM_KV_KEY_CODEC_H_

#include <cstdint>
#include <string>
#include <string_view>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"

namespace redress::kv {

// Builds a key out of typed components such that keys compare, byte by byte, as the tuples of
// their components do. Components carry no type tags: a table's keys all have the same shapes, and
// the table's own file (each service's storage/keys.h) says which.
//
//   std::string key = KeyWriter(kDueTable).Time(due).String(case_number).Take();
//   std::string prefix = KeyWriter(kMembersTable).String(case_number).Take();
//
// A prefix cut after a whole component selects exactly the keys that begin with those components:
// the string "KH" is not a prefix of the string "KHM".
//
// The encodings, which are on disk and so never change:
//   table      1 byte, 0x01 to 0xfe (0x00 belongs to the engines)
//   String     bytes with 00 written as 00 ff, then 00 01
//   Byte       1 byte
//   U64        8 bytes, big-endian
//   I64        8 bytes, big-endian, the sign bit flipped
//   Time       I64 of microseconds since 1970, finer parts cut off; infinities keep their place
//   …Descending  the same with every bit flipped
//
// Not thread-safe; one writer makes one key.
class KeyWriter {
 public:
  explicit KeyWriter(uint8_t table) : key_(1, static_cast<char>(table)) {}

  KeyWriter& String(std::string_view text);
  KeyWriter& StringDescending(std::string_view text);
  KeyWriter& Byte(uint8_t value);
  KeyWriter& U64(uint64_t value);
  KeyWriter& U64Descending(uint64_t value);
  KeyWriter& I64(int64_t value);
  KeyWriter& I64Descending(int64_t value);
  KeyWriter& Time(absl::Time value);
  KeyWriter& TimeDescending(absl::Time value);

  // The key so far. The writer is empty afterwards.
  std::string Take() { return std::move(key_); }

 private:
  std::string key_;
};

// Reads the components back, in the order in which they were written. Every method gives DATA_LOSS
// when the bytes there are not such a component; the message names the component and the offset,
// never the bytes. The key must outlive the reader. Not thread-safe.
//
//   KeyReader reader(entry.key);
//   RETURN_IF_ERROR(reader.ExpectTable(kDueTable));
//   ASSIGN_OR_RETURN(absl::Time due, reader.Time());
//   ASSIGN_OR_RETURN(std::string case_number, reader.String());
//   RETURN_IF_ERROR(reader.ExpectEnd());
class KeyReader {
 public:
  explicit KeyReader(std::string_view key) : key_(key) {}

  absl::Status ExpectTable(uint8_t table);
  absl::Status ExpectEnd() const;

  absl::StatusOr<std::string> String();
  absl::StatusOr<std::string> StringDescending();
  absl::StatusOr<uint8_t> Byte();
  absl::StatusOr<uint64_t> U64();
  absl::StatusOr<uint64_t> U64Descending();
  absl::StatusOr<int64_t> I64();
  absl::StatusOr<int64_t> I64Descending();
  absl::StatusOr<absl::Time> Time();
  absl::StatusOr<absl::Time> TimeDescending();

 private:
  absl::StatusOr<std::string> ReadString(const char* component, uint8_t flip);
  absl::StatusOr<uint64_t> ReadEight(const char* component, uint64_t flip);
  absl::Status Damaged(const char* component, const char* problem) const;

  std::string_view key_;
  size_t position_ = 0;
};

// The number of a log's entry from its key, which LogKey made; DATA_LOSS when it is not of `log`.
absl::StatusOr<uint64_t> LogNumber(std::string_view log, std::string_view key);

// The first key after all keys that begin with `prefix`; empty when there is none, because the
// prefix is empty or made of ff bytes only.
std::string PrefixEnd(std::string_view prefix);

// For people: the table byte in hexadecimal, then the rest with what is not printable ASCII as
// \xNN. "10 KH-26-0000417-X\x00\x01".
std::string DebugPrintKey(std::string_view key);

}  // namespace redress::kv

#endif  // REDRESS_SERVICES_PLATFORM_KV_KEY_CODEC_H_
