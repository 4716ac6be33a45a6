#include "tools/redress/output.h"

#include <unistd.h>

#include <algorithm>
#include <cctype>
#include <cstdlib>
#include <ostream>

#include "absl/strings/cord.h"
#include "absl/time/time.h"
#include "fmt/format.h"
#include "google/protobuf/timestamp.pb.h"
#include "google/protobuf/util/json_util.h"
#include "services/platform/status/field_violations.h"
#include "services/platform/status/refusal.h"
#include "unicode/uchar.h"
#include "unicode/utf8.h"

namespace redress::cli {
namespace {

using google::protobuf::FieldDescriptor;
using google::protobuf::Message;
using google::protobuf::Reflection;

constexpr char kUsageMark[] = "redress/usage";

std::string_view Code(Colour colour) {
  switch (colour) {
    case Colour::kGreen:
      return "\x1b[32m";
    case Colour::kYellow:
      return "\x1b[33m";
    case Colour::kRed:
      return "\x1b[31m";
    case Colour::kBold:
      return "\x1b[1m";
    case Colour::kDim:
      return "\x1b[2m";
    case Colour::kNone:
      break;
  }
  return "";
}

std::string Painted(std::string_view text, Colour colour, bool enabled) {
  if (!enabled || colour == Colour::kNone) return std::string(text);
  return fmt::format("{}{}\x1b[0m", Code(colour), text);
}

// What a stored text could do to a terminal: escape sequences and the like are shown as '?'.
std::string Harmless(std::string_view text) {
  std::string out(text);
  for (char& c : out) {
    const auto byte = static_cast<unsigned char>(c);
    if ((byte < 0x20 && c != '\n') || byte == 0x7f) c = '?';
  }
  return out;
}

std::string Json(const Message& message, bool pretty) {
  google::protobuf::util::JsonPrintOptions options;
  options.add_whitespace = pretty;
  std::string text;
  const auto status = google::protobuf::util::MessageToJsonString(message, &text, options);
  return status.ok() ? text : "{}";
}

std::string Words(std::string_view field_name) {
  std::string words(field_name);
  std::replace(words.begin(), words.end(), '_', ' ');
  return words;
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
      if (field->type() == FieldDescriptor::TYPE_BYTES) return fmt::format("{} bytes", text.size());
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
  if (type == "redress.common.v1.Money") {
    const auto* descriptor = message.GetDescriptor();
    text = Scalar(message, descriptor->FindFieldByName("currency_code"), 0) + " " +
           Scalar(message, descriptor->FindFieldByName("amount"), 0);
    return true;
  }
  return false;
}

void PrintFields(const Message& message, int depth, std::ostream& out);

void PrintSubmessage(const std::string& label, const Message& message, int depth,
                     std::ostream& out) {
  const std::string margin(static_cast<size_t>(depth) * 2, ' ');
  if (std::string text; ShownOnOneLine(message, text)) {
    out << margin << label << ": " << text << "\n";
    return;
  }
  out << margin << label << ":\n";
  PrintFields(message, depth + 1, out);
}

void PrintFields(const Message& message, int depth, std::ostream& out) {
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
    for (int i = 0; i < size; ++i) {
      PrintSubmessage(fmt::format("{} {}", label, i + 1),
                      reflection->GetRepeatedMessage(message, field, i), depth, out);
    }
  }
}

}  // namespace

bool WantsColour() {
  const char* refused = std::getenv("NO_COLOR");
  return isatty(STDOUT_FILENO) != 0 && (refused == nullptr || *refused == '\0');
}

size_t DisplayWidth(std::string_view text) {
  size_t width = 0;
  int32_t at = 0;
  const auto length = static_cast<int32_t>(text.size());
  while (at < length) {
    UChar32 c = 0;
    U8_NEXT(text.data(), at, length, c);
    if (c < 0) {
      ++width;
      continue;
    }
    const int8_t kind = u_charType(c);
    if (kind == U_NON_SPACING_MARK || kind == U_ENCLOSING_MARK || kind == U_FORMAT_CHAR) continue;
    const int east_asian = u_getIntPropertyValue(c, UCHAR_EAST_ASIAN_WIDTH);
    width += east_asian == U_EA_WIDE || east_asian == U_EA_FULLWIDTH ? 2 : 1;
  }
  return width;
}

