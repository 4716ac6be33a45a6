#include "tools/redress/json_fit.h"

#include <algorithm>
#include <cmath>
#include <vector>

#include "absl/strings/ascii.h"
#include "absl/strings/escaping.h"
#include "absl/strings/numbers.h"
#include "absl/time/time.h"
#include "fmt/format.h"
#include "fmt/ranges.h"
#include "tools/redress/nearest.h"
#include "unicode/utf8.h"

namespace redress::cli {
namespace {

using google::protobuf::Descriptor;
using google::protobuf::FieldDescriptor;

constexpr int kDeepest = 100;  // As protobuf's own reader.

// The first byte that is no UTF-8; npos for none.
size_t FirstBadByte(std::string_view text) {
  int32_t at = 0;
  const auto length = static_cast<int32_t>(text.size());
  while (at < length) {
    const int32_t start = at;
    UChar32 c = 0;
    U8_NEXT(text.data(), at, length, c);
    if (c < 0) return static_cast<size_t>(start);
  }
  return std::string_view::npos;
}

// Reads along message and text together and stops at the first misfit. Each Read… returns false
// when there was one.
class FitReader {
 public:
  explicit FitReader(std::string_view text) : text_(text) {}

  std::string Explain(const Descriptor& message) {
    if (const size_t bad = FirstBadByte(text_); bad != std::string_view::npos) {
      Fail(bad, "UTF-8 is expected; in which encoding was this saved?");
      return found_;
    }
    SkipBlanks();
    if (!ReadMessage(message)) return found_;
    SkipBlanks();
    if (at_ < text_.size()) Fail(at_, "nothing more is expected after the last }");
    return found_;
  }

 private:
  bool Fail(size_t at, std::string_view expected) {
    const std::string_view before = text_.substr(0, at);
    const auto line = 1 + std::count(before.begin(), before.end(), '\n');
    const size_t newline = before.rfind('\n');
    const std::string_view left =
        before.substr(newline == std::string_view::npos ? 0 : newline + 1);
    // Characters, as editors count; not the bytes that continue one.
    const auto column =
        1 + std::count_if(left.begin(), left.end(), [](char c) { return (c & 0xc0) != 0x80; });
    const std::string where = path_.empty() ? "" : fmt::format("{}: ", fmt::join(path_, "."));
    found_ = fmt::format("line {}, column {}: {}{}{}", line, column, where, expected,
                         at >= text_.size() ? ", and the text ends here" : "");
    return false;
  }

  void SkipBlanks() {
    while (at_ < text_.size() && absl::ascii_isspace(static_cast<unsigned char>(text_[at_]))) ++at_;
  }

  bool Sees(char c) const { return at_ < text_.size() && text_[at_] == c; }

  bool Take(char c) {
    SkipBlanks();
    if (!Sees(c)) return false;
    ++at_;
    SkipBlanks();
    return true;
  }

  bool TakeWord(std::string_view word) {
    if (text_.substr(at_, word.size()) != word) return false;
    at_ += word.size();
    return true;
  }

  // Text in double quotes; `content` is what stands between them, escapes as they are.
  bool ReadText(std::string_view& content, std::string_view expected) {
    if (!Sees('"')) return Fail(at_, expected);
    const size_t start = ++at_;
    for (; at_ < text_.size() && text_[at_] != '"'; ++at_) {
      if (static_cast<unsigned char>(text_[at_]) < 0x20) {
        return Fail(at_, "the closing \" is expected (a line break within a text is written \\n)");
      }
      if (text_[at_] != '\\') continue;
      if (std::string_view("\"\\/bfnrtu").find(text_.substr(at_ + 1, 1)) ==
          std::string_view::npos) {
        return Fail(at_, "after \\ one of \" \\ / b f n r t u is expected");
      }
      ++at_;
    }
    if (at_ >= text_.size()) return Fail(at_, "the closing \" is expected");
    content = text_.substr(start, at_ - start);
    ++at_;
    return true;
  }

  bool ReadMessage(const Descriptor& message) {
    if (!Take('{')) return Fail(at_, "{ is expected");
    if (++depth_ > kDeepest) return Fail(at_, "less nesting is expected");
    if (!Take('}')) {
      do {
        if (!ReadMember(message)) return false;
      } while (Take(','));
      if (!Take('}')) return Fail(at_, "a comma or } is expected");
    }
    --depth_;
    return true;
  }

  bool ReadMember(const Descriptor& message) {
    SkipBlanks();
    const size_t start = at_;
    std::string_view name;
    if (!ReadText(name, "the name of a field in double quotes is expected")) return false;
    const FieldDescriptor* field = FieldOf(message, name);
    if (field == nullptr) return Fail(start, UnknownField(message, name));
    path_.push_back(field->json_name());
    if (!Take(':')) return Fail(at_, "a colon is expected");
    if (!(field->is_repeated() ? ReadList(*field) : ReadValue(*field))) return false;
    path_.pop_back();
    return true;
  }

  static const FieldDescriptor* FieldOf(const Descriptor& message, std::string_view name) {
    for (int i = 0; i < message.field_count(); ++i) {
      const FieldDescriptor* field = message.field(i);
      if (field->json_name() == name || field->name() == name) return field;
    }
    return nullptr;
  }

  static std::string UnknownField(const Descriptor& message, std::string_view name) {
    std::vector<std::string> known;
    for (int i = 0; i < message.field_count(); ++i) known.push_back(message.field(i)->json_name());
    const std::string nearest = Nearest(name, known);
    if (!nearest.empty()) return fmt::format("no such field; did you mean \"{}\"?", nearest);
    return fmt::format("no such field; there are {}", fmt::join(known, ", "));
  }

