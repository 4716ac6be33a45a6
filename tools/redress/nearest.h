#ifndef REDRESS_TOOLS_REDRESS_NEAREST_H_
#define REDRESS_TOOLS_REDRESS_NEAREST_H_

#include <string>
#include <string_view>
#include <vector>

namespace redress::cli {

// The one of `known` that `word` was probably meant to be: the fewest letters changed, added, left
// out or swapped, case and "-" or "_" aside; or the only one that begins with it. Empty when none
// is near.
std::string Nearest(std::string_view word, const std::vector<std::string>& known);

}  // namespace redress::cli

#endif  // REDRESS_TOOLS_REDRESS_NEAREST_H_
