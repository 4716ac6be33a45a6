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

constexpr size_t kMostNamed = 32;
constexpr int kDeepest = 64;

// Walks a message on the wire without keeping anything of it.
class Utf8Finder {
 public:
  FieldViolations& violations() { return violations_; }

  // False when the bytes are no message of this type.
  bool Walk(std::string_view bytes, const Descriptor& type, const std::string& path, int depth) {
    if (depth > kDeepest) return false;
    google::protobuf::io::CodedInputStream in(reinterpret_cast<const uint8_t*>(bytes.data()),
                                              static_cast<int>(bytes.size()));
    std::map<int, int> seen;
    while (const uint32_t tag = in.ReadTag()) {
      const FieldDescriptor* field = type.FindFieldByNumber(WireFormatLite::GetTagFieldNumber(tag));
      const bool delimited =
          WireFormatLite::GetTagWireType(tag) == WireFormatLite::WIRETYPE_LENGTH_DELIMITED;
      if (field == nullptr || !delimited || !HoldsText(*field)) {
        if (!WireFormatLite::SkipField(&in, tag)) return false;
        continue;
      }
      uint32_t size = 0;
      std::string content;
      if (!in.ReadVarint32(&size) || !in.ReadString(&content, static_cast<int>(size))) return false;
      if (!Look(content, *field, PathOf(path, *field, seen[field->number()]++), depth)) {
        return false;
      }
    }
    return in.ConsumedEntireMessage();
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

  bool Look(std::string_view content, const FieldDescriptor& field, const std::string& path,
            int depth) {
    if (field.type() == FieldDescriptor::TYPE_MESSAGE) {
      return Walk(content, *field.message_type(), path, depth + 1);
    }
    const bool text = google::protobuf::internal::IsStructurallyValidUTF8(
        content.data(), static_cast<int>(content.size()));
    if (!text && violations_.list().size() < kMostNamed) {
      violations_.Add(path, fmt::format("{} bytes are not UTF-8 text", content.size()));
    }
    return true;
  }

  FieldViolations violations_;
};

}  // namespace

absl::Status ExplainUnreadable(std::string_view bytes, const Descriptor& type) {
  Utf8Finder finder;
  const bool whole = finder.Walk(bytes, type, "", 0);
  if (whole && !finder.violations().empty()) return finder.violations().ToStatus();
  return absl::InvalidArgumentError(
      fmt::format("{} bytes that are no message {}", bytes.size(), type.full_name()));
}

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
  return ExplainUnreadable(all, *message.GetDescriptor());
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