  bool ReadList(const FieldDescriptor& field) {
    if (TakeWord("null")) return true;
    if (!Take('[')) return Fail(at_, "a list in [ ] is expected");
    if (Take(']')) return true;
    const std::string name = path_.back();
    size_t number = 0;
    do {
      path_.back() = fmt::format("{}[{}]", name, number++);
      if (!ReadValue(field)) return false;
    } while (Take(','));
    path_.back() = name;
    return Take(']') || Fail(at_, "a comma or ] is expected");
  }

  bool ReadValue(const FieldDescriptor& field) {
    SkipBlanks();
    if (!field.is_repeated() && TakeWord("null")) return true;
    switch (field.cpp_type()) {
      case FieldDescriptor::CPPTYPE_MESSAGE:
        return ReadSubmessage(*field.message_type());
      case FieldDescriptor::CPPTYPE_ENUM:
        return ReadEnum(*field.enum_type());
      case FieldDescriptor::CPPTYPE_BOOL:
        return TakeWord("true") || TakeWord("false") || Fail(at_, "true or false is expected");
      case FieldDescriptor::CPPTYPE_STRING:
        return ReadString(field);
      default:
        return ReadNumber(field);
    }
  }

  bool ReadSubmessage(const Descriptor& message) {
    const bool is_time = message.full_name() == "google.protobuf.Timestamp";
    if (!is_time && message.full_name() != "google.protobuf.Duration") return ReadMessage(message);
    const std::string_view expected = is_time
                                          ? "a time such as \"2026-11-22T09:30:00Z\" is expected"
                                          : "a number of seconds such as \"86400s\" is expected";
    const size_t start = at_;
    std::string_view text;
    if (!ReadText(text, expected)) return false;
    absl::Time time;
    std::string error;
    double seconds = 0;
    const std::string value(text);
    const bool fits = is_time ? absl::ParseTime(absl::RFC3339_full, value, &time, &error)
                              : !text.empty() && text.back() == 's' &&
                                    absl::SimpleAtod({text.data(), text.size() - 1}, &seconds);
    return fits || Fail(start, expected);
  }

  bool ReadEnum(const google::protobuf::EnumDescriptor& type) {
    std::string expected;
    for (int i = 0; i < type.value_count(); ++i) {
      if (type.value(i)->number() == 0) continue;
      expected += (expected.empty() ? "one of \"" : "\", \"") + type.value(i)->name();
    }
    expected += "\" is expected";
    const size_t start = at_;
    if (!Sees('"')) {
      return Sees('-') || (at_ < text_.size() && absl::ascii_isdigit(text_[at_]))
                 ? ReadDigits(expected)
                 : Fail(at_, expected);
    }
    std::string_view name;
    if (!ReadText(name, expected)) return false;
    for (int i = 0; i < type.value_count(); ++i) {
      if (type.value(i)->name() == name) return true;
    }
    return Fail(start, expected);
  }

  bool ReadString(const FieldDescriptor& field) {
    const bool is_bytes = field.type() == FieldDescriptor::TYPE_BYTES;
    const size_t start = at_;
    std::string_view text;
    if (!ReadText(text, "text in double quotes is expected")) return false;
    std::string bytes;
    const absl::string_view coded(text.data(), text.size());
    return !is_bytes || absl::Base64Unescape(coded, &bytes) ||
           absl::WebSafeBase64Unescape(coded, &bytes) ||
           Fail(start, "bytes as base64 are expected");
  }

  bool ReadDigits(std::string_view expected) {
    const size_t start = at_;
    while (at_ < text_.size() &&
           std::string_view("+-.0123456789eE").find(text_[at_]) != std::string_view::npos) {
      ++at_;
    }
    double value = 0;
    return (at_ > start && absl::SimpleAtod({text_.data() + start, at_ - start}, &value)) ||
           Fail(start, expected);
  }

  bool ReadNumber(const FieldDescriptor& field) {
    const bool is_fraction = field.cpp_type() == FieldDescriptor::CPPTYPE_DOUBLE ||
                             field.cpp_type() == FieldDescriptor::CPPTYPE_FLOAT;
    const bool is_unsigned = field.cpp_type() == FieldDescriptor::CPPTYPE_UINT32 ||
                             field.cpp_type() == FieldDescriptor::CPPTYPE_UINT64;
    const std::string_view expected = is_fraction   ? "a number is expected"
                                      : is_unsigned ? "a whole number, not negative, is expected"
                                                    : "a whole number is expected";
    size_t start = at_;
    size_t end = 0;
    if (Sees('"')) {
      std::string_view quoted;
      if (!ReadText(quoted, expected)) return false;
      ++start;
      end = at_ - 1;
    } else {
      if (!ReadDigits(expected)) return false;
      end = at_;
    }
    const absl::string_view digits(text_.data() + start, end - start);
    double value = 0;
    const bool fits = absl::SimpleAtod(digits, &value) &&
                      (is_fraction || (value == std::trunc(value) && (!is_unsigned || value >= 0)));
    return fits || Fail(start, expected);
  }

  const std::string_view text_;
  size_t at_ = 0;
  int depth_ = 0;
  std::vector<std::string> path_;
  std::string found_;
};

}  // namespace

std::string ExplainMisfit(std::string_view text, const Descriptor& message) {
  return FitReader(text).Explain(message);
}

}  // namespace redress::cli
