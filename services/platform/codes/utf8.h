#ifndef REDRESS_SERVICES_PLATFORM_CODES_UTF8_H_
#define REDRESS_SERVICES_PLATFORM_CODES_UTF8_H_

#include <string_view>

namespace redress {

// True for well-formed UTF-8 (RFC 3629): no stray or missing continuation bytes, no overlong form,
// no surrogate, nothing above U+10FFFF. The empty text is well-formed.
bool IsValidUtf8(std::string_view text);

// True when `text` holds a control character other than tab, line feed and carriage return: what no
// person types, and what would garble a terminal.
bool HasControlCharacters(std::string_view text);

}  // namespace redress

#endif  // REDRESS_SERVICES_PLATFORM_CODES_UTF8_H_
