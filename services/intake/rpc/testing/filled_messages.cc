#include "services/intake/rpc/testing/filled_messages.h"

#include "fmt/format.h"
#include "google/protobuf/descriptor.h"

namespace redress::intake {
namespace {

using google::protobuf::FieldDescriptor;
using google::protobuf::Message;
using google::protobuf::Reflection;

constexpr int kElements = 2;

class Filler {
 public:
  void Fill(Message& message) {
    for (int i = 0; i < message.GetDescriptor()->field_count(); ++i) {
      const FieldDescriptor& field = *message.GetDescriptor()->field(i);
      const int times = field.is_repeated() ? kElements : 1;
      for (int n = 0; n < times; ++n) FillOne(message, field);
    }
  }

 private:
  void FillOne(Message& message, const FieldDescriptor& field) {
    const Reflection& reflection = *message.GetReflection();
    const bool list = field.is_repeated();
    ++next_;
    switch (field.cpp_type()) {
      case FieldDescriptor::CPPTYPE_STRING: {
        const std::string text = fmt::format("{}-{}", field.name(), next_);
        list ? reflection.AddString(&message, &field, text)
             : reflection.SetString(&message, &field, text);
        break;
      }
      case FieldDescriptor::CPPTYPE_ENUM: {
        // The first is "unspecified".
        const int known = field.enum_type()->value_count() - 1;
        const auto* value = field.enum_type()->value(1 + next_ % known);
        list ? reflection.AddEnum(&message, &field, value)
             : reflection.SetEnum(&message, &field, value);
        break;
      }
      case FieldDescriptor::CPPTYPE_BOOL:
        reflection.SetBool(&message, &field, true);
        break;
      case FieldDescriptor::CPPTYPE_UINT32:
        reflection.SetUInt32(&message, &field, next_);
        break;
      case FieldDescriptor::CPPTYPE_UINT64:
        reflection.SetUInt64(&message, &field, next_);
        break;
      case FieldDescriptor::CPPTYPE_INT32:
        reflection.SetInt32(&message, &field, next_);
        break;
      case FieldDescriptor::CPPTYPE_INT64:
        reflection.SetInt64(&message, &field, next_);
        break;
      case FieldDescriptor::CPPTYPE_MESSAGE:
        Fill(list ? *reflection.AddMessage(&message, &field)
                  : *reflection.MutableMessage(&message, &field));
        break;
      default:
        break;
    }
  }

  int next_ = 0;
};

bool HoldsNothing(const Message& message, const FieldDescriptor& field) {
  const Reflection& reflection = *message.GetReflection();
  if (field.is_repeated()) return reflection.FieldSize(message, &field) == 0;
  return !reflection.HasField(message, &field);
}

void FindUnset(const Message& message, const std::string& path, std::vector<std::string>& unset) {
  const Reflection& reflection = *message.GetReflection();
  for (int i = 0; i < message.GetDescriptor()->field_count(); ++i) {
    const FieldDescriptor& field = *message.GetDescriptor()->field(i);
    const std::string name = path.empty() ? field.name() : fmt::format("{}.{}", path, field.name());
    if (HoldsNothing(message, field)) {
      const auto* oneof = field.real_containing_oneof();
      if (oneof == nullptr || !reflection.HasOneof(message, oneof)) unset.push_back(name);
    } else if (field.cpp_type() == FieldDescriptor::CPPTYPE_MESSAGE &&
               field.message_type()->full_name() != "google.protobuf.Timestamp") {
      FindUnset(field.is_repeated() ? reflection.GetRepeatedMessage(message, &field, 0)
                                    : reflection.GetMessage(message, &field),
                name, unset);
    }
  }
}

}  // namespace

void FillEveryField(Message& message) { Filler().Fill(message); }

std::vector<std::string> UnsetFields(const Message& message) {
  std::vector<std::string> unset;
  FindUnset(message, "", unset);
  return unset;
}

}  // namespace redress::intake
