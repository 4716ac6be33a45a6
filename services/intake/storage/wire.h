#ifndef REDRESS_SERVICES_INTAKE_STORAGE_WIRE_H_
#define REDRESS_SERVICES_INTAKE_STORAGE_WIRE_H_

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/time/time.h"
#include "google/protobuf/io/coded_stream.h"
#include "services/intake/domain/field_group.h"
#include "services/platform/ids/case_number.h"
#include "services/platform/ids/names.h"

// Reads and writes plain structs in protobuf's wire format without a message in between, from
// protobuf's own numbers and tags (CodedInputStream, CodedOutputStream): each struct has one list
// of its fields, used in both directions,
//
//   template <class Ar> void Fields(Ar& ar, Corridor& corridor) {
//     ar(1, corridor.origin);
//     ar(2, corridor.transit);
//   }
//
// and the numbers are those of the message in protos/redress/intake/storage/v1 that documents it.
// A filing has some hundred strings; building messages only to copy them once more would cost as
// much as sealing them. wire_test.cc holds the bytes against the generated messages.
//
// As proto3: what is empty or zero is not written, a repeated scalar is packed, an unknown field is
// skipped. Left simple: a struct that holds itself, groups and maps are not known.
namespace redress::intake::wire {

using google::protobuf::io::CodedInputStream;
using google::protobuf::io::CodedOutputStream;

enum class WireType : uint8_t { kVarint = 0, kFixed64 = 1, kBytes = 2, kFixed32 = 5 };

template <class T>
struct IsVector : std::false_type {};
template <class T>
struct IsVector<std::vector<T>> : std::true_type {};
template <class T>
struct IsOptional : std::false_type {};
template <class T>
struct IsOptional<std::optional<T>> : std::true_type {};
template <class T>
struct IsName : std::false_type {};
template <class Kind>
struct IsName<Name<Kind>> : std::true_type {};

// What one varint holds: numbers, enums, times (microseconds since 1970) and sets of groups (bit n
// is group n).
template <class T>
inline constexpr bool kIsScalar = std::is_integral_v<T> || std::is_enum_v<T> ||
                                  std::is_same_v<T, absl::Time> || std::is_same_v<T, FieldGroupSet>;
// What is text.
template <class T>
inline constexpr bool kIsText =
    std::is_same_v<T, std::string> || IsName<T>::value || std::is_same_v<T, CaseNumber>;

template <class T>
uint64_t ToVarint(const T& value) {
  if constexpr (std::is_same_v<T, absl::Time>) {
    return static_cast<uint64_t>(absl::ToUnixMicros(value));
  } else if constexpr (std::is_same_v<T, FieldGroupSet>) {
    uint64_t bits = 0;
    for (FieldGroup group : value.ToVector()) bits |= uint64_t{1} << static_cast<int>(group);
    return bits;
  } else {
    return static_cast<uint64_t>(value);
  }
}

template <class T>
void FromVarint(uint64_t number, T& value) {
  if constexpr (std::is_same_v<T, absl::Time>) {
    value = absl::FromUnixMicros(static_cast<int64_t>(number));
  } else if constexpr (std::is_same_v<T, FieldGroupSet>) {
    std::vector<FieldGroup> groups;
    for (int i = 1; i <= static_cast<int>(FieldGroup::kEvidenceFiles); ++i) {
      if ((number >> i) & 1) groups.push_back(static_cast<FieldGroup>(i));
    }
    value = FieldGroupSet::Of(groups);
  } else {
    value = static_cast<T>(number);
  }
}

inline constexpr size_t kLongestVarint = 10;

// Writes one message. Not thread-safe.
class Writer {
 public:
  template <class T>
  static std::string Encode(const T& value, size_t size_hint = 256) {
    Writer writer;
    writer.out_.reserve(size_hint);
    writer.Body(value);
    return std::move(writer.out_);
  }

