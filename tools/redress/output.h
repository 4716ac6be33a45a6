#ifndef REDRESS_TOOLS_REDRESS_OUTPUT_H_
#define REDRESS_TOOLS_REDRESS_OUTPUT_H_

#include <functional>
#include <iosfwd>
#include <string>
#include <string_view>

#include "absl/status/status.h"
#include "google/protobuf/message.h"
#include "tools/redress/table.h"
#include "tools/redress/text_form.h"

namespace redress::cli {

// Whether to colour what goes to `descriptor`, which is stdout or stderr: on a terminal, or where
// CLICOLOR_FORCE asks for it; never when NO_COLOR is set.
bool WantsColour(int descriptor);

// How many columns stdout has: the terminal's, else $COLUMNS; 0 when it has no width.
size_t OutputColumns();

// Where answers go: stdout, as the proto's JSON for programs (one document, or one line for each
// message of a stream) or as text for people. Nothing else is ever written to stdout. With `copy`
// the JSON goes there, too, whichever stdout has: a person sees the table and a script has the ids.
class Output {
 public:
  Output(bool json, bool colour, std::ostream& out, std::ostream* copy = nullptr,
         size_t columns = 0)
      : json_(json), colour_(colour), out_(out), copy_(copy), columns_(columns) {}

  // A whole answer: JSON, or its set fields one to a line, indented as they nest.
  void Message(const google::protobuf::Message& message);
  // The JSON of a whole answer, for which the caller prints its own Lines and tables.
  void Json(const google::protobuf::Message& message);
  // The set fields of a message, for people only: beside Json, where not all of it is to be read.
  void Fields(const google::protobuf::Message& message);
  // The same as Json where the JSON is the caller's own.
  void Document(std::string_view json);
  // One of many, as a line of JSON. For people use Line.
  void JsonLine(const google::protobuf::Message& message);
  // JSON: `message`. People: `table`, or `when_empty` where it has no rows, then a line on how to
  // go on when `next_page_token` is not empty.
  void List(const google::protobuf::Message& message, const Table& table,
            std::string_view when_empty, std::string_view next_page_token);
  // For people only; nothing in JSON.
  void PrintTable(const Table& table);
  void Line(std::string_view text, Colour colour = Colour::kNone);
  // One value that is the whole answer, such as a token: for people alone on a line, in JSON as an
  // object that has it under `name`.
  void Value(std::string_view name, std::string_view value);
  // What is neither JSON nor text for people, such as a script: with either output.
  void Raw(std::string_view text);

 private:
  const bool json_;
  const bool colour_;
  std::ostream& out_;
  std::ostream* const copy_;  // Null: none.
  const size_t columns_;
};

// What went wrong, for stderr: code and reason, message, then one line for each wrong field and the
// metadata that a reason has. `option_of` names what was typed for a field of the request, "" where
// nothing was; null where nobody typed anything.
void PrintError(const absl::Status& status, std::ostream& err, bool colour,
                const std::function<std::string(std::string_view)>& option_of = nullptr);

// 0 done, 1 refused by the service, 2 wrong use, 3 unreachable.
int ExitCode(const absl::Status& status);
inline constexpr int kUnreachable = 3;

// Marks a status as wrong use of the command itself.
absl::Status UsageError(std::string_view text);

}  // namespace redress::cli

#endif  // REDRESS_TOOLS_REDRESS_OUTPUT_H_
