#include "services/platform/telemetry/log.h"

#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <optional>
#include <utility>

#include "nlohmann/json.hpp"
#include "services/platform/status/disk_error.h"
#include "services/platform/status/refusal.h"

namespace redress::telemetry {
namespace {

constexpr size_t kMaxWord = 80;
constexpr size_t kMaxOperatorText = 500;
constexpr char kTimeFormat[] = "%Y-%m-%dT%H:%M:%E6SZ";

bool IsWord(std::string_view text) {
  return text.size() <= kMaxWord && std::all_of(text.begin(), text.end(), [](char c) {
           return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') ||
                  c == '.' || c == '_' || c == ':' || c == '/' || c == '-';
         });
}

std::string Word(std::string_view text) { return IsWord(text) ? std::string(text) : "?"; }

std::string TimeText(absl::Time time) {
  return absl::FormatTime(kTimeFormat, time, absl::UTCTimeZone());
}

void WriteToStandardError(std::string_view line) {
  while (!line.empty()) {
    const ssize_t count = ::write(STDERR_FILENO, line.data(), line.size());
    if (count < 0 && errno == EINTR) continue;
    if (count <= 0) return;  // Nobody to tell.
    line.remove_prefix(static_cast<size_t>(count));
  }
}

}  // namespace

std::string_view LevelName(Level level) {
  switch (level) {
    case Level::kDebug:
      return "debug";
    case Level::kInfo:
      return "info";
    case Level::kWarning:
      return "warning";
    case Level::kError:
      return "error";
  }
  return "";
}

Field Field::Id(Literal name, std::string_view id) { return Field(name, Word(id)); }
Field Field::Code(Literal name, std::string_view code) { return Field(name, Word(code)); }
Field Field::Count(Literal name, uint64_t count) { return Field(name, count); }
Field Field::Number(Literal name, double number) { return Field(name, number); }
Field Field::Flag(Literal name, bool flag) { return Field(name, flag); }
Field Field::Millis(Literal name, absl::Duration duration) {
  return Field(name, absl::ToDoubleMilliseconds(duration));
}
Field Field::At(Literal name, absl::Time time) { return Field(name, TimeText(time)); }

Field Field::Result(Literal name, const absl::Status& status) {
  if (IsDiskError(status)) return OperatorError(name, status);
  std::string text = absl::StatusCodeToString(status.code());
  if (const std::optional<Refusal> refusal = GetRefusal(status); refusal.has_value()) {
    text += "/" + refusal->reason;
  }
  return Field(name, Word(text));
}

Field Field::OperatorError(Literal name, const absl::Status& status) {
  return Field(
      name,
      status.ToString(absl::StatusToStringMode::kWithNoExtraData).substr(0, kMaxOperatorText));
}

Logger::Logger(Options options, const Clock& clock)
    : Logger(std::move(options), clock, WriteToStandardError) {}

Logger::Logger(Options options, const Clock& clock, Sink sink)
    : options_(std::move(options)), clock_(clock), sink_(std::move(sink)) {}

void Logger::Debug(Literal event, std::initializer_list<Field> fields) {
  Write(Level::kDebug, event, fields);
}
void Logger::Info(Literal event, std::initializer_list<Field> fields) {
  Write(Level::kInfo, event, fields);
}
void Logger::Warning(Literal event, std::initializer_list<Field> fields) {
  Write(Level::kWarning, event, fields);
}
void Logger::Error(Literal event, std::initializer_list<Field> fields) {
  Write(Level::kError, event, fields);
}

void Logger::Write(Level level, Literal event, std::initializer_list<Field> fields) {
  if (!IsOn(level)) return;
  nlohmann::ordered_json line;
  line["ts"] = TimeText(clock_.Now());
  line["level"] = LevelName(level);
  if (!options_.node.empty()) line["node"] = options_.node;
  line["service"] = options_.service;
  line["event"] = event.view();
  for (const Field& field : fields) {
    std::visit([&](const auto& value) { line[std::string(field.name().view())] = value; },
               field.value());
  }
  // Replaces what is not UTF-8 instead of throwing; escapes quotes, line ends and control bytes.
  const std::string text =
      line.dump(-1, ' ', false, nlohmann::ordered_json::error_handler_t::replace) + "\n";
  absl::MutexLock lock(&mutex_);
  sink_(text);
}

}  // namespace redress::telemetry