  template <class T>
  void operator()(int number, const T& value) {
    if constexpr (kIsText<T>) {
      Text(number, value, false);
    } else if constexpr (kIsScalar<T>) {
      if (const uint64_t bits = ToVarint(value); bits != 0) Scalar(number, bits);
    } else if constexpr (IsOptional<T>::value) {
      if (value.has_value()) Always(number, *value);
    } else if constexpr (IsVector<T>::value) {
      Repeated(number, value);
    } else {
      Message(number, value, false);
    }
  }

  // A message that is there even when it is empty.
  template <class T>
  void Present(int number, const T& value) {
    Message(number, value, true);
  }

 private:
  void Raw(int number, std::string_view bytes) {
    Tag(number, WireType::kBytes);
    Varint(bytes.size());
    out_ += bytes;
  }

  template <class T>
  void Body(const T& value) {
    // Fields takes a reference that a reader writes through; a writer only reads.
    Fields(*this, const_cast<T&>(value));
  }

  template <class T>
  void Always(int number, const T& value) {
    if constexpr (kIsText<T>) {
      Text(number, value, true);
    } else if constexpr (kIsScalar<T>) {
      Scalar(number, ToVarint(value));
    } else {
      Message(number, value, true);
    }
  }

  template <class T>
  void Repeated(int number, const std::vector<T>& values) {
    if (values.empty()) return;
    if constexpr (std::is_same_v<T, uint64_t>) {
      Tag(number, WireType::kBytes);
      Varint(values.size() * sizeof(uint64_t));
      for (uint64_t value : values) Fixed64(value);
    } else if constexpr (kIsScalar<T>) {
      const size_t length_at = Begin(number);
      for (const T& value : values) Varint(ToVarint(value));
      End(length_at);
    } else {
      for (const T& value : values) Always(number, value);
    }
  }

  template <class T>
  void Text(int number, const T& value, bool always) {
    if constexpr (std::is_same_v<T, std::string>) {
      if (always || !value.empty()) Raw(number, value);
    } else {
      const std::string& text = value.ToString();
      if (always || !text.empty()) Raw(number, text);
    }
  }

  template <class T>
  void Message(int number, const T& value, bool always) {
    const size_t start = out_.size();
    const size_t length_at = Begin(number);
    Body(value);
    if (out_.size() == length_at + 1 && !always) {
      out_.resize(start);
      return;
    }
    End(length_at);
  }

  void Scalar(int number, uint64_t bits) {
    Tag(number, WireType::kVarint);
    Varint(bits);
  }

  // One byte is kept for the length, which nearly always suffices; End makes room otherwise.
  size_t Begin(int number) {
    Tag(number, WireType::kBytes);
    out_.push_back('\0');
    return out_.size() - 1;
  }
  void End(size_t length_at) {
    const uint64_t length = out_.size() - length_at - 1;
    uint8_t bytes[kLongestVarint];
    const auto count = CodedOutputStream::WriteVarint64ToArray(length, bytes) - bytes;
    out_[length_at] = static_cast<char>(bytes[0]);
    if (count > 1) out_.insert(length_at + 1, reinterpret_cast<const char*>(bytes) + 1, count - 1);
  }

  void Tag(int number, WireType type) {
    Varint(static_cast<uint64_t>(number) << 3 | static_cast<uint64_t>(type));
  }
  void Varint(uint64_t value) {
    if (value < 0x80) return out_.push_back(static_cast<char>(value));
    uint8_t bytes[kLongestVarint];
    Append(bytes, CodedOutputStream::WriteVarint64ToArray(value, bytes));
  }
  void Fixed64(uint64_t value) {
    uint8_t bytes[sizeof(value)];
    Append(bytes, CodedOutputStream::WriteLittleEndian64ToArray(value, bytes));
  }
  void Append(const uint8_t* begin, const uint8_t* end) {
    out_.append(reinterpret_cast<const char*>(begin), static_cast<size_t>(end - begin));
  }

  std::string out_;
};

// Reads one message back. DATA_LOSS on bytes that are no message, or of other types than the
// struct's; messages hold offsets, never contents. Not thread-safe.
class Reader {
 public:
  template <class T>
  static absl::Status Decode(std::string_view bytes, T& value) {
    Reader reader(bytes);
    if (!reader.Body(value)) return absl::DataLossError("record: not what was written");
    return absl::OkStatus();
  }

