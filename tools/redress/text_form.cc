#include "tools/redress/text_form.h"

#include <algorithm>
#include <array>
#include <cctype>
#include <ostream>
#include <vector>

#include "absl/strings/escaping.h"
#include "absl/time/time.h"
#include "fmt/format.h"
#include "google/protobuf/timestamp.pb.h"
#include "tools/redress/table.h"

namespace redress::cli {
namespace {

using google::protobuf::FieldDescriptor;
using google::protobuf::Message;
using google::protobuf::Reflection;

std::string Words(std::string_view field_name) {
  std::string words(field_name);
  std::replace(words.begin(), words.end(), '_', ' ');
  return words;
}

// Digests are compared with what sha256sum prints; other bytes say nothing to people.
std::string Bytes(std::string_view field_name, const std::string& bytes) {
  const bool is_digest = field_name.find("sha256") != std::string_view::npos ||
                         field_name.find("digest") != std::string_view::npos;
  return is_digest ? absl::BytesToHexString(bytes) : fmt::format("{} bytes", bytes.size());
}

std::string Scalar(const Message& message, const FieldDescriptor* field, int index) {
  const Reflection* reflection = message.GetReflection();
  const bool many = field->is_repeated();
  std::string scratch;
  switch (field->cpp_type()) {
    case FieldDescriptor::CPPTYPE_STRING: {
      const std::string& text =
          many ? reflection->GetRepeatedStringReference(message, field, index, &scratch)
               : reflection->GetStringReference(message, field, &scratch);
      if (field->type() == FieldDescriptor::TYPE_BYTES) return Bytes(field->name(), text);
      return Harmless(text);
    }
    case FieldDescriptor::CPPTYPE_ENUM: {
      const auto* value = many ? reflection->GetRepeatedEnum(message, field, index)
                               : reflection->GetEnum(message, field);
      return WithoutEnumPrefix(value->name(), field->enum_type()->name());
    }
    case FieldDescriptor::CPPTYPE_BOOL:
      return (many ? reflection->GetRepeatedBool(message, field, index)
                   : reflection->GetBool(message, field))
                 ? "yes"
                 : "no";
    case FieldDescriptor::CPPTYPE_INT32:
      return std::to_string(many ? reflection->GetRepeatedInt32(message, field, index)
                                 : reflection->GetInt32(message, field));
    case FieldDescriptor::CPPTYPE_UINT32:
      return std::to_string(many ? reflection->GetRepeatedUInt32(message, field, index)
                                 : reflection->GetUInt32(message, field));
    case FieldDescriptor::CPPTYPE_INT64:
      return std::to_string(many ? reflection->GetRepeatedInt64(message, field, index)
                                 : reflection->GetInt64(message, field));
    case FieldDescriptor::CPPTYPE_UINT64:
      return std::to_string(many ? reflection->GetRepeatedUInt64(message, field, index)
                                 : reflection->GetUInt64(message, field));
    default:
      return "";
  }
}

// Messages that people read as one value.
bool ShownOnOneLine(const Message& message, std::string& text) {
  const std::string& type = message.GetDescriptor()->full_name();
  if (type == "google.protobuf.Timestamp") {
    text = ShowTime(message);
    return true;
  }
  if (type == "google.protobuf.Duration") {
    const auto* descriptor = message.GetDescriptor();
    text = ShowDuration(
        message.GetReflection()->GetInt64(message, descriptor->FindFieldByName("seconds")));
    return true;
  }
  if (type == "redress.common.v1.Money") {
    const auto* descriptor = message.GetDescriptor();
    text = Scalar(message, descriptor->FindFieldByName("currency_code"), 0) + " " +
           Scalar(message, descriptor->FindFieldByName("amount"), 0);
    return true;
  }
  if (type == "redress.intake.v1.CodeCount" || type == "redress.intake.v1.ReceiverConsents") {
    const auto* descriptor = message.GetDescriptor();
    text =
        Scalar(message, descriptor->field(0), 0) + " " + Scalar(message, descriptor->field(1), 0);
    return true;
  }
  return false;
}

// A list of such values, one after the other as a list of texts.
bool EachOnOneLine(const Message& message, const FieldDescriptor* field, std::string& joined) {
  const Reflection* reflection = message.GetReflection();
  for (int i = 0; i < reflection->FieldSize(message, field); ++i) {
    std::string text;
    if (!ShownOnOneLine(reflection->GetRepeatedMessage(message, field, i), text)) return false;
    joined += (i == 0 ? "" : ", ") + text;
  }
  return true;
}

void PrintNested(const Message& message, int depth, std::ostream& out);

void PrintSubmessage(const std::string& label, const Message& message, int depth,
                     std::ostream& out) {
  const std::string margin(static_cast<size_t>(depth) * 2, ' ');
  if (std::string text; ShownOnOneLine(message, text)) {
    out << margin << label << ": " << text << "\n";
    return;
  }
  out << margin << label << ":\n";
  PrintNested(message, depth + 1, out);
}

void PrintNested(const Message& message, int depth, std::ostream& out) {
  const std::string margin(static_cast<size_t>(depth) * 2, ' ');
  const Reflection* reflection = message.GetReflection();
  std::vector<const FieldDescriptor*> fields;
  reflection->ListFields(message, &fields);
  for (const FieldDescriptor* field : fields) {
    const std::string label = Words(field->name());
    const bool is_message = field->cpp_type() == FieldDescriptor::CPPTYPE_MESSAGE;
    if (!field->is_repeated()) {
      if (is_message) {
        PrintSubmessage(label, reflection->GetMessage(message, field), depth, out);
      } else {
        out << margin << label << ": " << Scalar(message, field, -1) << "\n";
      }
      continue;
    }
    const int size = reflection->FieldSize(message, field);
    if (!is_message) {
      std::string joined;
      for (int i = 0; i < size; ++i) {
        joined += (i == 0 ? "" : ", ") + Scalar(message, field, i);
      }
      out << margin << label << ": " << joined << "\n";
      continue;
    }
    if (std::string joined; EachOnOneLine(message, field, joined)) {
      out << margin << label << ": " << joined << "\n";
      continue;
    }
    for (int i = 0; i < size; ++i) {
      PrintSubmessage(fmt::format("{} {}", label, i + 1),
                      reflection->GetRepeatedMessage(message, field, i), depth, out);
    }
  }
}

}  // namespace

void PrintFields(const Message& message, std::ostream& out) { PrintNested(message, 0, out); }

std::string ShowTime(const google::protobuf::Message& message) {
  google::protobuf::Timestamp timestamp;
  timestamp.CopyFrom(message);
  if (timestamp.seconds() == 0) return "-";
  return absl::FormatTime("%Y-%m-%d %H:%M", absl::FromUnixSeconds(timestamp.seconds()),
                          absl::UTCTimeZone());
}

std::string ShowDuration(int64_t seconds) {
  struct Unit {
    int64_t seconds;
    const char* name;
  };
  constexpr std::array<Unit, 4> kUnits = {{{86400, "d"}, {3600, "h"}, {60, "min"}, {1, "s"}}};
  if (seconds < 0) return "-" + ShowDuration(-seconds);
  // One day is said in hours, as deadlines of a day are.
  if (seconds == kUnits[0].seconds) return "24 h";
  std::string shown;
  int units = 0;
  for (const Unit& unit : kUnits) {
    const int64_t count = seconds / unit.seconds;
    seconds %= unit.seconds;
    if (count > 0) shown += fmt::format("{}{} {}", shown.empty() ? "" : " ", count, unit.name);
    if (!shown.empty() && ++units == 2) break;
  }
  return shown.empty() ? "0 s" : shown;
}

std::string WithoutEnumPrefix(std::string_view name, std::string_view type) {
  std::string prefix;
  for (char c : type) {
    if (std::isupper(static_cast<unsigned char>(c)) != 0 && !prefix.empty()) prefix += '_';
    prefix += static_cast<char>(std::toupper(static_cast<unsigned char>(c)));
  }
  prefix += '_';
  return std::string(name.substr(0, prefix.size()) == prefix ? name.substr(prefix.size()) : name);
}

}  // namespace redress::cli
