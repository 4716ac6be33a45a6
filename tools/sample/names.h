#ifndef REDRESS_TOOLS_SAMPLE_NAMES_H_
#define REDRESS_TOOLS_SAMPLE_NAMES_H_

#include <string>
#include <string_view>

#include "services/platform/ids/random.h"

namespace redress::sample {

// Invented people and firms. A name is put together at random from common parts, so that it is
// plausible for the country and nobody's in particular.

// A person of that nationality, in the order in which the country says it; for some countries now
// and then in its own script. `sex` is a code of intake; OTHER and UNKNOWN draw from either list.
std::string InventPerson(std::string_view nationality, std::string_view sex, RandomSource& random);

// True when there are name lists for the country.
bool HasNames(std::string_view nationality);

// An employer, "Golden Lotus Industries Sdn Bhd": the ending is the country's.
std::string InventFirm(std::string_view country, RandomSource& random);

// A recruitment agency.
std::string InventAgency(std::string_view country, RandomSource& random);

}  // namespace redress::sample

#endif  // REDRESS_TOOLS_SAMPLE_NAMES_H_