  // Called by Fields: takes the field at hand when it has this number.
  template <class T>
  void operator()(int number, T& value) {
    if (number != number_) return;
    failed_ = !Read(value);
    number_ = kTaken;
  }

 private:
  static constexpr int kTaken = 0;  // No field has this number.

  explicit Reader(std::string_view bytes)
      : bytes_(bytes),
        in_(reinterpret_cast<const uint8_t*>(bytes.data()), static_cast<int>(bytes.size())) {}

  template <class T>
  bool Body(T& value) {
    while (const uint32_t tag = in_.ReadTagNoLastTag()) {
      number_ = static_cast<int>(tag >> 3);
      type_ = static_cast<WireType>(tag & 7);
      if (number_ == kTaken) return false;
      failed_ = false;
      Fields(*this, value);
      if (failed_ || (number_ != kTaken && !Skip())) return false;
    }
    return in_.ConsumedEntireMessage();
  }

  template <class T>
  bool Read(T& value) {
    if constexpr (kIsScalar<T>) {
      uint64_t bits = 0;
      if (type_ != WireType::kVarint || !in_.ReadVarint64(&bits)) return false;
      FromVarint(bits, value);
      return true;
    } else if constexpr (IsOptional<T>::value) {
      return Read(value.emplace());
    } else if constexpr (IsVector<T>::value) {
      return ReadRepeated(value);
    } else {
      std::string_view bytes;
      return Bytes(bytes) && ReadBytes(bytes, value);
    }
  }

  template <class T>
  bool ReadRepeated(std::vector<T>& values) {
    if constexpr (kIsScalar<T>) {
      std::string_view bytes;
      if (!Bytes(bytes)) return false;
      Reader packed(bytes);
      while (packed.in_.CurrentPosition() < static_cast<int>(bytes.size())) {
        uint64_t bits = 0;
        const bool read = std::is_same_v<T, uint64_t> ? packed.in_.ReadLittleEndian64(&bits)
                                                      : packed.in_.ReadVarint64(&bits);
        if (!read) return false;
        FromVarint(bits, values.emplace_back());
      }
      return true;
    } else {
      return Read(values.emplace_back());
    }
  }

  template <class T>
  bool ReadBytes(std::string_view bytes, T& value) {
    if constexpr (std::is_same_v<T, std::string>) {
      value = std::string(bytes);
    } else if constexpr (IsName<T>::value) {
      value = T::FromTrusted(std::string(bytes));
    } else if constexpr (std::is_same_v<T, CaseNumber>) {
      absl::StatusOr<CaseNumber> number = CaseNumber::Parse(bytes, "record");
      if (!number.ok()) return false;
      value = *std::move(number);
    } else {
      Reader nested(bytes);
      return nested.Body(value);
    }
    return true;
  }

  bool Bytes(std::string_view& bytes) {
    int length = 0;
    if (type_ != WireType::kBytes || !in_.ReadVarintSizeAsInt(&length)) return false;
    bytes = bytes_.substr(static_cast<size_t>(in_.CurrentPosition()), length);
    return in_.Skip(length);
  }
  bool Skip() {
    std::string_view ignored_bytes;
    uint64_t ignored = 0;
    switch (type_) {
      case WireType::kVarint:
        return in_.ReadVarint64(&ignored);
      case WireType::kFixed64:
        return in_.Skip(8);
      case WireType::kBytes:
        return Bytes(ignored_bytes);
      case WireType::kFixed32:
        return in_.Skip(4);
    }
    return false;
  }

  std::string_view bytes_;
  CodedInputStream in_;
  int number_ = kTaken;
  WireType type_ = WireType::kVarint;
  bool failed_ = false;
};

}  // namespace redress::intake::wire

#endif  // REDRESS_SERVICES_INTAKE_STORAGE_WIRE_H_
