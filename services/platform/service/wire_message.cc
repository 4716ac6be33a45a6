#include "services/platform/service/wire_message.h"

#include <map>
#include <string>
#include <vector>

#include "fmt/format.h"
#include "google/protobuf/io/coded_stream.h"
#include "google/protobuf/stubs/common.h"
#include "google/protobuf/wire_format_lite.h"
#include "grpcpp/impl/codegen/proto_utils.h"
#include "grpcpp/support/proto_buffer_reader.h"
#include "services/platform/status/field_violations.h"

namespace redress::service {
namespace {

using google::protobuf::Descriptor;
using google::protobuf::FieldDescriptor;
using google::protobuf::internal::WireFormatLite;
using google::protobuf::io::CodedInputStream;

constexpr size_t kMostNamed = 32;
constexpr int kDeepest = 64;
// Of a message with all that is in it; no request needs half as many. An empty one takes two bytes
// on the wire and a hundred in memory, so that the size of what came does not tell what it takes.
constexpr size_t kMostFields = 32 << 10;
// No message as small as this can have more.
constexpr size_t kFewBytes = 2 * kMostFields;
// Further in than this protobuf does not parse.
constexpr int kDeepestParsed = 100;

// Counts the fields of a message on the wire before anything is made of them. Where bytes are no
// message it stops, as whoever parses them does, who has made no more by then than was counted.
class FieldCounter {
 public:
  explicit FieldCounter(google::protobuf::io::ZeroCopyInputStream* bytes) : in_(bytes) {}

  bool TooMany(const Descriptor& type) {
    Walk(type, 0);
    return fields_ > kMostFields;
  }

 private:
  // Whether to go on.
  bool Walk(const Descriptor& type, int depth) {
    if (depth > kDeepestParsed) return false;
    int groups = 0;  // No message of ours has any; what is in them is not looked into.
    while (const uint32_t tag = in_.ReadTag()) {
      if (++fields_ > kMostFields) return false;
      const auto wire_type = WireFormatLite::GetTagWireType(tag);
      if (wire_type == WireFormatLite::WIRETYPE_START_GROUP) {
        ++groups;
      } else if (wire_type == WireFormatLite::WIRETYPE_END_GROUP) {
        --groups;
      } else if (const Descriptor* part = groups == 0 ? PartOf(type, tag) : nullptr) {
        if (!WalkPart(*part, depth + 1)) return false;
      } else if (!WireFormatLite::SkipField(&in_, tag)) {
        return false;
      }
    }
    return in_.ConsumedEntireMessage();
  }

  bool WalkPart(const Descriptor& part, int depth) {
    int size = 0;
    if (!in_.ReadVarintSizeAsInt(&size)) return false;
    const CodedInputStream::Limit outer = in_.PushLimit(size);
    if (!Walk(part, depth)) return false;
    in_.PopLimit(outer);
    return true;
  }

  // The type of the message that the field is; null when it is none.
  static const Descriptor* PartOf(const Descriptor& type, uint32_t tag) {
    if (WireFormatLite::GetTagWireType(tag) != WireFormatLite::WIRETYPE_LENGTH_DELIMITED) {
      return nullptr;
    }
    const FieldDescriptor* field = type.FindFieldByNumber(WireFormatLite::GetTagFieldNumber(tag));
    return field == nullptr ? nullptr : field->message_type();
  }

  CodedInputStream in_;
  size_t fields_ = 0;
};

// Walks a message on the wire, names the texts in it that are not UTF-8, and puts question marks in
// place of what is no ASCII in them. Lengths stay, so that the message stays one.
class TextMender {
 public:
  explicit TextMender(std::string& bytes)
      : bytes_(bytes),
        in_(reinterpret_cast<const uint8_t*>(bytes.data()), static_cast<int>(bytes.size())) {}

  const FieldViolations& violations() const { return violations_; }

