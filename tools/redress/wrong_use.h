#ifndef REDRESS_TOOLS_REDRESS_WRONG_USE_H_
#define REDRESS_TOOLS_REDRESS_WRONG_USE_H_

#include <string>
#include <string_view>

#include "CLI/CLI.hpp"

namespace redress::cli {

// What to tell somebody whose command line was not understood: the word that is no command, or no
// option, with the nearest that there is, else the parser's own words; then where the help is.
// `app` has tried to parse it.
std::string ExplainWrongUse(const CLI::App& app, const CLI::ParseError& error);

// What was typed of `command` for a field of its request: "--amount" for
// "entries[0].amount.amount". Empty where no option gives that field, as for what came out of a
// file.
std::string OptionForField(const CLI::App& command, std::string_view field);

}  // namespace redress::cli

#endif  // REDRESS_TOOLS_REDRESS_WRONG_USE_H_
