#ifndef REDRESS_TOOLS_REDRESS_FILING_COMMANDS_H_
#define REDRESS_TOOLS_REDRESS_FILING_COMMANDS_H_

#include "tools/redress/commands.h"

namespace redress::cli {

// `complaint file`, `complaint import` and `complaint similar`.
void AddFilingCommands(Commands& commands, CLI::App* group);

}  // namespace redress::cli

#endif  // REDRESS_TOOLS_REDRESS_FILING_COMMANDS_H_