  // False when the bytes, up to the limit set, are no message of this type.
  bool Walk(const Descriptor& type, const std::string& path, int depth) {
    if (depth > kDeepest) return false;
    std::map<int, int> seen;
    while (const uint32_t tag = in_.ReadTag()) {
      const FieldDescriptor* field = type.FindFieldByNumber(WireFormatLite::GetTagFieldNumber(tag));
      const bool delimited =
          WireFormatLite::GetTagWireType(tag) == WireFormatLite::WIRETYPE_LENGTH_DELIMITED;
      if (field == nullptr || !delimited || !HoldsText(*field)) {
        if (!WireFormatLite::SkipField(&in_, tag)) return false;
        continue;
      }
      int size = 0;
      if (!in_.ReadVarintSizeAsInt(&size)) return false;
      if (!Look(size, *field, PathOf(path, *field, seen[field->number()]++), depth)) return false;
    }
    return in_.ConsumedEntireMessage();
  }

 private:
  static bool HoldsText(const FieldDescriptor& field) {
    return field.type() == FieldDescriptor::TYPE_STRING ||
           field.type() == FieldDescriptor::TYPE_MESSAGE;
  }

  static std::string PathOf(const std::string& parent, const FieldDescriptor& field, int index) {
    std::string path = parent.empty() ? field.name() : fmt::format("{}.{}", parent, field.name());
    if (field.is_repeated()) path += fmt::format("[{}]", index);
    return path;
  }

  bool Look(int size, const FieldDescriptor& field, const std::string& path, int depth) {
    if (field.type() == FieldDescriptor::TYPE_MESSAGE) {
      const CodedInputStream::Limit outer = in_.PushLimit(size);
      if (!Walk(*field.message_type(), path, depth + 1)) return false;
      in_.PopLimit(outer);
      return true;
    }
    const auto begin = static_cast<size_t>(in_.CurrentPosition());
    if (!in_.Skip(size)) return false;
    if (!google::protobuf::internal::IsStructurallyValidUTF8(bytes_.data() + begin, size)) {
      Mend(begin, static_cast<size_t>(size));
      if (violations_.list().size() < kMostNamed) {
        violations_.Add(path, fmt::format("{} bytes are not UTF-8 text", size));
      }
    }
    return true;
  }

  void Mend(size_t begin, size_t size) {
    for (size_t i = begin; i < begin + size; ++i) {
      if (static_cast<unsigned char>(bytes_[i]) >= 0x80) bytes_[i] = '?';
    }
  }

  std::string& bytes_;
  CodedInputStream in_;
  FieldViolations violations_;
};

}  // namespace

absl::Status ParseMessage(grpc::ByteBuffer& bytes, google::protobuf::Message& message) {
  if (bytes.Length() > kFewBytes) {
    grpc::ProtoBufferReader reader(&bytes);
    if (FieldCounter(&reader).TooMany(*message.GetDescriptor())) {
      message.Clear();
      return absl::InvalidArgumentError(fmt::format("a message {} of more than {} fields",
                                                    message.GetDescriptor()->full_name(),
                                                    kMostFields));
    }
  }
  {
    grpc::ProtoBufferReader reader(&bytes);
    if (message.ParseFromZeroCopyStream(&reader)) return absl::OkStatus();
  }
  std::vector<grpc::Slice> slices;
  if (!bytes.Dump(&slices).ok()) return absl::InvalidArgumentError("the bytes cannot be read");
  std::string all;
  for (const grpc::Slice& slice : slices) {
    all.append(reinterpret_cast<const char*>(slice.begin()), slice.size());
  }
  TextMender mender(all);
  const bool whole = mender.Walk(*message.GetDescriptor(), "", 0);
  if (!whole || mender.violations().empty() || !message.ParseFromString(all)) {
    message.Clear();
    return absl::InvalidArgumentError(fmt::format("{} bytes that are no message {}", all.size(),
                                                  message.GetDescriptor()->full_name()));
  }
  return mender.violations().ToStatus();
}

grpc::ByteBuffer ToBytes(const google::protobuf::Message& message) {
  grpc::ByteBuffer bytes;
  bool own_buffer = false;
  const grpc::Status status =
      grpc::SerializationTraits<google::protobuf::Message>::Serialize(message, &bytes, &own_buffer);
  // Only a message of 2 GiB could not be written.
  if (!status.ok()) bytes.Clear();
  return bytes;
}

}  // namespace redress::service
