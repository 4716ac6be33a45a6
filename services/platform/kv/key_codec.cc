#include "services/platform/kv/key_codec.h"

#include <algorithm>
#include <limits>
#include <utility>

#include "fmt/format.h"
#include "services/platform/status/status_macros.h"

namespace redress::kv {
namespace {

constexpr uint8_t kEscape = 0x00;
constexpr uint8_t kEscapedZero = 0xff;
constexpr uint8_t kEnd = 0x01;
constexpr uint8_t kFlipByte = 0xff;
constexpr uint64_t kFlipEight = std::numeric_limits<uint64_t>::max();
constexpr uint64_t kSignBit = uint64_t{1} << 63;

void AppendString(std::string& key, std::string_view text, uint8_t flip) {
  for (const char c : text) {
    const uint8_t byte = static_cast<uint8_t>(c);
    key.push_back(static_cast<char>(byte ^ flip));
    if (byte == kEscape) key.push_back(static_cast<char>(kEscapedZero ^ flip));
  }
  key.push_back(static_cast<char>(kEscape ^ flip));
  key.push_back(static_cast<char>(kEnd ^ flip));
}

void AppendEight(std::string& key, uint64_t value) {
  for (int shift = 56; shift >= 0; shift -= 8) key.push_back(static_cast<char>(value >> shift));
}

uint64_t FromSigned(int64_t value) { return static_cast<uint64_t>(value) ^ kSignBit; }
int64_t ToSigned(uint64_t value) { return static_cast<int64_t>(value ^ kSignBit); }

// absl saturates the infinities at both ends of int64 but does not bring them back.
absl::Time FromMicros(int64_t micros) {
  if (micros == std::numeric_limits<int64_t>::max()) return absl::InfiniteFuture();
  if (micros == std::numeric_limits<int64_t>::min()) return absl::InfinitePast();
  return absl::FromUnixMicros(micros);
}

}  // namespace

KeyWriter& KeyWriter::String(std::string_view text) {
  AppendString(key_, text, 0);
  return *this;
}

KeyWriter& KeyWriter::StringDescending(std::string_view text) {
  AppendString(key_, text, kFlipByte);
  return *this;
}

KeyWriter& KeyWriter::Byte(uint8_t value) {
  key_.push_back(static_cast<char>(value));
  return *this;
}

KeyWriter& KeyWriter::U64(uint64_t value) {
  AppendEight(key_, value);
  return *this;
}

KeyWriter& KeyWriter::U64Descending(uint64_t value) { return U64(value ^ kFlipEight); }

KeyWriter& KeyWriter::I64(int64_t value) { return U64(FromSigned(value)); }

KeyWriter& KeyWriter::I64Descending(int64_t value) { return U64Descending(FromSigned(value)); }

KeyWriter& KeyWriter::Time(absl::Time value) { return I64(absl::ToUnixMicros(value)); }

KeyWriter& KeyWriter::TimeDescending(absl::Time value) {
  return I64Descending(absl::ToUnixMicros(value));
}

absl::Status KeyReader::Damaged(const char* component, const char* problem) const {
  return absl::DataLossError(
      fmt::format("key: {} at byte {} of {}: {}", component, position_, key_.size(), problem));
}

absl::Status KeyReader::ExpectTable(uint8_t table) {
  ASSIGN_OR_RETURN(const uint8_t found, Byte());
  if (found == table) return absl::OkStatus();
  return absl::DataLossError(
      fmt::format("key: of table 0x{:02x}; expected table 0x{:02x}", found, table));
}

absl::Status KeyReader::ExpectEnd() const {
  if (position_ == key_.size()) return absl::OkStatus();
  return Damaged("end", "bytes follow");
}

absl::StatusOr<std::string> KeyReader::ReadString(const char* component, uint8_t flip) {
  std::string text;
  for (size_t i = position_; i < key_.size(); ++i) {
    const uint8_t byte = static_cast<uint8_t>(key_[i]) ^ flip;
    if (byte != kEscape) {
      text.push_back(static_cast<char>(byte));
      continue;
    }
    if (++i == key_.size()) break;
    const uint8_t next = static_cast<uint8_t>(key_[i]) ^ flip;
    if (next == kEnd) {
      position_ = i + 1;
      return text;
    }
    if (next != kEscapedZero) return Damaged(component, "unknown escape");
    text.push_back('\0');
  }
  return Damaged(component, "without an end");
}

absl::StatusOr<uint64_t> KeyReader::ReadEight(const char* component, uint64_t flip) {
  if (key_.size() - position_ < sizeof(uint64_t)) return Damaged(component, "fewer than 8 bytes");
  uint64_t value = 0;
  for (size_t i = 0; i < sizeof(value); ++i) {
    value = (value << 8) | static_cast<uint8_t>(key_[position_ + i]);
  }
  position_ += sizeof(value);
  return value ^ flip;
}

absl::StatusOr<std::string> KeyReader::String() { return ReadString("string", 0); }

absl::StatusOr<std::string> KeyReader::StringDescending() {
  return ReadString("descending string", kFlipByte);
}

absl::StatusOr<uint8_t> KeyReader::Byte() {
  if (position_ == key_.size()) return Damaged("byte", "no byte left");
  return static_cast<uint8_t>(key_[position_++]);
}

absl::StatusOr<uint64_t> KeyReader::U64() { return ReadEight("u64", 0); }

absl::StatusOr<uint64_t> KeyReader::U64Descending() {
  return ReadEight("descending u64", kFlipEight);
}

absl::StatusOr<int64_t> KeyReader::I64() {
  ASSIGN_OR_RETURN(const uint64_t value, ReadEight("i64", 0));
  return ToSigned(value);
}

absl::StatusOr<int64_t> KeyReader::I64Descending() {
  ASSIGN_OR_RETURN(const uint64_t value, ReadEight("descending i64", kFlipEight));
  return ToSigned(value);
}

absl::StatusOr<absl::Time> KeyReader::Time() {
  ASSIGN_OR_RETURN(const uint64_t value, ReadEight("time", 0));
  return FromMicros(ToSigned(value));
}

absl::StatusOr<absl::Time> KeyReader::TimeDescending() {
  ASSIGN_OR_RETURN(const uint64_t value, ReadEight("descending time", kFlipEight));
  return FromMicros(ToSigned(value));
}

absl::StatusOr<uint64_t> LogNumber(std::string_view log, std::string_view key) {
  if (key.size() != log.size() + sizeof(uint64_t) || !key.starts_with(log)) {
    return absl::DataLossError("key: not an entry of this log");
  }
  KeyReader reader(key.substr(log.size()));
  return reader.U64();
}

std::string PrefixEnd(std::string_view prefix) {
  std::string end(prefix);
  while (!end.empty() && static_cast<uint8_t>(end.back()) == 0xff) end.pop_back();
  if (!end.empty()) end.back() = static_cast<char>(static_cast<uint8_t>(end.back()) + 1);
  return end;
}

std::string DebugPrintKey(std::string_view key) {
  if (key.empty()) return "(empty)";
  std::string out = fmt::format("{:02x} ", static_cast<uint8_t>(key[0]));
  for (const char c : key.substr(1)) {
    const uint8_t byte = static_cast<uint8_t>(c);
    if (byte >= 0x20 && byte < 0x7f && byte != '\\') {
      out.push_back(c);
    } else {
      out += fmt::format("\\x{:02x}", byte);
    }
  }
  return out;
}

}  // namespace redress::kv
