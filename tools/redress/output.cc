#include "tools/redress/output.h"

#include <sys/ioctl.h>
#include <unistd.h>

#include <cstdlib>
#include <ostream>

#include "absl/strings/cord.h"
#include "absl/strings/numbers.h"
#include "fmt/format.h"
#include "google/protobuf/util/json_util.h"
#include "nlohmann/json.hpp"
#include "services/platform/status/field_violations.h"
#include "services/platform/status/refusal.h"

namespace redress::cli {
namespace {

using google::protobuf::Message;

constexpr char kUsageMark[] = "redress/usage";

std::string JsonOf(const Message& message, bool pretty) {
  google::protobuf::util::JsonPrintOptions options;
  options.add_whitespace = pretty;
  std::string text;
  const auto status = google::protobuf::util::MessageToJsonString(message, &text, options);
  return status.ok() ? text : "{}";
}

bool IsSet(const char* name) {
  const char* value = std::getenv(name);
  return value != nullptr && *value != '\0';
}

}  // namespace

bool WantsColour(int descriptor) {
  if (IsSet("NO_COLOR")) return false;
  return IsSet("CLICOLOR_FORCE") || isatty(descriptor) != 0;
}

size_t OutputColumns() {
  winsize size{};
  if (ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) == 0) return size.ws_col;
  const char* columns = std::getenv("COLUMNS");
  int width = 0;
  return columns != nullptr && absl::SimpleAtoi(columns, &width) && width > 0
             ? static_cast<size_t>(width)
             : 0;
}

void Output::Message(const google::protobuf::Message& message) {
  Json(message);
  Fields(message);
}

void Output::Fields(const google::protobuf::Message& message) {
  if (!json_) PrintFields(message, out_);
}

void Output::Json(const google::protobuf::Message& message) {
  if (!json_ && copy_ == nullptr) return;
  const std::string json = JsonOf(message, /*pretty=*/true);
  if (json_) out_ << json;
  if (copy_ != nullptr) *copy_ << json << std::flush;
}

void Output::Document(std::string_view json) {
  if (json_) out_ << json << "\n";
  if (copy_ != nullptr) *copy_ << json << std::endl;
}

void Output::JsonLine(const google::protobuf::Message& message) {
  if (json_ || copy_ != nullptr) Document(JsonOf(message, /*pretty=*/false));
  if (json_) out_ << std::flush;
}

void Output::List(const google::protobuf::Message& message, const Table& table,
                  std::string_view when_empty, std::string_view next_page_token) {
  Json(message);
  if (json_) return;
  if (!table.empty()) {
    table.Print(out_, colour_, columns_);
  } else {
    // A page may be short, even empty, while others follow: it ends with the work of a call.
    out_ << (next_page_token.empty() ? when_empty : "None on this page.") << "\n";
  }
  if (!next_page_token.empty()) {
    out_ << Painted(fmt::format("More: add --page-token {}, or --all", next_page_token),
                    Colour::kDim, colour_)
         << "\n";
  }
}

void Output::PrintTable(const Table& table) {
  if (!json_) table.Print(out_, colour_, columns_);
}

void Output::Line(std::string_view text, Colour colour) {
  if (!json_) out_ << Painted(Harmless(text), colour, colour_) << "\n";
}

void Output::Value(std::string_view name, std::string_view value) {
  Document(nlohmann::json({{std::string(name), std::string(value)}}).dump());
  if (!json_) out_ << value << "\n";
}

void Output::Raw(std::string_view text) { out_ << text << "\n"; }

void PrintError(const absl::Status& status, std::ostream& err, bool colour,
                const std::function<std::string(std::string_view)>& option_of) {
  if (status.GetPayload(kUsageMark).has_value()) {
    err << Painted("redress", Colour::kRed, colour) << ": "
        << Harmless(std::string(status.message())) << "\n";
    return;
  }
  const auto refusal = GetRefusal(status);
  const std::string code = absl::StatusCodeToString(status.code());
  err << Painted(refusal.has_value() ? fmt::format("{} {}", code, refusal->reason) : code,
                 Colour::kRed, colour);
  const auto violations = GetFieldViolations(status);
  if (violations.empty()) err << ": " << Harmless(std::string(status.message()));
  err << "\n";
  for (const FieldViolation& violation : violations) {
    const std::string option = option_of == nullptr ? "" : option_of(violation.field);
    const std::string field = Harmless(violation.field);
    err << "  " << (option.empty() ? field : fmt::format("{} ({})", option, field)) << ": "
        << Harmless(violation.problem) << "\n";
  }
  if (!refusal.has_value()) return;
  for (const auto& [key, value] : refusal->metadata) {
    err << "  " << Harmless(key) << ": " << Harmless(value) << "\n";
  }
}

int ExitCode(const absl::Status& status) {
  if (status.ok()) return 0;
  if (status.GetPayload(kUsageMark).has_value()) return 2;
  // The command cancels nothing itself: a service that stops ends a call so that it has not taken.
  const bool unreachable = status.code() == absl::StatusCode::kUnavailable ||
                           status.code() == absl::StatusCode::kCancelled ||
                           status.code() == absl::StatusCode::kDeadlineExceeded;
  return unreachable ? kUnreachable : 1;
}

absl::Status UsageError(std::string_view text) {
  absl::Status status = absl::InvalidArgumentError(std::string(text));
  status.SetPayload(kUsageMark, absl::Cord("1"));
  return status;
}

}  // namespace redress::cli
