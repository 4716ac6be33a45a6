#ifndef REDRESS_SERVICES_PLATFORM_TELEMETRY_LOG_H_
#define REDRESS_SERVICES_PLATFORM_TELEMETRY_LOG_H_

#include <cstdint>
#include <functional>
#include <initializer_list>
#include <string>
#include <string_view>
#include <variant>

#include "absl/base/thread_annotations.h"
#include "absl/status/status.h"
#include "absl/synchronization/mutex.h"
#include "absl/time/time.h"
#include "services/platform/time/clock.h"

namespace redress::telemetry {

enum class Level : uint8_t { kDebug, kInfo, kWarning, kError };
std::string_view LevelName(Level level);

// A name written in the source: it can be made of a string literal only, so that nothing a person
// typed becomes the text of a log line.
class Literal {
 public:
  template <size_t kSize>
  consteval Literal(const char (&text)[kSize])  // NOLINT(google-explicit-constructor)
      : text_(text, kSize - 1) {}
  constexpr std::string_view view() const { return text_; }

 private:
  std::string_view text_;
};

// One typed value of a log line. There is none for free text. Ids and codes are up to 80 of
// A-Z a-z 0-9 . _ : / - and anything else is logged as "?", so a name or a phone number that comes
// here by mistake does not get out.
class Field {
 public:
  static Field Id(Literal name, std::string_view id);      // A case number, a body, a commit's id.
  static Field Code(Literal name, std::string_view code);  // A state, a verb, a reason.
  static Field Count(Literal name, uint64_t count);
  static Field Number(Literal name, double number);
  static Field Flag(Literal name, bool flag);
  static Field Millis(Literal name, absl::Duration duration);  // name should end in _ms
  static Field At(Literal name, absl::Time time);
  // The code and, when it has one, the refusal's reason. Never the message, but that of an error of
  // the disk (status/disk_error.h), which is shown as below.
  static Field Result(Literal name, const absl::Status& status);
  // The whole message, for errors about flags, files, keys and sockets only, which an operator has
  // to read and no caller has a say in. At most 500 bytes.
  static Field OperatorError(Literal name, const absl::Status& status);

  Literal name() const { return name_; }
  using Value = std::variant<std::string, uint64_t, double, bool>;
  const Value& value() const { return value_; }

 private:
  Field(Literal name, Value value) : name_(name), value_(std::move(value)) {}

  Literal name_;
  Value value_;
};

// Writes one JSON object a line:
//
//   {"ts":"2026-11-22T08:00:00.123456Z","level":"info","node":"kh","service":"intake",
//    "event":"commit.slow","batch":64,"took_ms":41.2}
//
//   log.Info("commit.slow", {Field::Count("batch", size), Field::Millis("took_ms", took)});
//
// Thread-safe; a line is never torn. Personal data has no place here: no person ids, no tracking
// codes, no member ids beside a case number.
class Logger {
 public:
  using Sink = std::function<void(std::string_view line)>;  // The line with its end.

  struct Options {
    std::string node;     // "kh"; empty for a tool
    std::string service;  // "intake"
    Level at_least = Level::kInfo;
  };

  // To standard error. `clock` outlives this.
  Logger(Options options, const Clock& clock);
  Logger(Options options, const Clock& clock, Sink sink);

  void Debug(Literal event, std::initializer_list<Field> fields = {});
  void Info(Literal event, std::initializer_list<Field> fields = {});
  void Warning(Literal event, std::initializer_list<Field> fields = {});
  void Error(Literal event, std::initializer_list<Field> fields = {});
  void Write(Level level, Literal event, std::initializer_list<Field> fields);

  bool IsOn(Level level) const { return level >= options_.at_least; }

 private:
  const Options options_;
  const Clock& clock_;
  absl::Mutex mutex_;
  Sink sink_ ABSL_GUARDED_BY(mutex_);
};

}  // namespace redress::telemetry

#endif  // REDRESS_SERVICES_PLATFORM_TELEMETRY_LOG_H_
