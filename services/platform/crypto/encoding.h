#ifndef REDRESS_SERVICES_PLATFORM_CRYPTO_ENCODING_H_
#define REDRESS_SERVICES_PLATFORM_CRYPTO_ENCODING_H_

#include <optional>
#include <string>
#include <string_view>

namespace redress::crypto {

// base64url without padding (RFC 4648 §5). Decoding is strict: one text per value, so padding,
// blanks, the other alphabet and stray trailing bits give nullopt.
std::string Base64UrlEncode(std::string_view bytes);
std::optional<std::string> Base64UrlDecode(std::string_view text);

// Lower-case hexadecimal. Decoding accepts lower case only.
std::string HexEncode(std::string_view bytes);
std::optional<std::string> HexDecode(std::string_view text);

// In a time that does not depend on where they differ (it does on the lengths).
bool EqualConstantTime(std::string_view a, std::string_view b);

}  // namespace redress::crypto

#endif  // REDRESS_SERVICES_PLATFORM_CRYPTO_ENCODING_H_
