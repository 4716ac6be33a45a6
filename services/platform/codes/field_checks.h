#ifndef REDRESS_SERVICES_PLATFORM_CODES_FIELD_CHECKS_H_
#define REDRESS_SERVICES_PLATFORM_CODES_FIELD_CHECKS_H_

#include <cstddef>
#include <cstdint>
#include <string_view>

#include "services/platform/codes/code_list.h"
#include "services/platform/status/field_violations.h"

namespace redress {

// Checks of fields that requests of every service have. What is wrong goes to `violations`, so that
// one answer names all of it.

// Words a person wrote: at most `most_bytes` of UTF-8 without control characters. Never quoted.
void CheckText(std::string_view field, std::string_view text, size_t most_bytes,
               FieldViolations& violations);

// A code of the list; the empty one is accepted, for filters and optional fields.
void CheckCode(std::string_view field, std::string_view code, const CodeList& list,
               FieldViolations& violations);

// Rows of a page: 0 asks for the default, everything else is meant as it stands.
inline constexpr size_t kDefaultPageSize = 50;
inline constexpr size_t kMaxPageSize = 200;
size_t ReadPageSize(std::string_view field, int32_t asked, FieldViolations& violations);

}  // namespace redress

#endif  // REDRESS_SERVICES_PLATFORM_CODES_FIELD_CHECKS_H_
