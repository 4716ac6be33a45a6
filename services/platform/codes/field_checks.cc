#include "services/platform/codes/field_checks.h"

#include <string>

#include "fmt/format.h"
#include "services/platform/codes/utf8.h"

namespace redress {

void CheckText(std::string_view field, std::string_view text, size_t most_bytes,
               FieldViolations& violations) {
  if (text.size() > most_bytes) {
    violations.Add(field, fmt::format("has {} bytes; at most {}", text.size(), most_bytes));
  } else if (!IsValidUtf8(text) || HasControlCharacters(text)) {
    violations.Add(field, "has to be UTF-8 without control characters");
  }
}

void CheckCode(std::string_view field, std::string_view code, const CodeList& list,
               FieldViolations& violations) {
  if (!code.empty() && !list.Contains(code)) violations.AddValue(field, code, list.Accepted());
}

size_t ReadPageSize(std::string_view field, int32_t asked, FieldViolations& violations) {
  if (asked == 0) return kDefaultPageSize;
  if (asked > 0 && asked <= static_cast<int32_t>(kMaxPageSize)) return static_cast<size_t>(asked);
  violations.AddValue(field, std::to_string(asked),
                      fmt::format("0 (for {}) to {}", kDefaultPageSize, kMaxPageSize));
  return kDefaultPageSize;
}

}  // namespace redress
