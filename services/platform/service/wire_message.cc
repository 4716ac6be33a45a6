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