void Table::Print(std::ostream& out, bool colour) const {
  std::vector<size_t> widths;
  for (const std::string& title : heading_) widths.push_back(DisplayWidth(title));
  for (const Row& row : rows_) {
    for (size_t i = 0; i < row.cells.size() && i < widths.size(); ++i) {
      widths[i] = std::max(widths[i], DisplayWidth(row.cells[i]));
    }
  }
  const auto line = [&](const std::vector<std::string>& cells) {
    std::string text;
    for (size_t i = 0; i < cells.size() && i < widths.size(); ++i) {
      std::string cell = Harmless(cells[i]);
      std::replace(cell.begin(), cell.end(), '\n', ' ');
      text += cell;
      if (i + 1 < cells.size()) text.append(widths[i] - DisplayWidth(cells[i]) + 2, ' ');
    }
    return text;
  };
  out << Painted(line(heading_), Colour::kBold, colour) << "\n";
  for (const Row& row : rows_) out << Painted(line(row.cells), row.colour, colour) << "\n";
}

void Output::Message(const google::protobuf::Message& message) {
  if (json_) {
    out_ << Json(message, /*pretty=*/true);
    return;
  }
  PrintFields(message, 0, out_);
}

void Output::JsonLine(const google::protobuf::Message& message) {
  if (json_) out_ << Json(message, /*pretty=*/false) << std::endl;
}

void Output::List(const google::protobuf::Message& message, const Table& table,
                  std::string_view when_empty, std::string_view next_page_token) {
  if (json_) {
    Message(message);
    return;
  }
  if (table.empty()) {
    out_ << when_empty << "\n";
  } else {
    table.Print(out_, colour_);
  }
  if (!next_page_token.empty()) {
    out_ << Painted(fmt::format("More: add --page-token {}", next_page_token), Colour::kDim,
                    colour_)
         << "\n";
  }
}

void Output::PrintTable(const Table& table) {
  if (!json_) table.Print(out_, colour_);
}

void Output::Line(std::string_view text, Colour colour) {
  if (!json_) out_ << Painted(Harmless(text), colour, colour_) << "\n";
}

void Output::Raw(std::string_view text) { out_ << text << "\n"; }

std::string ShowTime(const google::protobuf::Message& message) {
  google::protobuf::Timestamp timestamp;
  timestamp.CopyFrom(message);
  if (timestamp.seconds() == 0) return "-";
  return absl::FormatTime("%Y-%m-%d %H:%M", absl::FromUnixSeconds(timestamp.seconds()),
                          absl::UTCTimeZone());
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

void PrintError(const absl::Status& status, std::ostream& err, bool colour) {
  const auto refusal = GetRefusal(status);
  const std::string code = absl::StatusCodeToString(status.code());
  err << Painted(refusal.has_value() ? fmt::format("{} {}", code, refusal->reason) : code,
                 Colour::kRed, colour);
  const auto violations = GetFieldViolations(status);
  if (violations.empty()) err << ": " << Harmless(std::string(status.message()));
  err << "\n";
  for (const FieldViolation& violation : violations) {
    err << "  " << Harmless(violation.field) << ": " << Harmless(violation.problem) << "\n";
  }
  if (!refusal.has_value()) return;
  for (const auto& [key, value] : refusal->metadata) {
    err << "  " << Harmless(key) << ": " << Harmless(value) << "\n";
  }
}

int ExitCode(const absl::Status& status) {
  if (status.ok()) return 0;
  if (status.GetPayload(kUsageMark).has_value()) return 2;
  const bool unreachable = status.code() == absl::StatusCode::kUnavailable ||
                           status.code() == absl::StatusCode::kDeadlineExceeded;
  return unreachable ? 3 : 1;
}

absl::Status UsageError(std::string_view text) {
  absl::Status status = absl::InvalidArgumentError(std::string(text));
  status.SetPayload(kUsageMark, absl::Cord("1"));
  return status;
}

}  // namespace redress::cli
