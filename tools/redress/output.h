#ifndef REDRESS_TOOLS_REDRESS_OUTPUT_H_
#define REDRESS_TOOLS_REDRESS_OUTPUT_H_

#include <iosfwd>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/status.h"
#include "google/protobuf/message.h"

namespace redress::cli {

enum class Colour { kNone, kGreen, kYellow, kRed, kBold, kDim };

// Whether to colour what goes to stdout: only on a terminal, and not when NO_COLOR is set.
bool WantsColour();

// How many columns `text` takes on a terminal; combining marks take none, wide characters two.
size_t DisplayWidth(std::string_view text);

// A table for people: columns as wide as they need be, two blanks between, a heading in bold.
class Table {
 public:
  explicit Table(std::vector<std::string> heading) : heading_(std::move(heading)) {}
  void AddRow(std::vector<std::string> row, Colour colour = Colour::kNone) {
    rows_.push_back({std::move(row), colour});
  }
  bool empty() const { return rows_.empty(); }
  void Print(std::ostream& out, bool colour) const;

 private:
  struct Row {
    std::vector<std::string> cells;
    Colour colour;
  };
  std::vector<std::string> heading_;
  std::vector<Row> rows_;
};

// Where answers go: stdout, as the proto's JSON for programs (one document, or one line for each
// message of a stream) or as text for people. Nothing else is ever written to stdout.
class Output {
 public:
  Output(bool json, bool colour, std::ostream& out) : json_(json), colour_(colour), out_(out) {}

  bool json() const { return json_; }

  // A whole answer: JSON, or its set fields one to a line, indented as they nest.
  void Message(const google::protobuf::Message& message);
  // One of many, as a line of JSON. For people use Line.
  void JsonLine(const google::protobuf::Message& message);
  // JSON: `message`. People: `table`, or `when_empty` where it has no rows, then a line on how to
  // go on when `next_page_token` is not empty.
  void List(const google::protobuf::Message& message, const Table& table,
            std::string_view when_empty, std::string_view next_page_token);
  // For people only; nothing in JSON.
  void PrintTable(const Table& table);
  void Line(std::string_view text, Colour colour = Colour::kNone);
  // Plain text that is the answer itself, such as a token: with either output.
  void Raw(std::string_view text);

 private:
  const bool json_;
  const bool colour_;
  std::ostream& out_;
};

// "2026-11-22 09:30" in UTC; "-" for none.
std::string ShowTime(const google::protobuf::Message& timestamp);

// An enum's name without its prefix: CASE_STATE_OPEN is "OPEN".
template <class Enum>
std::string ShowEnum(Enum value);
std::string WithoutEnumPrefix(std::string_view name, std::string_view type);

// What went wrong, for stderr: code and reason, message, then one line for each wrong field and the
// metadata that a reason has.
void PrintError(const absl::Status& status, std::ostream& err, bool colour);

// 0 done, 1 refused by the service, 2 wrong use, 3 unreachable.
int ExitCode(const absl::Status& status);

// Marks a status as wrong use of the command itself.
absl::Status UsageError(std::string_view text);

template <class Enum>
std::string ShowEnum(Enum value) {
  const auto* descriptor = google::protobuf::GetEnumDescriptor<Enum>();
  const auto* found = descriptor->FindValueByNumber(static_cast<int>(value));
  return found == nullptr ? std::to_string(static_cast<int>(value))
                          : WithoutEnumPrefix(found->name(), descriptor->name());
}

}  // namespace redress::cli

#endif  // REDRESS_TOOLS_REDRESS_OUTPUT_H_
