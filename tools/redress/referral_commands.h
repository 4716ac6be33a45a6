#ifndef REDRESS_TOOLS_REDRESS_REFERRAL_COMMANDS_H_
#define REDRESS_TOOLS_REDRESS_REFERRAL_COMMANDS_H_

#include "tools/redress/commands.h"

namespace redress::cli {

// The verbs of the home side (refer, answer, answer-proposal, recall, requeue, update) and of the
// receiver's (acknowledge, accept, decline, ask, forward, start, step, hold, resume, propose,
// withdraw-proposal, conclude).
void AddHomeSideCommands(Commands& commands, CLI::App* group);
void AddReceiverCommands(Commands& commands, CLI::App* group);

}  // namespace redress::cli

#endif  // REDRESS_TOOLS_REDRESS_REFERRAL_COMMANDS_H_
