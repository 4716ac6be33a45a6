#ifndef REDRESS_SERVICES_PLATFORM_CODES_NORMAL_NAME_H_
#define REDRESS_SERVICES_PLATFORM_CODES_NORMAL_NAME_H_

#include <string>
#include <string_view>

namespace redress {

// Lower case (ASCII), punctuation dropped, words sorted, and forms of companies left out, so that
// "KILANG JAYA SDN. BHD." and "Jaya Kilang" are one. Letters of other scripts stay as they are.
// Hashes of what this gives are stored: a change of the rule finds nothing that was stored before.
std::string NormaliseName(std::string_view name);

}  // namespace redress

#endif  // REDRESS_SERVICES_PLATFORM_CODES_NORMAL_NAME_H_
